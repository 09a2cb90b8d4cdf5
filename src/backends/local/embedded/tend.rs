//! What goes on beside reading and writing: training lists, and moving rows from runs into blocks.
//!
//! All of it is prepared from a snapshot, on a thread of its own; the writer only puts the result in its place, in a
//! commit between two others.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use pulp::Arch;
use redb::WriteTransaction;

use super::{
    block::{Block, GRANULES, Settled},
    catalog::{self, CODINGS, PIECE_BYTES},
    coding::Coding,
    error::native,
    partition::train::{self, Sample},
    run::{self, Granule},
    segment::floats,
    settle,
    snapshot::{Snapshot, State},
};
use crate::error::{Error, ErrorKind, Result};

/// Below so many records nothing is trained.
const TRAIN_FROM: u64 = 1024;
/// Lists are trained anew when there are so many times as many records, and again so many.
const GROWTH: u64 = 8;
/// The most granules of a block that runs are put into. Larger ones are made of blocks.
const SMALL: usize = 64;
/// So many runs go into a block even while more is being written.
const RUNS: usize = 8;
/// Fewer runs go into a block of at most so many times their rows: a block is written as a whole.
const HEAVIER: usize = 4;

/// How urgent it is that rows come into lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// More is being written.
    Writing,
    /// Nothing is being written.
    Idle,
    /// Somebody waits for it.
    Awaited,
}

/// Pieces that go into one commit, 16 MB: a write waits no longer than it takes.
const COMMIT_PIECES: u32 = 256;

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Job {
    /// Find new lists.
    Train,
    /// Make one block of these blocks and runs.
    Block { blocks: BTreeSet<u32>, runs: BTreeSet<Granule> },
}

/// What the writer is to put in its place.
pub(super) enum Change {
    Coding(Coding),
    /// Some of a block that is too large for one commit. Until the last of it is there, it is none.
    Pieces(Pieces),
    /// The new block and the last of its pieces, unless nothing is left, instead of these.
    Block {
        block: Option<(Block, Pieces)>,
        blocks: BTreeSet<u32>,
        runs: BTreeSet<Granule>,
    },
}

/// Pieces of a block, as the catalog keeps them.
pub(super) struct Pieces {
    number: u32,
    first: u32,
    bytes: Bytes,
}

impl Pieces {
    /// All of a block, in the order in which they are to be committed.
    fn of(number: u32, block: &Block) -> Vec<Self> {
        let (mut rest, mut first) = (Bytes::from(block.to_bytes()), 0);
        let mut all = Vec::new();
        while !rest.is_empty() {
            let bytes = rest.split_to(rest.len().min(COMMIT_PIECES as usize * PIECE_BYTES));
            all.push(Self { number, first, bytes });
            first += COMMIT_PIECES;
        }
        all
    }

    /// Keeps them as part of a write. The first take away what is left of a block that was never finished.
    fn put(&self, write: &WriteTransaction) -> Result<()> {
        if self.first == 0 {
            catalog::remove_block(write, self.number)?;
        }
        catalog::put_pieces(write, self.number, self.first, &self.bytes)
    }
}

/// What is worth doing.
pub(super) fn plan(state: &State, urgency: Urgency) -> Option<Job> {
    let coding = state.coding.as_ref()?;
    if stage(state.live()) > stage(coding.trained_on) {
        return Some(Job::Train);
    }
    coding.lists.as_ref()?;
    let mut blocks = state.blocks.iter();
    let wanting = blocks.find(|(_, settled)| {
        let half_dead = settled.live.len() * 2 < settled.block.rows() as u64;
        half_dead || settled.block.coding.generation != coding.generation
    });
    if let Some((number, _)) = wanting {
        return Some(Job::Block { blocks: BTreeSet::from([*number]), runs: BTreeSet::new() });
    }
    let last = state.runs.last_key_value().map(|(granule, _)| *granule);
    let closed =
        state.runs.iter().filter(|(granule, run)| run.rows.len() == run::ROWS || Some(**granule) != last);
    let runs: BTreeSet<Granule> = closed.map(|(granule, _)| *granule).take(SMALL).collect();
    let smallest = by_size(state).next().filter(|(granules, _)| granules + runs.len() <= SMALL);
    let few = match urgency {
        Urgency::Writing => runs.len() < RUNS,
        Urgency::Idle => {
            runs.len() < RUNS && smallest.is_some_and(|(granules, _)| granules > HEAVIER * runs.len())
        }
        Urgency::Awaited => false,
    };
    if runs.is_empty() || few {
        let blocks = joinable(by_size(state), urgency)?;
        return Some(Job::Block { blocks, runs: BTreeSet::new() });
    }
    Some(Job::Block { blocks: smallest.into_iter().map(|(_, number)| number).collect(), runs })
}

/// How often lists were worth training while there came to be so many records; none while they are not. By stages, since
/// lists that are trained late in one are too few in the next.
fn stage(records: u64) -> Option<u32> {
    (records / TRAIN_FROM).checked_ilog(GROWTH)
}

/// The granules and the number of every block, the smallest first.
fn by_size(state: &State) -> impl Iterator<Item = (usize, u32)> {
    let blocks = state.blocks.iter().map(|(number, settled)| (settled.block.granules.len(), *number));
    blocks.collect::<BTreeSet<_>>().into_iter()
}

