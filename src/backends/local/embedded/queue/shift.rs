//! Working the line off: one commit after another, until nobody waits.

use std::sync::Arc;

use super::{Command, Line, Queue};
use crate::{
    backends::local::embedded::{compact::Waste, writer::Writer},
    error::Result,
    sync::lock,
};

/// Works the line off. However it ends, the line is free for the next.
pub(super) struct Shift {
    queue: Arc<Queue>,
    /// The line was given up in order.
    done: bool,
}

impl Shift {
    pub(super) fn new(queue: Arc<Queue>) -> Self {
        Self { queue, done: false }
    }

    pub(super) fn work(mut self) {
        while !self.done {
            let group = self.queue.next();
            let mut writer = lock(&self.queue.writer);
            let Some(writer) = writer.as_mut() else { return };
            let (idle, asked) = (group.is_empty(), group.iter().filter(|command| command.asked()).count());
            let good = carry_out(writer, group);
            let more = good && compact_some(writer);
            self.done = idle && !more && self.queue.give_up();
            if asked > 0 {
                self.queue.done(asked);
            }
            if asked > 0 && good || more {
                self.queue.tend();
            }
        }
    }
}

impl Drop for Shift {
    fn drop(&mut self) {
        // After a panic or the end of the runtime, whoever still waits is told by the dropped sender.
        if !self.done {
            *lock(&self.queue.line) = Line::default();
        }
    }
}

/// Does what a group asks for and says how it went. Nobody may wait for an answer any more, so sending one may
/// fail. False after a failed commit.
fn carry_out(writer: &mut Writer, group: Vec<Command>) -> bool {
    let (mut operations, mut waiting) = (Vec::new(), Vec::new());
    for command in group {
        match command {
            Command::Create(collection, answer) => drop(answer.send(writer.create(collection))),
            Command::Compact(answer) => drop(answer.send(compact(writer))),
            Command::Settle(change, answer) => drop(answer.send(writer.settle(*change))),
            Command::Write(more, answer) => {
                operations.extend(more);
                waiting.push(answer);
            }
        }
    }
    if waiting.is_empty() {
        return true;
    }
    let result = writer.write(&operations);
    for answer in waiting {
        drop(answer.send(result.clone()));
    }
    result.is_ok()
}

/// Rewrites one segment that is mostly dead, if there is one.
fn compact_some(writer: &mut Writer) -> bool {
    writer.compact_one(Waste::Half).map(|bytes| bytes.is_some()).unwrap_or_else(|error| {
        tracing::warn!(%error, "the space of removed records could not be given back");
        false
    })
}

/// Rewrites every segment with dead rows. What is rewritten has none, so this ends.
fn compact(writer: &mut Writer) -> Result<u64> {
    let before = writer.bytes()?;
    while writer.compact_one(Waste::Any)?.is_some() {}
    Ok(before.saturating_sub(writer.bytes()?))
}
