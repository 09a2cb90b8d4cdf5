//! Which rows may be among the nearest, by their codes.

use std::{
    borrow::Cow,
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    sync::Arc,
};

use pulp::Arch;
use roaring::RoaringBitmap;

use super::{
    block::Block,
    codes::{code::Codes, estimate::Query, kernel::Kernel},
    coding::Coding,
    partition::lists::Level,
    run::Rows,
    snapshot::{Part, State},
};
use crate::domain::{Embedding, Filter};

/// A run or a block, and which of its positions pass.
pub(super) type Selected<'a> = (Part<'a>, Cow<'a, RoaringBitmap>);

/// With fewer passing rows than this for every list, lists are not worth choosing among.
const ROWS_PER_LIST: u64 = 8;
/// Nor below so many: looking at every code is quick, and misses nothing.
const LISTS_FROM: u64 = 250_000;
/// One list of so many, and four at least, is around a query and looked at in any case.
const AROUND: usize = 32;
const LEAST_AROUND: usize = 4;

/// A row that may be among the nearest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// What its score is not above.
    pub(super) bound: f32,
    pub(super) part: usize,
    pub(super) position: u32,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.total_cmp(&other.bound)
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}

/// What passes a filter, part by part; parts where nothing does are left out.
pub(super) fn select<'a>(state: &'a State, filter: Option<&Filter>) -> Vec<Selected<'a>> {
    let selected = state.parts().map(|part| (part, part.select(filter)));
    selected.filter(|(_, rows)| !rows.is_empty()).collect()
}

