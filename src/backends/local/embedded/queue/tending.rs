//! Who does what is to be done beside the writes, and who waits for it.

use std::sync::{Arc, atomic::Ordering};

use super::{Command, Queue};
use crate::{
    backends::local::embedded::{
        error::closed,
        snapshot::Snapshot,
        tend::{self, Change, Job, Urgency},
    },
    blocking::runtime,
    error::{Error, ErrorKind, Result},
    sync::lock,
};

impl Queue {
    /// What is to be done beside the writes.
    fn due(&self) -> Option<(Arc<Snapshot>, Job)> {
        let snapshot = self.published.now();
        let urgency = if self.awaited.load(Ordering::Relaxed) > 0 {
            Urgency::Awaited
        } else if lock(&self.line).asked == 0 {
            Urgency::Idle
        } else {
            Urgency::Writing
        };
        let job = tend::plan(&snapshot.state, urgency)?;
        (!self.closed.load(Ordering::Relaxed)).then_some((snapshot, job))
    }

    /// Has somebody do what is to be done beside the writes, unless somebody does.
    pub(in super::super) fn tend(self: &Arc<Self>) {
        if self.due().is_some()
            && !self.tending.swap(true, Ordering::AcqRel)
            && let Ok(runtime) = runtime()
        {
            let tending = Tending(Arc::clone(self));
            runtime.spawn_blocking(move || tending.work());
        }
    }

    /// Waits until nothing is left to be done beside the writes.
    pub(in super::super) async fn rest(self: &Arc<Self>) -> Result<()> {
        let _awaited = Awaited::new(self);
        loop {
            let rest = self.rest.notified();
            tokio::pin!(rest);
            rest.as_mut().enable();
            self.tend();
            if !self.tending.load(Ordering::Acquire) {
                return lock(&self.tended).clone();
            }
            rest.await;
            lock(&self.tended).clone()?;
        }
    }
}

/// Somebody waits for what is done beside the writes.
struct Awaited<'a>(&'a Queue);

impl<'a> Awaited<'a> {
    fn new(queue: &'a Queue) -> Self {
        queue.awaited.fetch_add(1, Ordering::Relaxed);
        Self(queue)
    }
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        self.0.awaited.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does what is to be done beside the writes. However it ends, somebody else may begin.
struct Tending(Arc<Queue>);

impl Tending {
    fn work(self) {
        let mut outcome = Ok(());
        while outcome.is_ok()
            && let Some((snapshot, job)) = self.0.due()
        {
            let changes = job.prepare(&snapshot, &self.0.closed);
            outcome =
                changes.and_then(|changes| changes.into_iter().try_for_each(|change| self.commit(change)));
        }
        if let Err(error) = &outcome {
            tracing::debug!(%error, "codes are not in order yet; the next write tries again");
        }
        *lock(&self.0.tended) = outcome;
    }

    /// Has the writer put a change in its place, between the writes that wait.
    fn commit(&self, change: Change) -> Result<()> {
        let answer = self.0.enqueue(|answer| Command::Settle(Box::new(change), answer))?;
        answer.blocking_recv().unwrap_or_else(|_| Err(closed()))
    }
}

impl Drop for Tending {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *lock(&self.0.tended) = Err(Error::new(ErrorKind::Internal, "putting codes in order panicked"));
        }
        self.0.tending.store(false, Ordering::Release);
        self.0.rest.notify_waiters();
    }
}
