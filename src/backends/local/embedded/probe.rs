//! The nearest rows, by their codes first.

use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

use pulp::Arch;
use roaring::RoaringBitmap;

use super::{
    best::{Best, Candidate},
    block::Block,
    codes::{code::Codes, estimate::Query, kernel::Kernel},
    coding::Coding,
    ordered::Ordered,
    partition::{
        borders::in_order,
        centroids::Vector,
        lists::{Level, Lists},
        reach::Within,
    },
    run::Rows,
    snapshot::{Part, Selected, State},
};
use crate::{
    domain::{Embedding, Filter},
    error::Result,
};

/// With fewer passing rows than this for every list, looking at all of them is quicker than choosing among lists.
const ROWS_PER_LIST: u64 = 2;
/// Rows that are looked at together: enough to be on their way from memory at the same time, and so few that what is known
/// after them rules out most of the next.
const AT_ONCE: usize = 64;

/// What passes a filter, part by part; parts where nothing does are left out.
pub(super) fn select<'a>(state: &'a State, filter: Option<&Filter>) -> Vec<Selected<'a>> {
    let selected = state.parts().map(|part| (part, part.select(filter)));
    selected.filter(|(_, rows)| !rows.is_empty()).collect()
}

/// Every row that passes.
pub(super) fn everything(selected: &[Selected<'_>]) -> Vec<Candidate> {
    let of = |(part, (_, rows)): (usize, &Selected<'_>)| {
        rows.iter().map(move |position| Candidate::unknown(part, position)).collect::<Vec<_>>()
    };
    selected.iter().enumerate().flat_map(of).collect()
}

/// A query among lists.
struct Among<'a> {
    arch: Arch,
    query: &'a Vector,
    lists: &'a Lists,
}

impl Among<'_> {
    fn level(&self, list: usize) -> Level {
        self.lists.level(self.arch, self.query, list)
    }
}

/// A part that is a block, its place among the parts, and its rows that pass.
type Passing<'a> = (usize, &'a Block, &'a RoaringBitmap);

