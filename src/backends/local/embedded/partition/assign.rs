//! The nearest centroid of many vectors, by the first dimensions alone.
//!
//! Rotated vectors are as random in any 256 dimensions as in all (Johnson and Lindenstrauss), which is enough to tell
//! neighbourhoods apart, at a quarter of the work.

use pulp::{Arch, Simd, WithSimd};

/// The most dimensions that are looked at.
const FRONT: usize = 256;
/// Rows that are compared with the same vectors at once, and vectors with the same rows: what fits into registers.
pub(super) const TILE: usize = 4;
pub(super) const PAIR: usize = 2;
/// Vectors that share a walk over all centroids: what fits into the first cache.
const AT_ONCE: usize = 4 * TILE;

/// Centroids as vectors are compared with them.
#[derive(Clone, Debug)]
pub(crate) struct Nearest {
    pub(super) front: usize,
    pub(super) centroids: Vec<f32>,
    /// Half the square of each centroid's length: the nearest has the largest inner product, less this.
    pub(super) halves: Vec<f32>,
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

    pub(crate) fn len(&self) -> usize {
        self.halves.len()
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
        let (front, count) = (*front, vectors.len() / *front);
        let mut best = [f32::NEG_INFINITY; AT_ONCE];
        for from in (0..count).step_by(AT_ONCE) {
            let lists = out.len();
            out.resize(lists + AT_ONCE.min(count - from), 0);
            let lists = &mut out[lists..];
            best.fill(f32::NEG_INFINITY);
            for list in (0..halves.len()).step_by(PAIR) {
                let pair = rows::<PAIR>(centroids, front, list);
                for row in (0..lists.len()).step_by(TILE) {
                    let dots = dots(simd, pair, rows::<TILE>(vectors, front, from + row));
                    for (list, dots) in (list..halves.len()).zip(dots) {
                        for row in row..lists.len().min(row + TILE) {
                            let near = dots[row % TILE] - halves[list];
                            if near > best[row] {
                                (best[row], lists[row]) = (near, list as u32);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The `N` rows from `from` on; the last again where there are less.
#[inline(always)]
pub(super) fn rows<const N: usize>(all: &[f32], length: usize, from: usize) -> [&[f32]; N] {
    let last = all.len() / length - 1;
    let mut rows = [&all[..length]; N];
    for (at, found) in rows.iter_mut().enumerate() {
        let row = last.min(from + at);
        *found = &all[row * length..(row + 1) * length];
    }
    rows
}

/// The inner products of each of `ones` with each of `rows`; their length is a multiple of 64.
#[inline(always)]
pub(super) fn dots<S: Simd, const N: usize, const M: usize>(
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
