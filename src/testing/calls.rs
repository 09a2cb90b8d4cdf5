//! What was called, for assertions.

use std::{
    any::Any,
    fmt,
    sync::{Arc, Mutex},
};

use crate::{roles::Request, sync::lock};

/// What a [`Scripted`](super::Scripted) was called with so far. All clones show the same.
#[derive(Clone, Debug, Default)]
pub struct Calls(Arc<Mutex<Log>>);

#[derive(Default)]
struct Log {
    operations: Vec<&'static str>,
    requests: Vec<Box<dyn Any + Send>>,
    in_flight: usize,
    most_at_once: usize,
    abandoned: usize,
}

impl Calls {
    /// How many calls began.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.0).operations.len()
    }

    /// The operations, such as `chat` or `upsert`, in the order they began.
    #[must_use]
    pub fn operations(&self) -> Vec<&'static str> {
        lock(&self.0).operations.clone()
    }

    /// The requests of one type, in the order they came.
    #[must_use]
    pub fn requests<Q: Request>(&self) -> Vec<Q> {
        lock(&self.0).requests.iter().filter_map(|request| request.downcast_ref::<Q>().cloned()).collect()
    }

    /// How many calls run now.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        lock(&self.0).in_flight
    }

    /// The most calls that ran at the same time.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        lock(&self.0).most_at_once
    }

    /// How many calls were dropped before they had an answer.
    #[must_use]
    pub fn abandoned(&self) -> usize {
        lock(&self.0).abandoned
    }

    pub(super) fn begin<Q: Request>(&self, request: &Q) -> Running {
        let mut log = lock(&self.0);
        log.operations.push(Q::OPERATION);
        log.requests.push(Box::new(request.clone()));
        log.in_flight += 1;
        log.most_at_once = log.most_at_once.max(log.in_flight);
        Running { calls: self.clone(), ended: false }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("operations", &self.operations).finish_non_exhaustive()
    }
}

/// A call that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    calls: Calls,
    ended: bool,
}

impl Running {
    pub(super) fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut log = lock(&self.calls.0);
        log.in_flight -= 1;
        log.abandoned += usize::from(!self.ended);
    }
}
