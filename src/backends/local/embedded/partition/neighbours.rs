//! Where the neighbours of queries are, by a sample.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::{
    assign::front,
    borders::least,
    centroids::Vector,
    lists::Lists,
    products::rows,
    reach::{Reach, Seen},
};

/// Records that play queries, and how many neighbours each looks for.
const QUERIES: usize = 512;
const NEIGHBOURS: usize = 256;
/// Neighbours are looked at from rank to rank, as where they are depends on how near they are; one of so many may be
/// further beyond borders than is looked.
const RANKS: [(Range<usize>, usize); 5] =
    [(0..2, 200), (2..8, 250), (8..32, 250), (32..96, 250), (96..NEIGHBOURS, 250)];
/// One of so many may have come further towards the query.
const TOWARDS: usize = 400;
/// One of so many queries is too far from all centroids to ask only where neighbours usually are.
const UNUSUAL: usize = 20;
/// Vectors that are compared with the same queries at once, and queries with the same vectors: what fits into registers.
const TILE: usize = 4;
const PAIR: usize = 2;
/// Vectors that wait for their list together.
const BATCH: usize = 4 * TILE;

/// Some queries, and the nearest of a sample to each.
pub(super) struct Neighbours<'a> {
    arch: Arch,
    lists: &'a Lists,
    dimensions: usize,
    /// One after another.
    queries: Vec<f32>,
    /// By query, score and list of the nearest so far, best first.
    neighbours: Vec<Vec<(f32, u32)>>,
    /// Vectors that wait to be compared with all queries.
    waiting: Vec<f32>,
}

impl<'a> Neighbours<'a> {
    pub(super) fn new(arch: Arch, lists: &'a Lists, dimensions: usize) -> Self {
        Self { arch, lists, dimensions, queries: Vec::new(), neighbours: Vec::new(), waiting: Vec::new() }
    }

    /// The first of the sample ask, the others are found: the sample is in no order.
    pub(super) fn add(&mut self, vector: &[f32]) {
        if self.neighbours.len() < QUERIES {
            self.queries.extend_from_slice(vector);
            self.neighbours.push(Vec::with_capacity(NEIGHBOURS + 1));
            return;
        }
        self.waiting.extend_from_slice(vector);
        if self.waiting.len() == BATCH * self.dimensions {
            self.compare();
        }
    }

    /// Compares the vectors that wait with all queries.
    fn compare(&mut self) {
        let vectors = std::mem::take(&mut self.waiting);
        let front = front(self.dimensions);
        let fronts: Vec<f32> =
            vectors.chunks_exact(self.dimensions).flat_map(|vector| &vector[..front]).copied().collect();
        let mut lists = Vec::with_capacity(BATCH);
        self.lists.nearest().of(self.arch, &fronts, &mut lists);
        for (vectors, lists) in vectors.chunks(TILE * self.dimensions).zip(lists.chunks(TILE)) {
            let scores =
                self.arch.dispatch(Scores { queries: &self.queries, vectors, dimensions: self.dimensions });
            for (neighbours, scores) in self.neighbours.iter_mut().zip(scores) {
                for (score, list) in scores.into_iter().zip(lists) {
                    let last = neighbours.get(NEIGHBOURS - 1);
                    if last.is_none_or(|(least, _)| score > *least) {
                        let place = neighbours.partition_point(|(other, _)| *other >= score);
                        neighbours.insert(place, (score, *list));
                        neighbours.truncate(NEIGHBOURS);
                    }
                }
            }
        }
    }

