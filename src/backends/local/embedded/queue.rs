//! Writes wait in line and are committed together: a hundred single upserts at once cost a few syncs.

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
    compact::Waste,
    error::closed,
    snapshot::Snapshot,
    tend::{self, Change, Job, Urgency},
    writer::{Operation, Published, Writer},
};
use crate::{
    blocking::runtime,
    error::{Error, ErrorKind, Result},
    sync::lock,
};

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
            let shift = Shift { queue: Arc::clone(self), done: false };
            runtime.spawn_blocking(move || shift.work());
        }
        Ok(answer)
    }

    /// Waits for the commit that is under way and closes the files.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        lock(&self.writer).take();
    }

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
    pub(super) fn tend(self: &Arc<Self>) {
        if self.due().is_some()
            && !self.tending.swap(true, Ordering::AcqRel)
            && let Ok(runtime) = runtime()
        {
            let tending = Tending(Arc::clone(self));
            runtime.spawn_blocking(move || tending.work());
        }
    }

    /// Waits until nothing is left to be done beside the writes.
    pub(super) async fn rest(self: &Arc<Self>) -> Result<()> {
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

/// Does what is to be done beside the writes. However it ends, somebody else may begin.
struct Tending(Arc<Queue>);

impl Tending {
    fn work(self) {
        let mut outcome = Ok(());
        while outcome.is_ok()
            && let Some((snapshot, job)) = self.0.due()
        {
            outcome = match job.prepare(&snapshot, &self.0.closed) {
                Ok(Some(change)) => {
                    let answer = self.0.enqueue(|answer| Command::Settle(Box::new(change), answer));
                    answer.and_then(|answer| answer.blocking_recv().unwrap_or_else(|_| Err(closed())))
                }
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            };
        }
        if let Err(error) = &outcome {
            tracing::debug!(%error, "codes are not in order yet; the next write tries again");
        }
        *lock(&self.0.tended) = outcome;
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
