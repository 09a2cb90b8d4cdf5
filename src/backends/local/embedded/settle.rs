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
    row: u32,
    list: u32,
    /// Where its code is among those that are made anew; none when it is taken over.
    made: Option<usize>,
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
    let mut coder = Coder {
        snapshot,
        coding,
        lists,
        arch: Arch::new(),
        buffer: Vec::new(),
        codes: Codes::new(coding.words()),
    };
    let mut anew: Vec<_> =
        members.iter_mut().filter(|member| !is_coded_by(sources[member.source], coding)).collect();
    for members in anew.chunks_mut(BATCH) {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        coder.code(&sources, members)?;
    }
    let codes = coder.codes;
    members.sort_unstable_by_key(|member| (member.list, member.row));
    Ok(Some(sorted(coding, lists.len(), granules, &sources, &members, &codes)))
}

/// All rows that count, in the order of their places, so that vectors are read as they lie.
fn members(sources: &[Part<'_>], granules: &[Granule]) -> Vec<Member> {
    let mut members = Vec::new();
    for (source, part) in sources.iter().enumerate() {
        for position in part.select(None).iter() {
            let place = part.place(position);
            let Ok(granule) = granules.binary_search(&Granule::of(place)) else { continue };
            #[expect(clippy::cast_possible_truncation, reason = "granules are few")]
            let row = granule as u32 * run::ROWS + place.row % run::ROWS;
            let list = match part {
                Part::Block(block, _) => block.starts.partition_point(|start| *start <= position) - 1,
                Part::Run(..) => 0,
            };
            #[expect(clippy::cast_possible_truncation, reason = "lists are few")]
            members.push(Member { source, position, row, list: list as u32, made: None });
        }
    }
    members.sort_unstable_by_key(|member| member.row);
    members
}

/// Rows of the part have lists and codes of this coding already.
fn is_coded_by(part: Part<'_>, coding: &Coding) -> bool {
    matches!(part, Part::Block(block, _) if block.coding.generation == coding.generation)
}

/// Gives rows their lists and codes.
struct Coder<'a> {
    snapshot: &'a Snapshot,
    coding: &'a Arc<Coding>,
    lists: &'a Lists,
    arch: Arch,
    buffer: Vec<u8>,
    codes: Codes,
}

impl Coder<'_> {
    /// Reads the vectors of members, which come in the order of their places.
    fn code(&mut self, sources: &[Part<'_>], members: &mut [&mut Member]) -> Result<()> {
        let front = front(self.coding.centre.len());
        let (mut rotated, mut fronts, mut vector, mut nearest) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for Member { source, position, .. } in members.iter().map(|member| &**member) {
            let (part, mut numbers) = (sources[*source], Vec::new());
            let (id, place) = (part.ids().get(*position as usize), part.place(*position));
            if let Some(bytes) = self.snapshot.frames(place)?.read(id, place.row, &mut self.buffer)? {
                vector.clear();
                vector.extend(floats(bytes));
                self.coding.rotate(self.arch, &vector, &mut numbers);
                fronts.extend_from_slice(&numbers[..front]);
            }
            rotated.push(numbers);
        }
        self.lists.nearest().of(self.arch, &fronts, &mut nearest);
        let mut nearest = nearest.into_iter();
        for (member, rotated) in members.iter_mut().zip(&rotated) {
            member.made = Some(self.codes.len());
            if rotated.is_empty() {
                member.list = 0;
                self.codes.push_unknown();
            } else {
                member.list = nearest.next().unwrap_or_default();
                self.lists.centroid(member.list as usize, &mut vector);
                self.codes.push(self.arch, rotated, &vector);
            }
        }
        Ok(())
    }
}

/// Puts together the block of members, which come in the order of their lists.
fn sorted(
    coding: &Arc<Coding>,
    lists: usize,
    granules: Vec<Granule>,
    sources: &[Part<'_>],
    members: &[Member],
    made: &Codes,
) -> Block {
    let mut starts = vec![0; lists + 1];
    members.iter().for_each(|member| starts[member.list as usize + 1] += 1);
    for list in 0..lists {
        starts[list + 1] += starts[list];
    }
    let mut ids = Ids::default();
    let mut codes = Codes::with_capacity(members.len(), coding.words());
    let mut moved: Vec<Vec<u32>> = sources.iter().map(|part| vec![u32::MAX; part.ids().len()]).collect();
    for (to, member) in (0..).zip(members) {
        let (part, position) = (sources[member.source], member.position as usize);
        ids.push(part.ids().get(position));
        match member.made {
            Some(at) => codes.push_from(made, at),
            None => codes.push_from(part.codes(), position),
        }
        moved[member.source][position] = to;
    }
    let mut index = Index::default();
    for (part, moved) in sources.iter().zip(&moved) {
        index.merge(part.index().0, |row| moved.get(row as usize).copied().filter(|row| *row != u32::MAX));
    }
    index.optimise();
    let rows = members.iter().map(|member| member.row).collect();
    Block::new(Arc::clone(coding), granules, starts, rows, ids, codes, index)
}