/// Blocks that are worth joining to one: what a search looks at is in one place then.
///
/// A block is not joined with others that are small against it, so a row is moved only when it comes to be among
/// about twice as many: what is written for it grows with the logarithm of all.
fn joinable(blocks: impl Iterator<Item = (usize, u32)>, urgency: Urgency) -> Option<BTreeSet<u32>> {
    let (fewest, heavier) = match urgency {
        Urgency::Writing => (8, 1),
        Urgency::Idle => (4, 1),
        Urgency::Awaited => (2, HEAVIER),
    };
    let (mut joined, mut together) = (BTreeSet::new(), 0);
    for (granules, number) in blocks {
        if granules > heavier * together || granules + together > GRANULES {
            if joined.len() >= fewest {
                break;
            }
            (joined, together) = (BTreeSet::new(), 0);
        }
        joined.insert(number);
        together += granules;
    }
    (joined.len() >= fewest).then_some(joined)
}

impl Job {
    /// Does the work; nothing when told to stop. A commit is to be made of each change, in this order.
    pub(super) fn prepare(self, snapshot: &Snapshot, stop: &AtomicBool) -> Result<Vec<Change>> {
        let state = &snapshot.state;
        match self {
            Self::Train => {
                train(snapshot, stop).map(|coding| coding.map(Change::Coding).into_iter().collect())
            }
            Self::Block { blocks, runs } => {
                let Some(coding) = &state.coding else { return Ok(Vec::new()) };
                let Some(block) = settle::block(snapshot, coding, &blocks, &runs, stop)? else {
                    return Ok(Vec::new());
                };
                if block.rows() == 0 {
                    return Ok(vec![Change::Block { block: None, blocks, runs }]);
                }
                let number = state.blocks.last_key_value().map_or(0, |(number, _)| number + 1);
                let mut pieces = Pieces::of(number, &block);
                let block = pieces.pop().map(|last| (block, last));
                let before = pieces.into_iter().map(Change::Pieces);
                Ok(before.chain([Change::Block { block, blocks, runs }]).collect())
            }
        }
    }
}

fn train(snapshot: &Snapshot, stop: &AtomicBool) -> Result<Option<Coding>> {
    let state = &snapshot.state;
    let Some(coding) = &state.coding else { return Ok(None) };
    let records = state.live();
    let lists = train::lists(records);
    let mut random = fastrand::Rng::with_seed(records);
    let mut draw = |sample: Sample| {
        let wanted = (sample.of_each() * lists).max(4 * run::ROWS as usize);
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = wanted as f64 / records.max(1) as f64;
        let mut drawn = Vec::new();
        for part in state.parts() {
            drawn.extend(
                part.select(None).iter().filter(|_| random.f64() < share).map(|position| (part, position)),
            );
        }
        random.shuffle(&mut drawn);
        drawn
    };
    let (shape, reach) = (draw(Sample::Shape), draw(Sample::Reach));

    let (arch, mut failure) = (Arch::new(), None);
    let (mut buffer, mut vector, mut rotated) = (Vec::new(), Vec::new(), Vec::new());
    let trained = train::train(arch, lists, coding.rotation.rotated(), stop, |sample, each| {
        let drawn = match sample {
            Sample::Shape => &shape,
            Sample::Reach => &reach,
        };
        for (part, position) in drawn {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let (id, place) = (part.ids().get(*position as usize), part.place(*position));
            let read = snapshot.frames(place).and_then(|frames| frames.read(id, place.row, &mut buffer));
            let numbers = read.map_err(|error| failure = Some(error)).ok()?;
            if let Some(numbers) = numbers {
                vector.clear();
                vector.extend(floats(numbers));
                coding.rotate(arch, &vector, &mut rotated);
                each(&rotated);
            }
        }
        Some(())
    });
    match (failure, trained) {
        (Some(error), _) => Err(error),
        (None, Some(lists)) => Ok(Some(coding.next(records, lists))),
        (None, None) if stop.load(Ordering::Relaxed) => Ok(None),
        (None, None) => Err(Error::new(ErrorKind::Corrupt, "no vector can be read to train lists on")),
    }
}

impl Change {
    /// Makes the change in memory and as part of a write.
    pub(super) fn apply(self, state: &mut State, write: &WriteTransaction) -> Result<()> {
        match self {
            Self::Coding(coding) => {
                if let Some(bytes) = coding.to_bytes() {
                    let mut codings = write.open_table(CODINGS).map_err(native)?;
                    codings.insert(coding.generation, &*bytes).map_err(native)?;
                }
                state.coding = Some(Arc::new(coding));
            }
            Self::Pieces(pieces) => pieces.put(write)?,
            Self::Block { block, blocks, runs } => {
                let homes = Arc::make_mut(&mut state.homes);
                for number in &blocks {
                    catalog::remove_block(write, *number)?;
                    state.blocks.remove(number);
                }
                homes.retain(|_, (number, _)| !blocks.contains(number));
                for granule in &runs {
                    catalog::remove_chunks(write, *granule)?;
                    state.runs.remove(granule);
                }
                if let Some((block, last)) = block {
                    let number = last.number;
                    last.put(write)?;
                    let there = |granule: &Granule| state.segments.contains_key(&granule.segment);
                    let parts = block.granules.iter().enumerate().filter(|(_, granule)| there(granule));
                    homes.extend(parts.map(|(part, granule)| (*granule, (number, part))));
                    let dead = |granule: Granule| {
                        state.segments.get(&granule.segment).map(|found| Arc::clone(&found.dead))
                    };
                    let live = Arc::new(block.live(dead));
                    state.blocks.insert(number, Settled { block: Arc::new(block), live });
                }
                drop_unused(state, write)?;
            }
        }
        Ok(())
    }
}

/// Takes away the codings that nothing is coded with any more.
fn drop_unused(state: &State, write: &WriteTransaction) -> Result<()> {
    let mut used: BTreeSet<u32> = state.parts().map(|part| part.coding().generation).collect();
    used.extend(state.coding.as_ref().map(|coding| coding.generation));
    let mut codings = write.open_table(CODINGS).map_err(native)?;
    codings.retain(|generation, _| used.contains(&generation)).map_err(native)
}
