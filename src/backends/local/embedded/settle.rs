//! Makes one block out of blocks and runs.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use pulp::Arch;

use super::{
    block::Block,
    codes::code::Codes,
    coding::Coding,
    ids::Ids,
    index::Index,
    partition::{assign::front, lists::Lists},
    row::Place,
    run::{self, Granule},
    segment::floats,
    snapshot::{Part, Snapshot},
};
use crate::error::Result;

/// Vectors that are read before the nearest centroids are looked for.
const BATCH: usize = 256;

/// A row on its way into a block.
struct Member {
    source: usize,
    position: u32,
    /// Its row in the block, as the block's order tells it.
    row: u16,
    list: u32,
}

/// The block of all rows of `blocks` and `runs` that count, coded by `coding`; none when told to stop, or when
/// something of it is no longer there.
pub(super) fn block(
    snapshot: &Snapshot,
    coding: &Arc<Coding>,
    blocks: &BTreeSet<u32>,
    runs: &BTreeSet<Granule>,
    stop: &AtomicBool,
) -> Result<Option<Block>> {
    let (state, Some(lists)) = (&snapshot.state, &coding.lists) else { return Ok(None) };
    let mut sources = Vec::new();
    let mut granules = BTreeSet::new();
    for number in blocks {
        let Some(settled) = state.blocks.get(number) else { return Ok(None) };
        granules.extend(settled.block.granules.iter().filter(|granule| state.homes.contains_key(granule)));
        sources.push(Part::Block(&settled.block, &settled.live));
    }
    for granule in runs {
        let Some(run) = state.runs.get(granule) else { return Ok(None) };
        granules.insert(*granule);
        sources.push(Part::Run(*granule, &run.rows, &run.live));
    }
    let granules: Vec<Granule> = granules.into_iter().collect();
    let mut members = members(&sources, &granules);
    let mut codes = Codes::with_capacity(members.len(), coding.words());
    let mut coder = Coder { snapshot, coding, lists, arch: Arch::new(), buffer: Vec::new() };
    for members in members.chunks_mut(BATCH) {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        coder.code(&sources, members, &mut codes)?;
    }
    Ok(Some(sorted(coding, lists.len(), granules, &sources, &members, &codes)))
}

/// All rows that count, in the order of their places, so that vectors are read as they lie.
fn members(sources: &[Part<'_>], granules: &[Granule]) -> Vec<Member> {
    let mut members = Vec::new();
    for (source, part) in sources.iter().enumerate() {
        for position in part.select(None).iter() {
            let place = part.place(position);
            let Ok(granule) = granules.binary_search(&Granule::of(place)) else { continue };
            #[expect(clippy::cast_possible_truncation, reason = "a block has 65,536 rows at most")]
            let row = (granule as u32 * run::ROWS + place.row % run::ROWS) as u16;
            let list = match part {
                Part::Block(block, _) => block.starts.partition_point(|start| *start <= position) - 1,
                Part::Run(..) => 0,
            };
            #[expect(clippy::cast_possible_truncation, reason = "lists are few")]
            members.push(Member { source, position, row, list: list as u32 });
        }
    }
    members.sort_unstable_by_key(|member| member.row);
    members
}

/// Gives rows their lists and codes.
struct Coder<'a> {
    snapshot: &'a Snapshot,
    coding: &'a Arc<Coding>,
    lists: &'a Lists,
    arch: Arch,
    buffer: Vec<u8>,
}

impl Coder<'_> {
    /// Codes of the same coding are taken over; others are made anew from the vectors.
    fn code(&mut self, sources: &[Part<'_>], members: &mut [Member], codes: &mut Codes) -> Result<()> {
        let front = front(self.coding.centre.len());
        let (mut rotated, mut fronts, mut vector, mut nearest) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for member in members.iter() {
            let part = sources[member.source];
            let mut numbers = Vec::new();
            if !self.taken_over(part) {
                let Place { row, .. } = part.place(member.position);
                let id = part.ids().get(member.position as usize);
                let frames = self.snapshot.frames(part.place(member.position))?;
                if let Some(bytes) = frames.read(id, row, &mut self.buffer)? {
                    vector.clear();
                    vector.extend(floats(bytes));
                    self.coding.rotate(self.arch, &vector, &mut numbers);
                    fronts.extend_from_slice(&numbers[..front]);
                }
            }
            rotated.push(numbers);
        }
        self.lists.nearest().of(self.arch, &fronts, &mut nearest);
        let mut nearest = nearest.into_iter();
        for (member, rotated) in members.iter_mut().zip(&rotated) {
            let part = sources[member.source];
            if self.taken_over(part) {
                codes.push_from(part.codes(), member.position as usize, self.coding.words());
            } else if rotated.is_empty() {
                member.list = 0;
                codes.push_unknown(self.coding.words());
            } else {
                member.list = nearest.next().unwrap_or_default();
                self.lists.centroid(member.list as usize, &mut vector);
                codes.push(self.arch, rotated, &vector);
            }
        }
        Ok(())
    }

    fn taken_over(&self, part: Part<'_>) -> bool {
        matches!(part, Part::Block(block, _) if block.coding.generation == self.coding.generation)
    }
}

/// Puts rows in the order of their lists.
fn sorted(
    coding: &Arc<Coding>,
    lists: usize,
    granules: Vec<Granule>,
    sources: &[Part<'_>],
    members: &[Member],
    codes: &Codes,
) -> Block {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|at| members[*at].list);
    let mut starts = vec![0; lists + 1];
    members.iter().for_each(|member| starts[member.list as usize + 1] += 1);
    for list in 0..lists {
        starts[list + 1] += starts[list];
    }
    let mut ids = Ids::default();
    let mut sorted = Codes::with_capacity(members.len(), coding.words());
    let mut moved: Vec<Vec<u32>> = sources.iter().map(|part| vec![u32::MAX; part.ids().len()]).collect();
    for (position, at) in (0..).zip(&order) {
        let Member { source, position: from, .. } = members[*at];
        ids.push(sources[source].ids().get(from as usize));
        sorted.push_from(codes, *at, coding.words());
        moved[source][from as usize] = position;
    }
    let mut index = Index::default();
    for (part, moved) in sources.iter().zip(&moved) {
        index.merge(part.index().0, |row| moved.get(row as usize).copied().filter(|row| *row != u32::MAX));
    }
    index.optimise();
    let rows = order.iter().map(|at| members[*at].row).collect();
    Block::new(Arc::clone(coding), granules, starts, rows, ids, sorted, index)
}
