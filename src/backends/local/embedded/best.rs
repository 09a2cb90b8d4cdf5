//! The best rows of a search so far, read from the disk in the order of what they promise.

use std::collections::BinaryHeap;

use pulp::Arch;

use super::{
    error::damaged,
    ordered::Ordered,
    scan::Exact,
    snapshot::{Selected, Snapshot},
};
use crate::error::Result;

/// A row that may be among the nearest; the more promising, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// What its score is not above.
    pub(super) bound: Ordered,
    pub(super) part: usize,
    pub(super) position: u32,
}

impl Candidate {
    /// A row of which nothing is known.
    pub(super) fn unknown(part: usize, position: u32) -> Self {
        Self { bound: Ordered(f32::INFINITY), part, position }
    }
}

/// The `k` best of what was read.
pub(super) struct Best<'a> {
    snapshot: &'a Snapshot,
    selected: &'a [Selected<'a>],
    exact: Exact,
    k: usize,
    /// Ids and scores, best first, ties by id.
    hits: Vec<(&'a str, f64)>,
    buffer: Vec<u8>,
}

impl<'a> Best<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        selected: &'a [Selected<'a>],
        arch: Arch,
        query: &[f32],
        k: usize,
    ) -> Self {
        let (exact, hits) = (Exact::new(arch, query), Vec::with_capacity(k + 1));
        Self { snapshot, selected, exact, k, hits, buffer: Vec::new() }
    }

    pub(super) fn k(&self) -> usize {
        self.k
    }

    /// The score of the `k`-th; none while there are fewer.
    pub(super) fn kth(&self) -> Option<f64> {
        self.hits.get(self.k - 1).map(|(_, score)| *score)
    }

    /// Reads `candidates`, those with the highest bound first, until no bound reaches the `k`-th best, and leaves none.
    ///
    /// # Errors
    /// A row that cannot be read is an error that names it.
    pub(super) fn read(&mut self, candidates: &mut Vec<Candidate>) -> Result<()> {
        let mut waiting = BinaryHeap::from(std::mem::take(candidates));
        while let Some(Candidate { bound: Ordered(bound), part, position }) = waiting.pop() {
            if self.kth().is_some_and(|kth| f64::from(bound) < kth) {
                break;
            }
            let (part, _) = &self.selected[part];
            let (id, place) = (part.ids().get(position as usize), part.place(position));
            let numbers = self.snapshot.frames(place)?.read(id, place.row, &mut self.buffer)?;
            let score = self.exact.cosine(numbers.ok_or_else(|| damaged(id, "vector"))?);
            let at = self.hits.partition_point(|(other, more)| {
                more.total_cmp(&score).reverse().then(other.cmp(&id)).is_lt()
            });
            // A row of which nothing is known is a candidate by itself, and again with its list.
            let again = self.hits.get(at).is_some_and(|(other, _)| *other == id);
            if at < self.k && !again {
                self.hits.insert(at, (id, score));
                self.hits.truncate(self.k);
            }
        }
        *candidates = waiting.into_vec();
        candidates.clear();
        Ok(())
    }

    pub(super) fn into_hits(self) -> Vec<(&'a str, f64)> {
        self.hits
    }
}
