//! Centroids by k-means on a sample, and how far the neighbours of a query reach beyond them.

use std::{
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

use pulp::Arch;

use super::{
    assign::{Nearest, front},
    lists::{Lists, Reach, halve, product},
};

/// Records of the sample for each list.
pub(crate) const SAMPLE: usize = 20;
const ITERATIONS: usize = 4;
/// Records of the sample that play queries, and how many neighbours each looks for.
const QUERIES: usize = 256;
const NEIGHBOURS: usize = 256;
/// Neighbours are looked at from rank to rank, as how far they are beyond borders depends on how near they are; one of so
/// many may be beyond the reach.
const RANKS: [(Range<usize>, usize); 5] =
    [(0..2, 75), (2..8, 75), (8..32, 100), (32..96, 200), (96..NEIGHBOURS, 200)];

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

/// Trains `count` lists on a sample that can be walked as often as needed, in one order: `walk` calls back with every
/// rotated vector. None when `walk` breaks off or has nothing to show, and when told to stop.
pub(crate) fn train(
    arch: Arch,
    count: usize,
    dimensions: usize,
    stop: &AtomicBool,
    mut walk: impl FnMut(&mut dyn FnMut(&[f32])) -> Option<()>,
) -> Option<Lists> {
    let front = front(dimensions);
    let mut fronts = Vec::new();
    walk(&mut |vector| fronts.extend_from_slice(&vector[..front]))?;
    if fronts.is_empty() {
        return None;
    }
    let members = k_means(arch, &fronts, front, count, stop)?;
    let mut lists = Sums::new(count, dimensions, &members);
    walk(&mut |vector| lists.add(vector))?;
    let mut reaches = Reaches::new(arch, lists, &members);
    walk(&mut |vector| reaches.add(vector))?;
    Some(reaches.finish())
}

/// The list of every vector of the sample; none when told to stop.
fn k_means(arch: Arch, fronts: &[f32], front: usize, count: usize, stop: &AtomicBool) -> Option<Vec<u32>> {
    let vectors = fronts.len() / front;
    let mut members = vec![0; vectors];
    if count == 1 {
        return Some(members);
    }
    let mut random = fastrand::Rng::with_seed(vectors as u64);
    let pick = |random: &mut fastrand::Rng| {
        let at = random.usize(..vectors);
        &fronts[at * front..(at + 1) * front]
    };
    let mut centroids: Vec<f32> = (0..count).flat_map(|_| pick(&mut random)).copied().collect();
    for _ in 0..ITERATIONS {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        Nearest::new(centroids.clone(), front).of(arch, fronts, &mut members);
        let mut sizes = vec![0.0_f32; count];
        centroids.fill(0.0);
        for (list, vector) in members.iter().zip(fronts.chunks_exact(front)) {
            let list = *list as usize;
            sizes[list] += 1.0;
            centroids[list * front..(list + 1) * front].iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
        }
        for (centroid, size) in centroids.chunks_exact_mut(front).zip(sizes) {
            if size == 0.0 {
                centroid.copy_from_slice(pick(&mut random));
            } else {
                centroid.iter_mut().for_each(|x| *x /= size);
            }
        }
    }
    Nearest::new(centroids, front).of(arch, fronts, &mut members);
    Some(members)
}

/// The centroids in all dimensions, in the making.
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
}

/// Where the neighbours of queries are.
struct Reaches<'a> {
    arch: Arch,
    lists: Lists,
    members: std::slice::Iter<'a, u32>,
    queries: Vec<Query>,
    /// By query and list.
    borders: Vec<Vec<f32>>,
}

struct Query {
    vector: Vec<f32>,
    /// Score and list of the nearest so far, best first.
    neighbours: Vec<(f32, u32)>,
}

impl<'a> Reaches<'a> {
    fn new(arch: Arch, sums: Sums<'_>, members: &'a [u32]) -> Self {
        let Sums { dimensions, mut centroids, sizes, .. } = sums;
        for (centroid, size) in centroids.chunks_exact_mut(dimensions).zip(&sizes) {
            centroid.iter_mut().for_each(|x| *x /= size.max(1.0));
        }
        let centroids = centroids.into_iter().map(halve).collect();
        let lists = Lists::new(dimensions, centroids, Reach::new(Vec::new()));
        Self { arch, lists, members: members.iter(), queries: Vec::new(), borders: Vec::new() }
    }

    /// The first of the sample ask, the others are found: the sample is in no order.
    fn add(&mut self, vector: &[f32]) {
        let Some(list) = self.members.next() else { return };
        if self.queries.len() < QUERIES {
            self.queries.push(Query { vector: vector.to_vec(), neighbours: Vec::new() });
            self.borders.push(self.lists.borders(self.arch, vector));
            return;
        }
        for query in &mut self.queries {
            let score = product(self.arch, &query.vector, vector);
            let last = query.neighbours.get(NEIGHBOURS - 1);
            if last.is_none_or(|(least, _)| score > *least) {
                let place = query.neighbours.partition_point(|(other, _)| *other >= score);
                query.neighbours.insert(place, (score, *list));
                query.neighbours.truncate(NEIGHBOURS);
            }
        }
    }

    fn finish(self) -> Lists {
        let mut found: Vec<_> =
            RANKS.into_iter().filter_map(|(ranks, left_out)| self.reach(ranks, left_out)).collect();
        found.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        self.lists.with_reach(Reach::new(found))
    }

    /// How far away neighbours of these ranks are in the middle, and the share of it that most are beyond borders.
    fn reach(&self, ranks: Range<usize>, left_out: usize) -> Option<(f32, f32)> {
        let (mut distances, mut shares) = (Vec::new(), Vec::new());
        for (query, borders) in self.queries.iter().zip(&self.borders) {
            for (score, list) in query.neighbours.iter().take(ranks.end).skip(ranks.start) {
                let distance = (2.0 - 2.0 * score).max(1e-6).sqrt();
                distances.push(distance);
                shares.push(borders[*list as usize] / distance);
            }
        }
        distances.sort_unstable_by(f32::total_cmp);
        shares.sort_unstable_by(f32::total_cmp);
        let share = *shares.iter().rev().nth(shares.len() / left_out)?;
        Some((*distances.get(distances.len() / 2)?, share))
    }
}
