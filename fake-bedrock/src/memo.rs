//! Answers that are always the same, kept: a bench then measures the caller and not this server.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use crate::{call::Answer, callers::lock};

/// The most bytes of answers that are kept; the oldest go first.
const KEPT_BYTES: usize = 64 << 20;

/// Operation, model as it was written, hash of the body.
pub(crate) type Key = (&'static str, String, String);

#[derive(Debug, Default)]
pub(crate) struct Memo(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    answers: HashMap<Key, Arc<Answer>>,
    order: VecDeque<Key>,
    bytes: usize,
}

impl Memo {
    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Answer>> {
        lock(&self.0).answers.get(key).map(Arc::clone)
    }

    pub(crate) fn put(&self, key: Key, answer: &Arc<Answer>) {
        let mut kept = lock(&self.0);
        kept.bytes += answer.body.len();
        if let Some(before) = kept.answers.insert(key.clone(), Arc::clone(answer)) {
            kept.bytes -= before.body.len();
            return;
        }
        kept.order.push_back(key);
        while kept.bytes > KEPT_BYTES
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.bytes -= kept.answers.remove(&oldest).map_or(0, |answer| answer.body.len());
        }
    }
}
