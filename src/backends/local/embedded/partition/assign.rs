//! The nearest centroid of many vectors, by the first dimensions alone.
//!
//! Rotated vectors are as random in any 256 dimensions as in all (Johnson and Lindenstrauss), which is enough to tell
//! neighbourhoods apart, at a quarter of the work.

use pulp::{Arch, Simd, WithSimd};

/// The most dimensions that are looked at.
const FRONT: usize = 256;
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
            let rows: [&[f32]; TILE] = std::array::from_fn(|row| {
                let row = if (row + 1) * front <= tile.len() { row } else { 0 };
                &tile[row * front..(row + 1) * front]
            });
            let (mut best, mut lists) = ([f32::NEG_INFINITY; TILE], [0; TILE]);
            for (list, (centroid, half)) in (0..).zip(centroids.chunks_exact(*front).zip(halves)) {
                let dots = dots(simd, centroid, rows);
                for row in 0..TILE {
                    if dots[row] - half > best[row] {
                        (best[row], lists[row]) = (dots[row] - half, list);
                    }
                }
            }
            out.extend_from_slice(&lists[..tile.len() / front]);
        }
    }
}

/// The inner products of one vector with four; their length is a multiple of 64.
#[inline(always)]
fn dots<S: Simd>(simd: S, one: &[f32], rows: [&[f32]; TILE]) -> [f32; TILE] {
    let (one, _) = S::as_simd_f32s(one);
    let [a, b, c, d] = rows.map(|row| S::as_simd_f32s(row).0);
    let mut sums = [simd.splat_f32s(0.0); TILE];
    for ((((one, a), b), c), d) in one.iter().zip(a).zip(b).zip(c).zip(d) {
        sums[0] = simd.mul_add_e_f32s(*one, *a, sums[0]);
        sums[1] = simd.mul_add_e_f32s(*one, *b, sums[1]);
        sums[2] = simd.mul_add_e_f32s(*one, *c, sums[2]);
        sums[3] = simd.mul_add_e_f32s(*one, *d, sums[3]);
    }
    sums.map(|sum| simd.reduce_sum_f32s(sum))
}
