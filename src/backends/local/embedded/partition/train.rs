//! Centroids by k-means on a sample, and how far the neighbours of a query reach beyond them.

use pulp::Arch;

use super::{
    assign::{Nearest, front},
    lists::Lists,
};

/// Records of the sample for each list.
pub(crate) const SAMPLE: usize = 40;
const ITERATIONS: usize = 6;
/// Records of the sample that play queries, and how many neighbours each looks for.
const QUERIES: usize = 64;
const NEIGHBOURS: usize = 64;
/// The share of neighbours that the reach covers.
const COVERED: f32 = 0.999;

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
    2 * root
}

/// Trains `count` lists on a sample that can be walked as often as needed, in one order: `walk` calls back with every
/// rotated vector. None when `walk` breaks off.
pub(crate) fn train(
    arch: Arch,
    count: usize,
    dimensions: usize,
    mut walk: impl FnMut(&mut dyn FnMut(&[f32])) -> Option<()>,
) -> Option<Lists> {
    let front = front(dimensions);
    let mut fronts = Vec::new();
    walk(&mut |vector| fronts.extend_from_slice(&vector[..front]))?;
    let members = k_means(arch, &fronts, front, count);
    let mut lists = Sums::new(count, dimensions, &members);
    walk(&mut |vector| lists.add(vector))?;
    let mut spreads = Spreads::new(&lists, &members);
    walk(&mut |vector| spreads.add(arch, vector))?;
    Some(spreads.finish())
}

/// The list of every vector of the sample.
fn k_means(arch: Arch, fronts: &[f32], front: usize, count: usize) -> Vec<u32> {
    let vectors = fronts.len() / front;
    let mut members = vec![0; vectors];
    if count == 1 {
        return members;
    }
    let mut random = fastrand::Rng::with_seed(vectors as u64);
    let pick = |random: &mut fastrand::Rng| {
        let at = random.usize(..vectors);
        &fronts[at * front..(at + 1) * front]
    };
    let mut centroids: Vec<f32> = (0..count).flat_map(|_| pick(&mut random)).copied().collect();
    for _ in 0..ITERATIONS {
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
    members
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

/// How wide the lists are, and where the neighbours of queries are.
struct Spreads<'a> {
    dimensions: usize,
    centroids: Vec<f32>,
    sizes: Vec<f32>,
    squares: Vec<f32>,
    members: &'a [u32],
    at: usize,
    queries: Vec<Query>,
}

struct Query {
    vector: Vec<f32>,
    /// Score and list of the nearest so far, best first.
    neighbours: Vec<(f32, u32)>,
}

impl<'a> Spreads<'a> {
    fn new(sums: &Sums<'_>, members: &'a [u32]) -> Self {
        let mut centroids = sums.centroids.clone();
        for (centroid, size) in centroids.chunks_exact_mut(sums.dimensions).zip(&sums.sizes) {
            centroid.iter_mut().for_each(|x| *x /= size.max(1.0));
        }
        let squares = vec![0.0; sums.sizes.len()];
        let (dimensions, sizes) = (sums.dimensions, sums.sizes.clone());
        Self { dimensions, centroids, sizes, squares, members, at: 0, queries: Vec::new() }
    }

    fn centroid(&self, list: u32) -> &[f32] {
        &self.centroids[list as usize * self.dimensions..(list as usize + 1) * self.dimensions]
    }

    fn add(&mut self, arch: Arch, vector: &[f32]) {
        let Some(list) = self.members.get(self.at).copied() else { return };
        self.at += 1;
        self.squares[list as usize] +=
            self.centroid(list).iter().zip(vector).map(|(c, x)| (x - c).powi(2)).sum::<f32>();
        // The first of the sample ask, the others are found: the sample is in no order.
        if self.queries.len() < QUERIES {
            self.queries.push(Query { vector: vector.to_vec(), neighbours: Vec::new() });
            return;
        }
        for query in &mut self.queries {
            let score = arch.dispatch(|| lanes(&query.vector, vector));
            let place = query.neighbours.partition_point(|(other, _)| *other >= score);
            if place < NEIGHBOURS {
                query.neighbours.insert(place, (score, list));
                query.neighbours.truncate(NEIGHBOURS);
            }
        }
    }

    fn finish(self) -> Lists {
        let spread = |(square, size): (&f32, &f32)| (square / size.max(1.0)).sqrt();
        let spreads: Vec<f32> = self.squares.iter().zip(&self.sizes).map(spread).collect();
        let mut reaches = Vec::new();
        for query in &self.queries {
            for (score, list) in &query.neighbours {
                let centroid = self.centroid(*list);
                let level = lanes(&query.vector, centroid);
                let away =
                    query.vector.iter().zip(centroid).map(|(x, c)| (x - c).powi(2)).sum::<f32>().sqrt();
                reaches.push((score - level) / (away * spreads[*list as usize]).max(1e-6));
            }
        }
        reaches.sort_unstable_by(f32::total_cmp);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "few"
        )]
        let at = (reaches.len() as f32 * COVERED) as usize;
        let reach = reaches.get(at.min(reaches.len().saturating_sub(1))).copied().unwrap_or(1.0).max(0.0);
        Lists::new(self.dimensions, self.centroids, spreads, reach)
    }
}

/// The inner product, in eight sums side by side.
#[inline(always)]
fn lanes(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum()
}
