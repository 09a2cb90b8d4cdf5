//! Centroids in the form in which they are kept and compared with a query.

use pulp::{Arch, NullaryFnOnce};

use super::assign::{Nearest, front};

/// What a query must know about a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    /// The inner product of query and centroid.
    pub(crate) level: f32,
    /// The distance between them.
    pub(crate) away: f32,
    /// How good a score its best record may have.
    pub(crate) hope: f32,
}

/// The centroids of a partition, rotated.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    dimensions: usize,
    centroids: Vec<f32>,
    /// The root mean square distance of its records from each centroid.
    spreads: Vec<f32>,
    /// By how many spreads, along the way to a query, its neighbours lie beyond their centroid.
    reach: f32,
    squares: Vec<f32>,
    /// The centroids in eight bits, each with the size of its step.
    small: Vec<i8>,
    steps: Vec<f32>,
    nearest: Nearest,
}

impl Lists {
    pub(crate) fn new(dimensions: usize, centroids: Vec<f32>, spreads: Vec<f32>, reach: f32) -> Self {
        let square = |centroid: &[f32]| centroid.iter().map(|x| x * x).sum();
        let (mut small, mut steps, mut fronts) =
            (Vec::with_capacity(centroids.len()), Vec::new(), Vec::new());
        for centroid in centroids.chunks_exact(dimensions) {
            steps.push(shrink(centroid, &mut small));
            fronts.extend_from_slice(&centroid[..front(dimensions)]);
        }
        Self {
            dimensions,
            squares: centroids.chunks_exact(dimensions).map(square).collect(),
            centroids,
            spreads,
            reach,
            small,
            steps,
            nearest: Nearest::new(fronts, front(dimensions)),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.spreads.len()
    }

    pub(crate) fn centroid(&self, list: usize) -> &[f32] {
        &self.centroids[list * self.dimensions..(list + 1) * self.dimensions]
    }

    pub(crate) fn nearest(&self) -> &Nearest {
        &self.nearest
    }

    /// Centroids, spreads and reach, as [`new`](Self::new) takes them.
    pub(crate) fn parts(&self) -> (&[f32], &[f32], f32) {
        (&self.centroids, &self.spreads, self.reach)
    }

    /// What a rotated query of length 1 must know about every list, to about a thousandth.
    pub(crate) fn levels(&self, arch: Arch, query: &[f32]) -> Vec<Level> {
        let mut small = Vec::with_capacity(query.len());
        let step = shrink(query, &mut small);
        let mut dots = Vec::with_capacity(self.len());
        arch.dispatch(Dots { query: &small, centroids: &self.small, dots: &mut dots });
        #[expect(clippy::cast_precision_loss, reason = "the sum of a few thousand small numbers")]
        let level = |(list, dot): (usize, &i32)| self.level(list, *dot as f32 * step * self.steps[list]);
        dots.iter().enumerate().map(level).collect()
    }

    fn level(&self, list: usize, level: f32) -> Level {
        let away = (1.0 + self.squares[list] - 2.0 * level).max(0.0).sqrt();
        Level { level, away, hope: level + self.reach * away * self.spreads[list] }
    }

    /// How far a level may be off, by rounding to eight bits: each number by a step's root of a twelfth, at random.
    pub(crate) fn rounding(&self, list: usize) -> f32 {
        4e-4 * 4.0 * self.squares[list].sqrt()
    }
}

/// Appends `numbers` in eight bits and returns the size of a step.
fn shrink(numbers: &[f32], out: &mut Vec<i8>) -> f32 {
    let largest = numbers.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
    let step = (largest / 127.0).max(f32::MIN_POSITIVE);
    #[expect(clippy::cast_possible_truncation, reason = "between -127 and 127")]
    out.extend(numbers.iter().map(|x| (x / step).round() as i8));
    step
}

/// The inner products of a query with centroids, in eight bits.
struct Dots<'a> {
    query: &'a [i8],
    centroids: &'a [i8],
    dots: &'a mut Vec<i32>,
}

impl NullaryFnOnce for Dots<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for centroid in self.centroids.chunks_exact(self.query.len()) {
            let products = centroid.iter().zip(self.query).map(|(a, b)| i32::from(*a) * i32::from(*b));
            self.dots.push(products.sum());
        }
    }
}