/// Every row that passes.
pub(super) fn everything(selected: &[Selected<'_>]) -> Vec<Candidate> {
    let of = |(part, (_, rows)): (usize, &Selected<'_>)| {
        let candidate = move |position| Candidate { bound: f32::INFINITY, part, position };
        rows.iter().map(candidate).collect::<Vec<_>>()
    };
    selected.iter().enumerate().flat_map(of).collect()
}

/// A part that is a block, its place among the parts, and its rows that pass.
type Passing<'a> = (usize, &'a Block, &'a RoaringBitmap);

/// The rows among which the nearest `k` are, as sure as the bounds of estimates and of lists are.
pub(super) fn likely(arch: Arch, selected: &[Selected<'_>], query: &Embedding, k: usize) -> Vec<Candidate> {
    let Some((first, _)) = selected.first() else { return Vec::new() };
    let mut rotated = Vec::new();
    first.coding().rotate(arch, query.as_slice(), &mut rotated);
    let mut pool = Pool::new(Query::new(rotated), k);
    let mut settled: Vec<(Arc<Coding>, Vec<Passing<'_>>)> = Vec::new();
    for (index, (part, rows)) in selected.iter().enumerate() {
        match part {
            Part::Run(_, run, _) => pool.scan_run(index, run, rows),
            Part::Block(block, _) => {
                let unknown = block.unknown.iter().filter(|position| rows.contains(**position));
                let candidate =
                    |position: &u32| Candidate { bound: f32::INFINITY, part: index, position: *position };
                pool.candidates.extend(unknown.map(candidate));
                let found = settled.iter_mut().find(|(coding, _)| Arc::ptr_eq(coding, &block.coding));
                match found {
                    Some((_, blocks)) => blocks.push((index, block, rows)),
                    None => settled.push((Arc::clone(&block.coding), vec![(index, block, rows)])),
                }
            }
        }
    }
    for (coding, blocks) in settled {
        let Some(lists) = &coding.lists else { continue };
        let levels = lists.levels(arch, &pool.query.rotated);
        let rounding: Vec<f32> = (0..lists.len()).map(|list| lists.rounding(list)).collect();
        let passing: u64 = blocks.iter().map(|(_, _, rows)| rows.len()).sum();
        if passing < LISTS_FROM.max(ROWS_PER_LIST * lists.len() as u64) {
            blocks.iter().for_each(|block| pool.scan_block(*block, &levels, &rounding));
        } else {
            pool.probe(&blocks, &levels, &rounding);
        }
    }
    pool.finish()
}

/// Candidates in the making.
struct Pool {
    kernel: Kernel,
    query: Query,
    k: usize,
    candidates: Vec<Candidate>,
    /// The `k` highest scores that rows have at least.
    least: BinaryHeap<Reverse<Score>>,
    /// The `k` highest estimates.
    best: BinaryHeap<Reverse<Score>>,
    positions: Vec<usize>,
    distances: Vec<u32>,
}

/// A score that can be compared.
#[derive(PartialEq)]
struct Score(f32);

impl Eq for Score {}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Pool {
    fn new(query: Query, k: usize) -> Self {
        Self {
            kernel: Kernel::new(),
            query,
            k,
            candidates: Vec::new(),
            least: BinaryHeap::with_capacity(k + 1),
            best: BinaryHeap::with_capacity(k + 1),
            positions: Vec::new(),
            distances: Vec::new(),
        }
    }

    fn scan_run(&mut self, part: usize, run: &Rows, rows: &RoaringBitmap) {
        let centre = &run.coding.centre;
        let (mut level, mut away) = (0.0, 0.0);
        for (x, c) in self.query.rotated.iter().zip(centre) {
            level += x * c;
            away += (x - c).powi(2);
        }
        self.positions.clear();
        self.positions.extend(rows.iter().map(|position| position as usize));
        self.estimate(part, &run.codes, level, away.sqrt(), 0.0);
    }

    /// Looks at every row that passes.
    fn scan_block(&mut self, (part, block, rows): Passing<'_>, levels: &[Level], rounding: &[f32]) {
        let mut rows = rows.iter().peekable();
        let mut list = 0;
        while let Some(first) = rows.peek().copied() {
            while block.starts.get(list + 1).is_some_and(|end| *end <= first) {
                list += 1;
            }
            let end = block.starts.get(list + 1).copied().unwrap_or(u32::MAX);
            self.positions.clear();
            while let Some(position) = rows.next_if(|position| *position < end) {
                self.positions.push(position as usize);
            }
            let Some(level) = levels.get(list) else { return };
            self.estimate(part, &block.codes, level.level, level.away, rounding[list]);
        }
    }

    /// Looks at lists, the most hopeful first, until no list may have a row among the best.
    fn probe(&mut self, blocks: &[Passing<'_>], levels: &[Level], rounding: &[f32]) {
        let mut order: Vec<usize> = (0..levels.len()).collect();
        // What is nearly the query is in a list around it, however little the list promises.
        let around = order.len().min((order.len() / AROUND).max(LEAST_AROUND));
        if around < order.len() {
            order.select_nth_unstable_by(around, |a, b| levels[*a].away.total_cmp(&levels[*b].away));
        }
        let hopeful = |list: &usize| (Score(levels[*list].hope), *list);
        let mut others: BinaryHeap<(Score, usize)> = order[around..].iter().map(hopeful).collect();
        order.truncate(around);
        let mut around = order.into_iter();
        loop {
            let next = around.next().or_else(|| {
                let (hope, list) = others.pop()?;
                let beyond = self.best.len() == self.k && self.best.peek().is_some_and(|kth| hope < kth.0);
                (!beyond).then_some(list)
            });
            let Some(list) = next else { break };
            let Level { level, away, .. } = levels[list];
            for (part, block, rows) in blocks {
                let range = block.starts[list]..block.starts[list + 1];
                self.positions.clear();
                self.positions.extend(rows.range(range).map(|position| position as usize));
                self.estimate(*part, &block.codes, level, away, rounding[list]);
            }
        }
    }

    /// Estimates the scores at `positions`.
    fn estimate(&mut self, part: usize, codes: &Codes, level: f32, away: f32, rounding: f32) {
        self.distances.clear();
        self.kernel.distances(
            &self.query.planes,
            &codes.bits,
            self.positions.iter().copied(),
            &mut self.distances,
        );
        for (position, distance) in self.positions.iter().zip(&self.distances) {
            let factors = codes.factors[*position];
            let estimate = self.query.estimate(*distance, factors, level, away);
            let error = estimate.error + rounding;
            let bound = estimate.score + error;
            if self.least.len() == self.k && self.least.peek().is_some_and(|least| bound < least.0.0) {
                continue;
            }
            #[expect(clippy::cast_possible_truncation, reason = "a part has at most 65,536 rows")]
            self.candidates.push(Candidate { bound, part, position: *position as u32 });
            keep(&mut self.least, self.k, estimate.score - error);
            keep(&mut self.best, self.k, estimate.score);
        }
    }

    fn finish(mut self) -> Vec<Candidate> {
        if self.least.len() == self.k
            && let Some(Reverse(Score(least))) = self.least.peek()
        {
            self.candidates.retain(|candidate| candidate.bound >= *least);
        }
        self.candidates
    }
}

/// Keeps the `k` highest scores.
fn keep(heap: &mut BinaryHeap<Reverse<Score>>, k: usize, score: f32) {
    if heap.len() < k {
        heap.push(Reverse(Score(score)));
    } else if let Some(mut lowest) = heap.peek_mut()
        && score > lowest.0.0
    {
        *lowest = Reverse(Score(score));
    }
}
