//! Centroids in eight bits a dimension, and vectors in sixteen to compare with them.
//!
//! Each is a whole number of steps in every dimension, and each has a step of its own. Codes are taken about centroids as
//! they are kept here, so nothing is lost by it.

use pulp::Arch;

use super::products::{Products, Task, dots, row, rows, run};

/// Centroids, one after another.
#[derive(Clone, Debug)]
pub(crate) struct Centroids {
    dimensions: usize,
    kept: Vec<i8>,
    steps: Vec<f32>,
}

impl Centroids {
    /// Takes centroids of so many dimensions, one after another.
    pub(crate) fn new(dimensions: usize, centroids: &[f32]) -> Self {
        let mut kept = Vec::with_capacity(centroids.len());
        let steps = centroids.chunks_exact(dimensions).map(|row| {
            let (step, whole) = in_steps(row, i8::MAX.into());
            #[expect(clippy::cast_possible_truncation, reason = "none is above i8::MAX")]
            kept.extend(whole.map(|whole| whole as i8));
            step
        });
        let steps = steps.collect();
        Self { dimensions, kept, steps }
    }

    /// The centroids of which these are the [`parts`](Self::parts); none when they do not fit together.
    pub(crate) fn from_parts(dimensions: usize, kept: Vec<i8>, steps: Vec<f32>) -> Option<Self> {
        (!steps.is_empty() && kept.len() == steps.len() * dimensions).then_some(Self {
            dimensions,
            kept,
            steps,
        })
    }

    /// All numbers and, by centroid, their steps.
    pub(crate) fn parts(&self) -> (&[i8], &[f32]) {
        (&self.kept, &self.steps)
    }

    /// The first `dimensions` of each.
    pub(super) fn fronts(&self, dimensions: usize) -> Self {
        let rows = self.kept.chunks_exact(self.dimensions);
        let kept = rows.flat_map(|row| &row[..dimensions]).copied().collect();
        Self { dimensions, kept, steps: self.steps.clone() }
    }

    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    pub(super) fn dimensions(&self) -> usize {
        self.dimensions
    }

    #[inline(always)]
    fn row(&self, at: usize) -> &[i8] {
        row(&self.kept, self.dimensions, at)
    }

    /// The `N` centroids from `from` on; the last again where there are less.
    #[inline(always)]
    pub(super) fn rows<const N: usize>(&self, from: usize) -> [&[i8]; N] {
        rows(&self.kept, self.dimensions, from)
    }

    /// The inner product of a centroid with a vector of this step, by that of their whole numbers.
    #[inline(always)]
    pub(super) fn scaled(&self, dot: i32, step: f32, at: usize) -> f32 {
        dot as f32 * (step * self.steps[at])
    }

    /// The numbers of a centroid.
    pub(super) fn get(&self, at: usize) -> impl Iterator<Item = f32> {
        let step = self.steps[at];
        self.row(at).iter().map(move |whole| f32::from(*whole) * step)
    }

    /// A centroid, to be compared with others.
    pub(super) fn vector(&self, at: usize) -> Vector {
        Vector { kept: self.row(at).iter().map(|whole| i16::from(*whole)).collect(), step: self.steps[at] }
    }

    /// The square of the length of each.
    pub(super) fn squares(&self) -> impl Iterator<Item = f32> {
        (0..self.len()).map(|at| self.get(at).map(|x| x * x).sum())
    }

    /// The inner product of a vector and a centroid; where the vector is longer, of its front.
    pub(super) fn product(&self, arch: Arch, vector: &Vector, at: usize) -> f32 {
        run(arch, Product { centroids: self, vector, at })
    }
}

struct Product<'a> {
    centroids: &'a Centroids,
    vector: &'a Vector,
    at: usize,
}

impl Task for Product<'_> {
    type Output = f32;

    #[inline(always)]
    fn run<P: Products>(self, products: P) -> f32 {
        let Self { centroids, vector, at } = self;
        let [[dot]] = dots(products, [&vector.kept], [centroids.row(at)]);
        centroids.scaled(dot, vector.step, at)
    }
}

/// A vector.
#[derive(Clone, Debug)]
pub(crate) struct Vector {
    pub(super) kept: Vec<i16>,
    pub(super) step: f32,
}

impl Vector {
    pub(crate) fn new(vector: &[f32]) -> Self {
        let mut kept = Vec::with_capacity(vector.len());
        let step = Self::push(vector, &mut kept);
        Self { kept, step }
    }

    /// The square of the length of its first `dimensions`.
    pub(super) fn square(&self, dimensions: usize) -> f32 {
        self.kept[..dimensions].iter().map(|whole| (f32::from(*whole) * self.step).powi(2)).sum()
    }

    /// Appends the numbers of a vector, and returns their step.
    pub(super) fn push(vector: &[f32], kept: &mut Vec<i16>) -> f32 {
        // The largest numbers with which no sum of products overflows: 16 512 in 1 024 dimensions.
        let most = i32::MAX as usize / (i8::MAX as usize * vector.len().max(1));
        let (step, whole) = in_steps(vector, most.min(i16::MAX as usize) as i16);
        kept.extend(whole);
        step
    }
}

/// A step, `most` of which reach the largest number, and all numbers in whole steps.
fn in_steps(numbers: &[f32], most: i16) -> (f32, impl Iterator<Item = i16>) {
    let largest = numbers.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    let most = f32::from(most);
    let steps = if largest > 0.0 { most / largest } else { 0.0 };
    // Rounded by hand, as `round` is a call.
    (largest / most, numbers.iter().map(move |x| (x * steps + 0.5_f32.copysign(*x)) as i16))
}
