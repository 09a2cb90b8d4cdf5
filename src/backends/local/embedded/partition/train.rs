//! Centroids by k-means on a sample, and how far the neighbours of a query reach beyond them.

use std::{
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

use fastrand::Rng;
use pulp::{Arch, Simd, WithSimd};

use super::{
    assign::{Nearest, front},
    borders::in_order,
    centroids::{Centroids, Vector},
    lists::{Lists, Reach, Seen},
    products::rows,
};

const ITERATIONS: usize = 4;
/// The most dimensions that k-means looks at while centroids still move.
const ROUGH: usize = 128;
/// Records that play queries, and how many neighbours each looks for.
const QUERIES: usize = 512;
const NEIGHBOURS: usize = 256;
/// Neighbours are looked at from rank to rank, as where they are depends on how near they are; one of so many may be
/// further beyond borders than is looked.
const RANKS: [(Range<usize>, usize); 5] =
    [(0..2, 100), (2..8, 100), (8..32, 250), (32..96, 250), (96..NEIGHBOURS, 250)];
/// One of so many may have come further towards the query.
const TOWARDS: usize = 400;
/// One of so many queries is too far from all centroids to ask only where neighbours usually are.
const UNUSUAL: usize = 20;
/// Vectors that are compared with the same queries at once, and queries with the same vectors: what fits into registers.
const TILE: usize = 4;
const PAIR: usize = 2;
/// Vectors that wait for their list together.
const BATCH: usize = 4 * TILE;

/// The samples of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sample {
    /// What centroids are the means of.
    Shape,
    /// What neighbours are looked for in. It is drawn anew: what drew a centroid to itself is nearer to it than others.
    Reach,
}

impl Sample {
    /// How many records it has for each list.
    pub(crate) fn of_each(self) -> usize {
        match self {
            Self::Shape => 20,
            Self::Reach => 10,
        }
    }
}

/// How many lists `records` are worth: one while few, then as many as keep both centroids and lists short.
pub(crate) fn lists(records: u64) -> usize {
    if records < 8192 {
        return 1;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a root"
    )]
    let root = (records as f64).sqrt() as usize;
    4 * root
}

/// Trains `count` lists on samples that can be walked as often as needed, in one order: `walk` calls back with every
/// rotated vector. None when `walk` breaks off or has nothing to show, and when told to stop.
pub(crate) fn train(
    arch: Arch,
    count: usize,
    dimensions: usize,
    stop: &AtomicBool,
    mut walk: impl FnMut(Sample, &mut dyn FnMut(&[f32])) -> Option<()>,
) -> Option<Lists> {
    let front = front(dimensions);
    let mut fronts = Vec::new();
    walk(Sample::Shape, &mut |vector| fronts.extend_from_slice(&vector[..front]))?;
    if fronts.is_empty() {
        return None;
    }
    let members = k_means(arch, &fronts, front, count, stop)?;
    let mut sums = Sums::new(count, dimensions, &members);
    walk(Sample::Shape, &mut |vector| sums.add(vector))?;
    let lists = Lists::new(Centroids::new(dimensions, &sums.means()), Reach::new(Vec::new(), 0.0));
    if count == 1 {
        return Some(lists);
    }
    let mut reaches = Reaches::new(arch, &lists, dimensions);
    walk(Sample::Reach, &mut |vector| reaches.add(vector))?;
    let reach = reaches.finish();
    Some(lists.with_reach(reach))
}

/// The list of every vector of the sample; none when told to stop.
fn k_means(arch: Arch, fronts: &[f32], front: usize, count: usize, stop: &AtomicBool) -> Option<Vec<u32>> {
    let vectors = fronts.len() / front;
    let mut members = vec![0; vectors];
    if count == 1 {
        return Some(members);
    }
    let mut random = Rng::with_seed(vectors as u64);
    let rough = front.min(ROUGH);
    let roughs: Vec<f32> = fronts.chunks_exact(front).flat_map(|vector| &vector[..rough]).copied().collect();
    let mut centroids: Vec<f32> =
        (0..count).flat_map(|_| row(&roughs, rough, random.usize(..vectors))).copied().collect();
    for _ in 0..ITERATIONS {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        Nearest::new(Centroids::new(rough, &centroids)).of(arch, &roughs, &mut members);
        centroids = means(&roughs, rough, count, &members, &mut random);
    }
    let centroids = means(fronts, front, count, &members, &mut random);
    Nearest::new(Centroids::new(front, &centroids)).of(arch, fronts, &mut members);
    Some(members)
}

/// The mean of the members of every list; any vector for a list that has none.
fn means(vectors: &[f32], length: usize, count: usize, members: &[u32], random: &mut Rng) -> Vec<f32> {
    let mut sums = Sums::new(count, length, members);
    vectors.chunks_exact(length).for_each(|vector| sums.add(vector));
    let empty: Vec<usize> = (0..count).filter(|list| sums.sizes[*list] == 0.0).collect();
    let mut centroids = sums.means();
    for list in empty {
        let any = row(vectors, length, random.usize(..members.len()));
        centroids[list * length..(list + 1) * length].copy_from_slice(any);
    }
    centroids
}

fn row(vectors: &[f32], length: usize, at: usize) -> &[f32] {
    &vectors[at * length..(at + 1) * length]
}

/// Centroids in the making.
struct Sums<'a> {
    dimensions: usize,
    centroids: Vec<f32>,
    sizes: Vec<f32>,
    members: std::slice::Iter<'a, u32>,
}

impl<'a> Sums<'a> {
    fn new(count: usize, dimensions: usize, members: &'a [u32]) -> Self {
        let centroids = vec![0.0; count * dimensions];
        Self { dimensions, centroids, sizes: vec![0.0; count], members: members.iter() }
    }

    fn add(&mut self, vector: &[f32]) {
        let Some(list) = self.members.next().map(|list| *list as usize) else { return };
        self.sizes[list] += 1.0;
        let sum = &mut self.centroids[list * self.dimensions..(list + 1) * self.dimensions];
        sum.iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
    }

    fn means(mut self) -> Vec<f32> {
        for (centroid, size) in self.centroids.chunks_exact_mut(self.dimensions).zip(&self.sizes) {
            centroid.iter_mut().for_each(|x| *x /= size.max(1.0));
        }
        self.centroids
    }
}

/// Where the neighbours of queries are.
struct Reaches<'a> {
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

impl<'a> Reaches<'a> {
    fn new(arch: Arch, lists: &'a Lists, dimensions: usize) -> Self {
        Self { arch, lists, dimensions, queries: Vec::new(), neighbours: Vec::new(), waiting: Vec::new() }
    }

    /// The first of the sample ask, the others are found: the sample is in no order.
    fn add(&mut self, vector: &[f32]) {
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

    fn finish(mut self) -> Reach {
        self.compare();
        let (mut found, mut away) = (RANKS.map(|_| Found::default()), Vec::with_capacity(QUERIES));
        for (query, neighbours) in self.queries.chunks_exact(self.dimensions).zip(&self.neighbours) {
            let query = Vector::new(query);
            let borders = self.lists.borders(self.arch, &query);
            let nearest = in_order(&borders).next();
            away.extend(nearest.map(|(_, list)| self.lists.level(self.arch, &query, list).away));
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