/// Finds the nearest `k`, as sure as the bounds of estimates and the reach of lists are.
pub(super) fn likely(
    arch: Arch,
    selected: &[Selected<'_>],
    query: &Embedding,
    best: &mut Best<'_>,
) -> Result<()> {
    let Some((first, _)) = selected.first() else { return Ok(()) };
    let mut rotated = Vec::new();
    first.coding().rotate(arch, query.as_slice(), &mut rotated);
    let vector = Vector::new(&rotated);
    let query = Query::new(rotated);
    let mut pool = Pool::new(&query, best.k());
    let mut settled: Vec<(&Arc<Coding>, Vec<Passing<'_>>)> = Vec::new();
    for (index, (part, rows)) in selected.iter().enumerate() {
        match part {
            Part::Run(_, run, _) => pool.scan_run(index, run, rows),
            Part::Block(block, _) => {
                let unknown = block.unknown.iter().filter(|position| rows.contains(**position));
                pool.candidates.extend(unknown.map(|position| Candidate::unknown(index, *position)));
                let found = settled.iter_mut().find(|(coding, _)| Arc::ptr_eq(coding, &block.coding));
                match found {
                    Some((_, blocks)) => blocks.push((index, block, rows)),
                    None => settled.push((&block.coding, vec![(index, block, rows)])),
                }
            }
        }
    }
    for (coding, blocks) in &settled {
        let Some(lists) = &coding.lists else { continue };
        let passing: u64 = blocks.iter().map(|(_, _, rows)| rows.len()).sum();
        let among = Among { arch, query: &vector, lists };
        if passing < ROWS_PER_LIST * lists.len() as u64 {
            blocks.iter().for_each(|block| pool.scan_block(*block, &among));
        } else {
            pool.probe(blocks, &among, best)?;
        }
    }
    pool.read(best)
}

/// Candidates in the making.
struct Pool<'a> {
    kernel: Kernel,
    query: &'a Query,
    candidates: Vec<Candidate>,
    /// What rows have at least.
    least: Highest,
    /// What they seem to have.
    seeming: Highest,
    /// What a bound must reach by what was read.
    floor: f32,
    /// The part that rows to be looked at are in, and its codes.
    part: Option<(usize, &'a Codes)>,
    rows: Vec<Row>,
    /// Those of them that signs leave hope for.
    hopeful: Vec<Row>,
}

/// A row to be looked at, and its list as the query sees it.
#[derive(Clone, Copy)]
struct Row {
    position: u32,
    list: Level,
}

impl<'a> Pool<'a> {
    fn new(query: &'a Query, k: usize) -> Self {
        Self {
            kernel: Kernel::new(),
            query,
            candidates: Vec::new(),
            least: Highest::new(k),
            seeming: Highest::new(k),
            floor: f32::NEG_INFINITY,
            part: None,
            rows: Vec::new(),
            hopeful: Vec::new(),
        }
    }

    fn scan_run(&mut self, part: usize, run: &'a Rows, rows: &RoaringBitmap) {
        let centre = &run.coding.centre;
        let (mut level, mut away) = (0.0, 0.0);
        for (x, c) in self.query.rotated.iter().zip(centre) {
            level += x * c;
            away += (x - c).powi(2);
        }
        let list = Level { level, away: away.sqrt() };
        self.look(part, &run.codes, rows.iter().map(|position| Row { position, list }));
    }

    /// Looks at every row that passes.
    fn scan_block(&mut self, (part, block, rows): Passing<'a>, among: &Among<'_>) {
        let (mut list, mut level) = (0, None);
        let rows = rows.iter().map(|position| {
            while block.starts.get(list + 1).is_some_and(|end| *end <= position) {
                (list, level) = (list + 1, None);
            }
            Row { position, list: *level.get_or_insert_with(|| among.level(list)) }
        });
        self.look(part, &block.codes, rows);
    }

    /// Looks at lists, the nearest first, until none of the others reaches as near as the `k`-th best is. Those on the way
    /// whose records are hardly that near are left out, unless the query is an unusual one.
    ///
    /// Vectors are read when no other list reaches as near as the `k`-th best seems to be: by then the best are known, and
    /// few others are read before them.
    fn probe(&mut self, blocks: &[Passing<'a>], among: &Among<'_>, best: &mut Best<'_>) -> Result<()> {
        let lists = among.lists;
        let borders = lists.borders(among.arch, among.query);
        let (mut usual, mut within, mut positions) = (None, None, [0; AT_ONCE]);
        for (border, list) in in_order(&borders) {
            let beyond = |within: Option<Within<'_>>| within.is_some_and(|within| border > within.border());
            if beyond(within) && best.kth().is_none() {
                self.read(best)?;
                within = self.within(lists, best);
            }
            if beyond(within) && best.kth().is_some() {
                break;
            }
            let level = among.level(list);
            // The first is the nearest.
            let usual = *usual.get_or_insert_with(|| lists.reach().holds_for(level));
            if usual && within.is_some_and(|within| !lists.may_hold(list, border, level, &within)) {
                continue;
            }
            for (part, block, rows) in blocks {
                let mut rows = rows.range(block.starts[list]..block.starts[list + 1]);
                while let found @ [_, ..] = rows.next_many(&mut positions) {
                    let rows = found.iter().map(|position| Row { position: *position, list: level });
                    self.look(*part, &block.codes, rows);
                }
            }
            if best.kth().is_some() && !self.candidates.is_empty() {
                self.read(best)?;
            }
            within = self.within(lists, best);
        }
        Ok(())
    }

    /// Where the best are by the `k`-th so far: as it was read, or as it seems to be.
    fn within<'l>(&self, lists: &'l Lists, best: &Best<'_>) -> Option<Within<'l>> {
        #[expect(clippy::cast_possible_truncation, reason = "a border is no finer")]
        let kth = best.kth().map(|kth| kth as f32).or(self.seeming.kth())?;
        Some(lists.reach().within(kth))
    }

    /// Reads the candidates so far.
    fn read(&mut self, best: &mut Best<'_>) -> Result<()> {
        self.estimate();
        best.read(&mut self.candidates)?;
        #[expect(clippy::cast_possible_truncation, reason = "the next below is not above it")]
        let floor = best.kth().map(|kth| (kth as f32).next_down());
        self.floor = floor.unwrap_or(self.floor);
        Ok(())
    }

    /// Looks at rows once there are enough of them.
    fn look(&mut self, part: usize, codes: &'a Codes, mut rows: impl Iterator<Item = Row>) {
        if self.part.is_none_or(|(other, _)| other != part) {
            self.estimate();
            self.part = Some((part, codes));
        }
        loop {
            self.rows.extend(rows.by_ref().take(AT_ONCE));
            if self.rows.len() < AT_ONCE {
                return;
            }
            self.estimate();
        }
    }

    /// Estimates the scores of the rows, once by signs alone and, where that leaves hope, by all that is known.
    fn estimate(&mut self) {
        let Self { kernel, query, rows, hopeful, .. } = self;
        let Some((part, codes)) = self.part else { return };
        let floor = self.least.kth().map_or(self.floor, |least| least.max(self.floor));
        let position = |row: &Row| row.position as usize;
        codes.fetch(rows.iter().map(position));
        if floor > f32::NEG_INFINITY {
            let bits = rows.iter().map(|row| (row, codes.bits(position(row))));
            kernel.sign_distances(
                &query.planes,
                bits,
                #[inline(always)]
                |row, distance| {
                    let Level { level, away } = row.list;
                    if query.bound_by_signs(distance, codes.factors(position(row)), level, away) >= floor {
                        hopeful.push(*row);
                    }
                },
            );
            rows.clear();
        } else {
            std::mem::swap(rows, hopeful);
        }
        let bits = hopeful.iter().map(|row| (row, codes.bits(position(row))));
        kernel.distances(
            &query.planes,
            bits,
            #[inline(always)]
            |Row { position, list }, distance| {
                let factors = codes.factors(*position as usize);
                let estimate = query.estimate(distance, factors, list.level, list.away);
                let bound = estimate.score + estimate.error;
                if bound < self.floor || self.least.kth().is_some_and(|least| bound < least) {
                    return;
                }
                self.candidates.push(Candidate { bound: Ordered(bound), part, position: *position });
                self.least.keep(estimate.score - estimate.error);
                self.seeming.keep(estimate.score);
            },
        );
        hopeful.clear();
    }
}

/// The `k` highest of some scores.
struct Highest {
    k: usize,
    scores: BinaryHeap<Reverse<Ordered>>,
}

impl Highest {
    fn new(k: usize) -> Self {
        Self { k, scores: BinaryHeap::with_capacity(k) }
    }

    fn keep(&mut self, score: f32) {
        if self.scores.len() < self.k {
            self.scores.push(Reverse(Ordered(score)));
        } else if let Some(mut lowest) = self.scores.peek_mut()
            && score > lowest.0.0
        {
            *lowest = Reverse(Ordered(score));
        }
    }

    /// The lowest of them; none while there are fewer.
    fn kth(&self) -> Option<f32> {
        self.scores.peek().filter(|_| self.scores.len() == self.k).map(|score| score.0.0)
    }
}