    /// Where they are.
    pub(super) fn reach(mut self) -> Reach {
        self.compare();
        let (mut found, mut away) = (RANKS.map(|_| Found::default()), Vec::with_capacity(QUERIES));
        for (query, neighbours) in self.queries.chunks_exact(self.dimensions).zip(&self.neighbours) {
            let query = Vector::new(query);
            let borders = self.lists.borders(self.arch, &query);
            away.extend(least(&borders).map(|list| self.lists.level(self.arch, &query, list).away));
            for (found, (ranks, _)) in found.iter_mut().zip(RANKS) {
                for (score, list) in neighbours.iter().take(ranks.end).skip(ranks.start) {
                    let list = *list as usize;
                    let level = self.lists.level(self.arch, &query, list);
                    let distance = (2.0 - 2.0 * score).max(1e-6).sqrt();
                    found.distances.push(distance);
                    found.beyond.push(borders[list] / distance);
                    found.towards.push(self.lists.towards(list, level, *score));
                }
            }
        }
        let seen = found.into_iter().zip(RANKS).filter_map(|(found, (_, beyond))| found.seen(beyond));
        let mut seen: Vec<Seen> = seen.collect();
        seen.sort_unstable_by(|a, b| a.distance.total_cmp(&b.distance));
        Reach::new(seen, most(away, UNUSUAL).unwrap_or_default())
    }
}

/// What was found of neighbours of some ranks.
#[derive(Default)]
struct Found {
    distances: Vec<f32>,
    beyond: Vec<f32>,
    towards: Vec<f32>,
}

impl Found {
    /// How far away they are in the middle, and where most of them are; none when there are none.
    fn seen(self, beyond: usize) -> Option<Seen> {
        let middle = self.distances.len() / 2;
        Some(Seen {
            distance: *sorted(self.distances).get(middle)?,
            beyond: most(self.beyond, beyond)?,
            towards: most(self.towards, TOWARDS)?,
        })
    }
}

/// What all numbers are not above, but one of `left_out`.
fn most(numbers: Vec<f32>, left_out: usize) -> Option<f32> {
    let above = numbers.len() / left_out;
    sorted(numbers).iter().rev().nth(above).copied()
}

fn sorted(mut numbers: Vec<f32>) -> Vec<f32> {
    numbers.sort_unstable_by(f32::total_cmp);
    numbers
}

/// The inner products of queries with up to four vectors.
struct Scores<'a> {
    queries: &'a [f32],
    vectors: &'a [f32],
    dimensions: usize,
}

impl WithSimd for Scores<'_> {
    /// By query.
    type Output = Vec<[f32; TILE]>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Self { queries, vectors, dimensions } = self;
        let count = queries.len() / dimensions;
        let vectors = rows::<_, TILE>(vectors, dimensions, 0);
        let mut scores = Vec::with_capacity(count + 1);
        for query in (0..count).step_by(PAIR) {
            scores.extend_from_slice(&dots(simd, rows::<_, PAIR>(queries, dimensions, query), vectors));
        }
        scores.truncate(count);
        scores
    }
}

/// The inner products of each of `ones` with each of `rows`; their length is a multiple of 64.
#[inline(always)]
fn dots<S: Simd, const N: usize, const M: usize>(
    simd: S,
    ones: [&[f32]; N],
    rows: [&[f32]; M],
) -> [[f32; M]; N] {
    let length = rows[0].len() / S::F32_LANES;
    let (mut wide_ones, mut wide_rows) = ([&[][..]; N], [&[][..]; M]);
    for at in 0..N {
        wide_ones[at] = &S::as_simd_f32s(ones[at]).0[..length];
    }
    for at in 0..M {
        wide_rows[at] = &S::as_simd_f32s(rows[at]).0[..length];
    }
    let mut sums = [[simd.splat_f32s(0.0); M]; N];
    for at in 0..length {
        for one in 0..N {
            for row in 0..M {
                sums[one][row] = simd.mul_add_e_f32s(wide_ones[one][at], wide_rows[row][at], sums[one][row]);
            }
        }
    }
    let mut dots = [[0.0; M]; N];
    for one in 0..N {
        for row in 0..M {
            dots[one][row] = simd.reduce_sum_f32s(sums[one][row]);
        }
    }
    dots
}
