//! The nearest centroid of many vectors, by the first dimensions alone.
//!
//! Rotated vectors are as random in any 256 dimensions as in all (Johnson and Lindenstrauss), which is enough to tell
//! neighbourhoods apart, at a quarter of the work.

use pulp::{Arch, Simd, WithSimd};

/// The most dimensions that are looked at.
const FRONT: usize = 256;
/// Centroids whose distance squared is less are one to rounding, and have no border between them.
const APART: f32 = 1e-6;
/// Vectors that share one look at a centroid.
const TILE: usize = 4;

/// Centroids as vectors are compared with them.
#[derive(Clone, Debug)]
pub(crate) struct Nearest {
    front: usize,
    centroids: Vec<f32>,
    /// Half the square of each centroid's length: the nearest has the largest inner product, less this.
    halves: Vec<f32>,
}

/// How many dimensions of vectors of `rotated` are looked at.
pub(crate) fn front(rotated: usize) -> usize {
    rotated.min(FRONT)
}

impl Nearest {
    /// Takes centroids of `front` dimensions, one after another.
    pub(crate) fn new(centroids: Vec<f32>, front: usize) -> Self {
        let half = |centroid: &[f32]| centroid.iter().map(|x| x * x).sum::<f32>() / 2.0;
        Self { front, halves: centroids.chunks_exact(front).map(half).collect(), centroids }
    }

    /// Writes the nearest centroid of each of `vectors`, each given by its first dimensions.
    pub(crate) fn of(&self, arch: Arch, vectors: &[f32], out: &mut Vec<u32>) {
        out.clear();
        arch.dispatch(Assign { nearest: self, vectors, out });
    }

    /// By centroid, how far a vector is, by its first dimensions, from the border between that centroid and the nearest:
    /// 0 for the nearest.
    pub(crate) fn borders(&self, arch: Arch, vector: &[f32]) -> Vec<f32> {
        let (mut products, mut between) = (Vec::new(), Vec::new());
        arch.dispatch(Products { nearest: self, vector, out: &mut products });
        // The square of a distance, less the vector's own square, halved.
        let halved: Vec<f32> =
            products.iter().zip(&self.halves).map(|(product, half)| half - product).collect();
        let Some(nearest) = (0..halved.len()).min_by(|a, b| halved[*a].total_cmp(&halved[*b])) else {
            return halved;
        };
        let centroid = &self.centroids[nearest * self.front..(nearest + 1) * self.front];
        arch.dispatch(Products { nearest: self, vector: centroid, out: &mut between });
        let border = |list: usize| {
            let apart = 2.0 * (self.halves[list] + self.halves[nearest] - between[list]);
            (halved[list] - halved[nearest]) / apart.max(APART).sqrt()
        };
        (0..halved.len()).map(border).collect()
    }
}

struct Assign<'a> {
    nearest: &'a Nearest,
    vectors: &'a [f32],
    out: &'a mut Vec<u32>,
}

impl WithSimd for Assign<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { nearest: Nearest { front, centroids, halves }, vectors, out } = self;
        for tile in vectors.chunks(TILE * front) {
            let rows = rows(tile, *front);
            let (mut best, mut lists) = ([f32::NEG_INFINITY; TILE], [0; TILE]);
            for list in 0..halves.len() {
                let dots = dots(simd, &centroids[list * front..(list + 1) * front], rows);
                for row in 0..TILE {
                    if dots[row] - halves[list] > best[row] {
                        (best[row], lists[row]) = (dots[row] - halves[list], list as u32);
                    }
                }
            }
            out.extend_from_slice(&lists[..tile.len() / front]);
        }
    }
}

/// Appends the inner products of a vector with every centroid.
struct Products<'a> {
    nearest: &'a Nearest,
    vector: &'a [f32],
    out: &'a mut Vec<f32>,
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { nearest: Nearest { front, centroids, .. }, vector, out } = self;
        for tile in centroids.chunks(TILE * front) {
            let dots = dots(simd, vector, rows(tile, *front));
            out.extend_from_slice(&dots[..tile.len() / front]);
        }
    }
}

/// The vectors of a tile; where it has less than `TILE`, the first again.
#[inline(always)]
fn rows(tile: &[f32], front: usize) -> [&[f32]; TILE] {
    let mut rows = [&tile[..front]; TILE];
    for row in 1..tile.len() / front {
        rows[row] = &tile[row * front..(row + 1) * front];
    }
    rows
}

/// The inner products of one vector with four; their length is a multiple of 64.
#[inline(always)]
fn dots<S: Simd>(simd: S, one: &[f32], rows: [&[f32]; TILE]) -> [f32; TILE] {
    let (one, _) = S::as_simd_f32s(one);
    let [a, b, c, d] = rows;
    let (a, b) = (S::as_simd_f32s(a).0, S::as_simd_f32s(b).0);
    let (c, d) = (S::as_simd_f32s(c).0, S::as_simd_f32s(d).0);
    let (a, b, c, d) = (&a[..one.len()], &b[..one.len()], &c[..one.len()], &d[..one.len()]);
    let mut sums = [simd.splat_f32s(0.0); TILE];
    for at in 0..one.len() {
        sums[0] = simd.mul_add_e_f32s(one[at], a[at], sums[0]);
        sums[1] = simd.mul_add_e_f32s(one[at], b[at], sums[1]);
        sums[2] = simd.mul_add_e_f32s(one[at], c[at], sums[2]);
        sums[3] = simd.mul_add_e_f32s(one[at], d[at], sums[3]);
    }
    let [a, b, c, d] = sums;
    [simd.reduce_sum_f32s(a), simd.reduce_sum_f32s(b), simd.reduce_sum_f32s(c), simd.reduce_sum_f32s(d)]
}
