//! Writes wait in line and are committed together: a hundred single upserts at once cost a few syncs.

mod shift;
mod tending;

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::sync::{Notify, oneshot};

use super::{
    catalog::Collection,
    error::closed,
    tend::Change,
    writer::{Operation, Published, Writer},
};
use crate::{blocking::runtime, error::Result, sync::lock};
use shift::Shift;

/// The most operations of one commit, above the first job: what a commit holds in memory.
const MAX_GROUP: usize = 4096;

/// Something for the writer to do, and where to say how it went.
pub(super) enum Command {
    Create(Collection, oneshot::Sender<Result<bool>>),
    Write(Vec<Operation>, oneshot::Sender<Result<()>>),
    Compact(oneshot::Sender<Result<u64>>),
    Settle(Box<Change>, oneshot::Sender<Result<()>>),
}

impl Command {
    /// Somebody outside asked for it.
    fn asked(&self) -> bool {
        !matches!(self, Self::Settle(..))
    }
}

/// The line in front of the writer.
pub(super) struct Queue {
    line: Mutex<Line>,
    /// None once the store was dropped.
    writer: Mutex<Option<Writer>>,
    published: Arc<Published>,
    /// Somebody prepares what goes on beside the writes.
    tending: AtomicBool,
    /// How many wait for it.
    awaited: AtomicUsize,
    closed: AtomicBool,
    /// How the last of it ended, for those who wait.
    tended: Mutex<Result<()>>,
    rest: Notify,
}

#[derive(Default)]
struct Line {
    commands: VecDeque<Command>,
    /// Commands in line or in work that somebody outside asked for.
    asked: usize,
    /// Somebody is working the line off and will see what is added.
    busy: bool,
}

impl Queue {
    pub(super) fn new(writer: Writer) -> Self {
        Self {
            line: Mutex::default(),
            published: Arc::clone(&writer.published),
            writer: Mutex::new(Some(writer)),
            tending: AtomicBool::new(false),
            awaited: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
            tended: Mutex::new(Ok(())),
            rest: Notify::new(),
        }
    }

    /// Puts a command in line and waits for its answer. It is carried out even if nobody waits any more.
    pub(super) async fn submit<T>(
        self: &Arc<Self>,
        command: impl FnOnce(oneshot::Sender<Result<T>>) -> Command,
    ) -> Result<T> {
        self.enqueue(command)?.await.unwrap_or_else(|_| Err(closed()))
    }

    fn enqueue<T>(
        self: &Arc<Self>,
        command: impl FnOnce(oneshot::Sender<Result<T>>) -> Command,
    ) -> Result<oneshot::Receiver<Result<T>>> {
        let runtime = runtime()?;
        let (sender, answer) = oneshot::channel();
        let idle = {
            let mut line = lock(&self.line);
            let command = command(sender);
            line.asked += usize::from(command.asked());
            line.commands.push_back(command);
            !std::mem::replace(&mut line.busy, true)
        };
        if idle {
            let shift = Shift::new(Arc::clone(self));
            runtime.spawn_blocking(move || shift.work());
        }
        Ok(answer)
    }

    /// Waits for the commit that is under way and closes the files.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
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

    /// Notes that so many commands were carried out.
    fn done(&self, asked: usize) {
        let mut line = lock(&self.line);
        line.asked = line.asked.saturating_sub(asked);
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
