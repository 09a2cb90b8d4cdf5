//! Many small calls made into fewer large ones, without waiting for company.

use std::{collections::VecDeque, sync::Mutex};

use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use crate::{
    error::{Error, ErrorKind, Result},
    sync::lock,
};

/// Gathers items while calls run, and sends what is there as soon as one may begin.
#[derive(Debug)]
pub(super) struct Batcher<I, O> {
    waiting: Mutex<VecDeque<(I, oneshot::Sender<Result<O>>)>>,
    calls: Semaphore,
    most: usize,
}

impl<I, O> Batcher<I, O> {
    /// At most `calls` calls at once with at most `most` items each.
    pub(super) fn new(calls: usize, most: usize) -> Self {
        Self { waiting: Mutex::default(), calls: Semaphore::new(calls.max(1)), most: most.max(1) }
    }

    /// The result for `item`. Whoever may begin a call takes everybody's items along: `call` gives one
    /// result per item, in order.
    pub(super) async fn submit<F>(&self, item: I, call: impl Fn(Vec<I>) -> F) -> Result<O>
    where
        F: Future<Output = Result<Vec<Result<O>>>>,
    {
        if let Some(_permit) = self.at_once() {
            return call(vec![item]).await?.into_iter().next().unwrap_or_else(|| Err(lost()));
        }
        let (sender, mut receiver) = oneshot::channel();
        lock(&self.waiting).push_back((item, sender));
        loop {
            let permit = tokio::select! {
                biased;
                result = &mut receiver => return result.unwrap_or_else(|_| Err(lost())),
                permit = self.calls.acquire() => permit,
            };
            let (items, senders) = self.take();
            if items.is_empty() {
                // Somebody took this item along: its result is on the way.
                drop(permit);
                return receiver.await.unwrap_or_else(|_| Err(lost()));
            }
            deliver(senders, call(items).await);
            drop(permit);
        }
    }

    /// A permit where one is free and nobody waits, so that there is no company to take along.
    fn at_once(&self) -> Option<SemaphorePermit<'_>> {
        let permit = self.calls.try_acquire().ok()?;
        lock(&self.waiting).is_empty().then_some(permit)
    }

    fn take(&self) -> (Vec<I>, Vec<oneshot::Sender<Result<O>>>) {
        let mut waiting = lock(&self.waiting);
        let count = waiting.len().min(self.most);
        waiting.drain(..count).unzip()
    }
}

fn deliver<O>(senders: Vec<oneshot::Sender<Result<O>>>, results: Result<Vec<Result<O>>>) {
    let (mut results, failed) = match results {
        Ok(results) => (results.into_iter(), None),
        Err(error) => (Vec::new().into_iter(), Some(error)),
    };
    for sender in senders {
        let otherwise = || Err(failed.clone().unwrap_or_else(lost));
        let _ = sender.send(results.next().unwrap_or_else(otherwise));
    }
}

fn lost() -> Error {
    Error::new(ErrorKind::Internal, "the batch has no result for this item")
}
