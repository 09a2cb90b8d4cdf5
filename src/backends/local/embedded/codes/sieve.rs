//! Rows that are looked at together, by little of their codes first.
//!
//! Signs of the front rule most rows out, all signs most of the rest, and what is left is estimated by four bits of the query.

use super::{
    code::{self, Codes, Factors},
    estimate::{Estimate, Query, Sight},
    kernel::Kernel,
};

/// Rows that are looked at together: enough to be on their way from memory at the same time, and so few that what is known
/// after them rules out most of the next.
pub(crate) const AT_ONCE: usize = 128;

/// A row to be looked at, and what the query says of the centre of its code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) position: u32,
    /// The inner product of query and centre.
    pub(crate) level: f32,
    /// The distance between them.
    pub(crate) away: f32,
}

impl Row {
    #[inline(always)]
    fn at(&self) -> usize {
        self.position as usize
    }
}

/// At most [`AT_ONCE`] rows, and the distances of their codes as far as they were looked at.
#[derive(Debug)]
pub(crate) struct Sieve {
    kernel: Kernel,
    rows: Vec<Row>,
    distances: [u32; AT_ONCE],
}

impl Sieve {
    pub(crate) fn new() -> Self {
        Self { kernel: Kernel::new(), rows: Vec::with_capacity(AT_ONCE), distances: [0; AT_ONCE] }
    }

    /// Takes rows until it is full, and says whether it is.
    pub(crate) fn fill(&mut self, rows: impl Iterator<Item = Row>) -> bool {
        self.rows.extend(rows.take(AT_ONCE - self.rows.len()));
        self.rows.len() == AT_ONCE
    }

    /// Calls back with the rows whose score may reach `floor`, and leaves none.
    pub(crate) fn sift(
        &mut self,
        codes: &Codes,
        query: &Query,
        floor: f32,
        mut each: impl FnMut(u32, Estimate),
    ) {
        let all = query.planes.signs().len();
        let front = code::front(all);
        codes.fetch_fronts(self.rows.iter().map(Row::at));
        if floor > f32::NEG_INFINITY {
            let (front, rest) = query.planes.signs().split_at(front);
            self.distances.fill(0);
            self.see_fronts(codes, [front]);
            self.keep(codes, query.front, floor, Factors::of_front);
            codes.fetch_rests(self.rows.iter().map(Row::at));
            self.see_rests(codes, [rest]);
            self.keep(codes, query.signs, floor, |factors| factors);
        } else {
            codes.fetch_rests(self.rows.iter().map(Row::at));
        }
        self.distances.fill(0);
        self.see_fronts(codes, query.planes.words(0..front));
        self.see_rests(codes, query.planes.words(front..all));
        for (row, distance) in self.rows.drain(..).zip(self.distances) {
            each(row.position, query.whole.estimate(distance, codes.factors(row.at()), row.level, row.away));
        }
    }

    fn see_fronts<const N: usize>(&mut self, codes: &Codes, planes: [&[u64]; N]) {
        self.kernel.add(
            planes,
            &self.rows,
            #[inline(always)]
            |row| codes.front(row.at()),
            &mut self.distances,
        );
    }

    fn see_rests<const N: usize>(&mut self, codes: &Codes, planes: [&[u64]; N]) {
        self.kernel.add(
            planes,
            &self.rows,
            #[inline(always)]
            |row| codes.rest(row.at()),
            &mut self.distances,
        );
    }

    /// Leaves the rows whose score may reach `floor`. None is branched on: which do is as good as random.
    #[inline(always)]
    fn keep(&mut self, codes: &Codes, sight: Sight, floor: f32, factors: impl Fn(Factors) -> Factors) {
        let mut kept = 0;
        for at in 0..self.rows.len().min(AT_ONCE) {
            let (row, distance) = (self.rows[at], self.distances[at]);
            let factors = factors(codes.factors(row.at()));
            let passes = sight.may_reach(floor, distance, factors, row.level, row.away);
            (self.rows[kept], self.distances[kept]) = (row, distance);
            kept += usize::from(passes);
        }
        self.rows.truncate(kept);
    }
}
