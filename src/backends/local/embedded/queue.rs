//! Writes wait in line and are committed together: a hundred single upserts at once cost a few syncs.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use tokio::sync::oneshot;

use super::{
    catalog::Collection,
    compact::Waste,
    error::closed,
    writer::{Operation, Writer},
};
use crate::{blocking::runtime, error::Result, sync::lock};

/// The most operations of one commit, above the first job: what a commit holds in memory.
const MAX_GROUP: usize = 4096;

/// Something for the writer to do, and where to say how it went.
pub(super) enum Command {
    Create(Collection, oneshot::Sender<Result<bool>>),
    Write(Vec<Operation>, oneshot::Sender<Result<()>>),
    Compact(oneshot::Sender<Result<u64>>),
}

/// The line in front of the writer.
pub(super) struct Queue {
    line: Mutex<Line>,
    /// None once the store was dropped.
    writer: Mutex<Option<Writer>>,
}

#[derive(Default)]
struct Line {
    commands: VecDeque<Command>,
    /// Somebody is working the line off and will see what is added.
    busy: bool,
}

impl Queue {
    pub(super) fn new(writer: Writer) -> Self {
        Self { line: Mutex::default(), writer: Mutex::new(Some(writer)) }
    }

    /// Puts a command in line and waits for its answer. It is carried out even if nobody waits any more.
    pub(super) async fn submit<T>(
        self: &Arc<Self>,
        command: impl FnOnce(oneshot::Sender<Result<T>>) -> Command,
    ) -> Result<T> {
        let runtime = runtime()?;
        let (sender, answer) = oneshot::channel();
        let idle = {
            let mut line = lock(&self.line);
            line.commands.push_back(command(sender));
            !std::mem::replace(&mut line.busy, true)
        };
        if idle {
            let shift = Shift { queue: Arc::clone(self), done: false };
            runtime.spawn_blocking(move || shift.work());
        }
        answer.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Waits for the commit that is under way and closes the files.
    pub(super) fn close(&self) {
        lock(&self.writer).take();
    }

    /// Waits for the commit that is under way.
    pub(super) fn wait(&self) {
        drop(lock(&self.writer));
    }

    /// Lets the next shift begin with the next command, unless one is there already.
    fn give_up(&self) -> bool {
        let mut line = lock(&self.line);
        line.busy = !line.commands.is_empty();
        !line.busy
    }

    /// The next commands that go into one commit; none when the line is empty.
    fn next(&self) -> Vec<Command> {
        let mut line = lock(&self.line);
        let (mut group, mut operations) = (Vec::new(), 0);
        while let Some(command) = line.commands.pop_front() {
            if let Command::Write(more, _) = &command {
                operations += more.len();
                if group.is_empty() || operations <= MAX_GROUP {
                    group.push(command);
                    continue;
                }
            }
            if group.is_empty() {
                group.push(command);
            } else {
                line.commands.push_front(command);
            }
            break;
        }
        group
    }
}

/// Works the line off. However it ends, the line is free for the next.
struct Shift {
    queue: Arc<Queue>,
    /// The line was given up in order.
    done: bool,
}

impl Shift {
    fn work(mut self) {
        while !self.done {
            let group = self.queue.next();
            let mut writer = lock(&self.queue.writer);
            let Some(writer) = writer.as_mut() else { return };
            let idle = group.is_empty();
            let more = carry_out(writer, group) && compact_some(writer);
            self.done = idle && !more && self.queue.give_up();
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
