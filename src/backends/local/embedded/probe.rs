//! The nearest rows, by their codes first.

use std::sync::Arc;

use pulp::Arch;
use roaring::RoaringBitmap;

use super::{
    best::{Best, Candidate},
    codes::{estimate::Query, sieve::Row},
    coding::Coding,
    partition::{
        borders::in_order,
        centroids::Vector,
        lists::{Level, Lists},
        reach::Within,
    },
    passing::{ByList, Passing},
    pool::Pool,
    run::Rows,
    snapshot::{Part, Selected, State},
};
use crate::{
    domain::{Embedding, Filter},
    error::Result,
};

/// With fewer passing rows than this for every list, looking at all of them is quicker than choosing among lists.
const ROWS_PER_LIST: u64 = 2;

/// The slack where what passes lies together, in less than half of the lists: a neighbour is then the nearest of a whole
/// list, further beyond its border and towards the query than most of it.
const TOGETHER: f32 = 1.2;

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
            Part::Run(_, run, _) => scan_run(&mut pool, index, run, rows),
            Part::Block(block, _) => {
                let unknown = block.unknown.iter().filter(|position| rows.contains(**position));
                pool.candidates.extend(unknown.map(|position| Candidate::unknown(index, *position)));
                let found = settled.iter_mut().find(|(coding, _)| Arc::ptr_eq(coding, &block.coding));
                let passing = Passing { part: index, block, rows };
                match found {
                    Some((_, blocks)) => blocks.push(passing),
                    None => settled.push((&block.coding, vec![passing])),
                }
            }
        }
    }
    for (coding, blocks) in &settled {
        let Some(lists) = &coding.lists else { continue };
        let passing: u64 = blocks.iter().map(|block| block.rows.len()).sum();
        let among = Among { arch, query: &vector, lists };
        if passing < ROWS_PER_LIST * lists.len() as u64 {
            blocks.iter().for_each(|block| scan_block(&mut pool, *block, &among));
        } else {
            let blocks: Vec<_> = blocks.iter().copied().map(Passing::by_list).collect();
            probe(&mut pool, &blocks, &among, best)?;
        }
    }
    pool.read(best)
}

/// Where the best so far are.
struct Near<'a> {
    lists: &'a Lists,
    /// Lists that were looked at, and those of them in which something passes.
    asked: u32,
    held: u32,
    /// The score of the `k`-th best, and the slack.
    by: (Option<f32>, f32),
    within: Option<Within<'a>>,
}

impl<'a> Near<'a> {
    fn new(lists: &'a Lists) -> Self {
        Self { lists, asked: 0, held: 0, by: (None, 1.0), within: None }
    }

    /// Takes whether anything passes in the list that was looked at.
    fn ask(&mut self, holds: bool) {
        self.asked += 1;
        self.held += u32::from(holds);
    }

    /// Takes the score of the `k`-th best.
    fn update(&mut self, kth: Option<f32>) {
        let by = (kth, if 2 * self.held < self.asked { TOGETHER } else { 1.0 });
        if self.by != by {
            self.by = by;
            self.within = kth.map(|kth| self.lists.reach().within(kth).with_slack(by.1));
        }
    }

    /// Whether lists behind this border are too far away.
    fn is_before(&self, border: f32) -> bool {
        self.within.is_some_and(|within| border > within.border())
    }

    /// Whether a list with this border may hold some of them.
    fn may_be_in(&self, list: usize, border: f32, level: Level) -> bool {
        self.within.is_none_or(|within| self.lists.may_hold(list, border, level, &within))
    }
}

fn row(position: u32, Level { level, away }: Level) -> Row {
    Row { position, level, away }
}

fn scan_run<'a>(pool: &mut Pool<'a>, part: usize, run: &'a Rows, rows: &RoaringBitmap) {
    let centre = &run.coding.centre;
    let (mut level, mut away) = (0.0, 0.0);
    for (x, c) in pool.query.rotated.iter().zip(centre) {
        level += x * c;
        away += (x - c).powi(2);
    }
    let list = Level { level, away: away.sqrt() };
    pool.look(part, &run.codes, rows.iter().map(|position| row(position, list)));
}

/// Looks at every row that passes.
fn scan_block<'a>(pool: &mut Pool<'a>, Passing { part, block, rows }: Passing<'a>, among: &Among<'_>) {
    let (mut list, mut level) = (0, None);
    let rows = rows.iter().map(|position| {
        while block.starts.get(list + 1).is_some_and(|end| *end <= position) {
            (list, level) = (list + 1, None);
        }
        row(position, *level.get_or_insert_with(|| among.level(list)))
    });
    pool.look(part, &block.codes, rows);
}

/// Looks at lists, the nearest first, until none of the others reaches as near as the `k`-th best is. Those on the way
/// whose records are hardly that near are left out, unless the query is an unusual one.
///
/// Vectors are read when no other list reaches as near as the `k`-th best seems to be: by then the best are known, and
/// few others are read before them.
fn probe<'a>(
    pool: &mut Pool<'a>,
    blocks: &[ByList<'a>],
    among: &Among<'_>,
    best: &mut Best<'_>,
) -> Result<()> {
    let lists = among.lists;
    let borders = lists.borders(among.arch, among.query);
    let (mut usual, mut near) = (None, Near::new(lists));
    for (border, list) in in_order(&borders) {
        if near.is_before(border) && best.kth().is_none() {
            pool.read(best)?;
            near.update(pool.kth(best));
        }
        if near.is_before(border) && best.kth().is_some() {
            break;
        }
        let level = among.level(list);
        // The first is the nearest.
        let usual = *usual.get_or_insert_with(|| lists.reach().holds_for(level));
        if usual && !near.may_be_in(list, border, level) {
            continue;
        }
        let mut holds = false;
        for by_list in blocks {
            let Passing { part, block, .. } = by_list.passing;
            holds |= by_list.of(list, |positions| {
                let rows = positions.iter().map(|position| row(*position, level));
                pool.look(part, &block.codes, rows);
            });
        }
        near.ask(holds);
        if best.kth().is_some() && !pool.candidates.is_empty() {
            pool.read(best)?;
        }
        near.update(pool.kth(best));
    }
    Ok(())
}
