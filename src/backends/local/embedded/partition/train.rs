//! Centroids by k-means on a sample.

use std::sync::atomic::{AtomicBool, Ordering};

use fastrand::Rng;
use pulp::Arch;

use super::{
    assign::{Nearest, front},
    centroids::Centroids,
    lists::Lists,
    neighbours::Neighbours,
    products::row,
    reach::Reach,
};

const ITERATIONS: usize = 4;
/// The most dimensions that k-means looks at while centroids still move.
const ROUGH: usize = 128;

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
    let lists = Lists::new(Centroids::new(dimensions, &sums.means()), Reach::default());
    if count == 1 {
        return Some(lists);
    }
    let mut neighbours = Neighbours::new(arch, &lists, dimensions);
    walk(Sample::Reach, &mut |vector| neighbours.add(vector))?;
    let reach = neighbours.reach();
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
