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
    partition::lists::{Level, Lists},
    run::Rows,
    snapshot::{Part, Selected, State},
};
use crate::{
    domain::{Embedding, Filter},
    error::Result,
};

/// With fewer passing rows than this for every list, lists are not worth choosing among.
const ROWS_PER_LIST: u64 = 8;
/// Rows that are looked at together where lists are not chosen.
const AT_ONCE: usize = 512;

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

/// Lists as a query looks at them, with what it knows of them so far.
struct Around<'a> {
    arch: Arch,
    lists: &'a Lists,
    levels: Vec<Option<Level>>,
}

impl Around<'_> {
    fn level(&mut self, query: &[f32], list: usize) -> Level {
        *self.levels[list].get_or_insert_with(|| self.lists.level(self.arch, query, list))
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
    let mut pool = Pool::new(Query::new(rotated), best.k());
    let mut settled: Vec<(Arc<Coding>, Vec<Passing<'_>>)> = Vec::new();
    for (index, (part, rows)) in selected.iter().enumerate() {
        match part {
            Part::Run(_, run, _) => pool.scan_run(index, run, rows),
            Part::Block(block, _) => {
                let unknown = block.unknown.iter().filter(|position| rows.contains(**position));
                pool.candidates.extend(unknown.map(|position| Candidate::unknown(index, *position)));
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
        let passing: u64 = blocks.iter().map(|(_, _, rows)| rows.len()).sum();
        let mut lists = Around { arch, lists, levels: vec![None; lists.len()] };
        if passing < ROWS_PER_LIST * lists.levels.len() as u64 {
            blocks.iter().for_each(|block| pool.scan_block(*block, &mut lists));
        } else {
            pool.probe(&blocks, &mut lists, best)?;
        }
    }
    best.read(&mut pool.candidates)
}

/// Candidates in the making.
struct Pool {
    kernel: Kernel,
    query: Query,
    k: usize,
    candidates: Vec<Candidate>,
    /// The `k` highest scores that rows have at least.
    least: BinaryHeap<Reverse<Ordered>>,
    /// What a bound must reach by what was read.
    floor: f32,
    rows: Vec<Row>,
    distances: Vec<u32>,
}

/// A row to be looked at, and its list as the query sees it.
#[derive(Clone, Copy)]
struct Row {
    position: u32,
    list: Level,
}

impl Pool {
    fn new(query: Query, k: usize) -> Self {
        Self {
            kernel: Kernel::new(),
            query,
            k,
            candidates: Vec::new(),
            least: BinaryHeap::with_capacity(k + 1),
            floor: f32::NEG_INFINITY,
            rows: Vec::new(),
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
        let list = Level { level, away: away.sqrt() };
        self.rows.extend(rows.iter().map(|position| Row { position, list }));
        self.estimate(part, &run.codes);
    }

    /// Looks at every row that passes.
    fn scan_block(&mut self, (part, block, rows): Passing<'_>, lists: &mut Around<'_>) {
        let mut list = 0;
        for position in rows {
            while block.starts.get(list + 1).is_some_and(|end| *end <= position) {
                list += 1;
            }
            self.rows.push(Row { position, list: lists.level(&self.query.rotated, list) });
            // What is known after some rows rules out most of the next.
            if self.rows.len() == AT_ONCE {
                self.estimate(part, &block.codes);
            }
        }
        self.estimate(part, &block.codes);
    }

    /// Looks at lists, the nearest first, until none of the others reaches as near as the `k`-th best is.
    fn probe(&mut self, blocks: &[Passing<'_>], lists: &mut Around<'_>, best: &mut Best<'_>) -> Result<()> {
        let borders = lists.lists.borders(lists.arch, &self.query.rotated);
        let order = borders.into_iter().enumerate().map(|(list, border)| Reverse((Ordered(border), list)));
        let (mut order, reach): (BinaryHeap<_>, _) = (order.collect(), lists.lists.reach());
        while let Some(Reverse((Ordered(border), list))) = order.pop() {
            if let Some(kth) = best.kth() {
                #[expect(clippy::cast_possible_truncation, reason = "a border is no finer")]
                let radius = (2.0 - 2.0 * kth).max(0.0).sqrt() as f32;
                if border > reach.border(radius) {
                    break;
                }
            }
            for (part, block, rows) in blocks {
                let range = block.starts[list]..block.starts[list + 1];
                let mut rows = rows.range(range.clone()).peekable();
                if rows.peek().is_none() {
                    continue;
                }
                let list = lists.level(&self.query.rotated, list);
                let all = rows.len() == range.len();
                match all {
                    true => self.rows.extend(range.map(|position| Row { position, list })),
                    false => self.rows.extend(rows.map(|position| Row { position, list })),
                }
                self.estimate(*part, &block.codes);
            }
            if self.candidates.is_empty() {
                continue;
            }
            best.read(&mut self.candidates)?;
            #[expect(clippy::cast_possible_truncation, reason = "the next below is not above it")]
            let floor = best.kth().map(|kth| (kth as f32).next_down());
            self.floor = floor.unwrap_or(self.floor);
        }
        Ok(())
    }

    /// Estimates the scores of the rows, once by signs alone and, where that leaves hope, by all that is known.
    fn estimate(&mut self, part: usize, codes: &Codes) {
        let Self { kernel, query, rows, distances, .. } = self;
        let floor = self.least.peek().filter(|_| self.least.len() == self.k);
        let floor = floor.map_or(self.floor, |least| least.0.0.max(self.floor));
        let position = |row: &Row| row.position as usize;
        if floor > f32::NEG_INFINITY {
            distances.clear();
            kernel.sign_distances(&query.planes, &codes.bits, rows.iter().map(position), distances);
            let mut distances = distances.iter();
            rows.retain(|row| {
                let distance = distances.next().copied().unwrap_or_default();
                query.bound_by_signs(distance, codes.factors[position(row)], row.list.level, row.list.away)
                    >= floor
            });
        }
        distances.clear();
        kernel.distances(&query.planes, &codes.bits, rows.iter().map(position), distances);
        for (Row { position, list }, distance) in self.rows.drain(..).zip(&self.distances) {
            let factors = codes.factors[position as usize];
            let estimate = self.query.estimate(*distance, factors, list.level, list.away);
            let bound = estimate.score + estimate.error;
            let enough = self.least.len() == self.k;
            if bound < self.floor || enough && self.least.peek().is_some_and(|least| bound < least.0.0) {
                continue;
            }
            self.candidates.push(Candidate { bound: Ordered(bound), part, position });
            keep(&mut self.least, self.k, estimate.score - estimate.error);
        }
    }
}

/// Keeps the `k` highest scores.
fn keep(heap: &mut BinaryHeap<Reverse<Ordered>>, k: usize, score: f32) {
    if heap.len() < k {
        heap.push(Reverse(Ordered(score)));
    } else if let Some(mut lowest) = heap.peek_mut()
        && score > lowest.0.0
    {
        *lowest = Reverse(Ordered(score));
    }
}
