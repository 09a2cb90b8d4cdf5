//! Rows on their way to be candidates, and candidates on theirs to be read.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    best::{Best, Candidate},
    codes::{
        code::Codes,
        estimate::Query,
        sieve::{Row, Sieve},
    },
    ordered::Ordered,
};
use crate::error::Result;

/// What a search knows before it reads vectors.
pub(super) struct Pool<'a> {
    pub(super) query: &'a Query,
    pub(super) candidates: Vec<Candidate>,
    /// What rows have at least.
    least: Highest,
    /// What they seem to have.
    seeming: Highest,
    /// What a bound must reach by what was read.
    floor: f32,
    /// The part that rows to be looked at are in, and its codes.
    part: Option<(usize, &'a Codes)>,
    sieve: Sieve,
}

impl<'a> Pool<'a> {
    pub(super) fn new(query: &'a Query, k: usize) -> Self {
        Self {
            query,
            candidates: Vec::new(),
            least: Highest::new(k),
            seeming: Highest::new(k),
            floor: f32::NEG_INFINITY,
            part: None,
            sieve: Sieve::new(),
        }
    }

    /// The score of the `k`-th best so far: as it was read, or as it seems to be.
    pub(super) fn kth(&self, best: &Best<'_>) -> Option<f32> {
        #[expect(clippy::cast_possible_truncation, reason = "a border is no finer")]
        best.kth().map(|kth| kth as f32).or(self.seeming.kth())
    }

    /// Reads the candidates so far.
    pub(super) fn read(&mut self, best: &mut Best<'_>) -> Result<()> {
        self.estimate();
        best.read(&mut self.candidates)?;
        #[expect(clippy::cast_possible_truncation, reason = "the next below is not above it")]
        let floor = best.kth().map(|kth| (kth as f32).next_down());
        self.floor = floor.unwrap_or(self.floor);
        Ok(())
    }

    /// Looks at rows of a part once there are enough of them.
    pub(super) fn look(&mut self, part: usize, codes: &'a Codes, mut rows: impl Iterator<Item = Row>) {
        if self.part.is_none_or(|(other, _)| other != part) {
            self.estimate();
            self.part = Some((part, codes));
        }
        while self.sieve.fill(&mut rows) {
            self.estimate();
        }
    }

    /// Makes candidates of the rows that may be among the best.
    fn estimate(&mut self) {
        let Some((part, codes)) = self.part else { return };
        let Self { query, candidates, least, seeming, floor, sieve, .. } = self;
        let reached = |least: &Highest| least.kth().map_or(*floor, |least| least.max(*floor));
        sieve.sift(codes, query, reached(least), |position, estimate| {
            let bound = estimate.score + estimate.error;
            if bound >= reached(least) {
                candidates.push(Candidate { bound: Ordered(bound), part, position });
                least.keep(estimate.score - estimate.error);
                seeming.keep(estimate.score);
            }
        });
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
