//! Inner products of a query with many vectors.

use pulp::{Arch, Simd, WithSimd};

/// Sums kept side by side: one sum would wait for itself at every step.
const LANES: usize = 4;

/// Appends the inner product of `query` with each of `rows` to `scores`, in single precision.
///
/// With unit vectors the error is at most [`error_bound`].
pub(super) fn dots<'a>(
    arch: Arch,
    query: &[f32],
    rows: impl Iterator<Item = &'a [f32]>,
    scores: &mut Vec<f32>,
) {
    arch.dispatch(Dots { query, rows, scores });
}

/// The most by which a score of [`dots`] can be off for vectors of length 1 ± 1e-6, as stored.
///
/// A lane adds `dimensions / (8 * LANES)` products on the machines that have 8 floats in a register, and each
/// addition rounds by 2^-24 of a sum that is never above 1; narrower machines add four times as many.
pub(super) fn error_bound(dimensions: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
    let additions = dimensions as f32 / LANES as f32 + 16.0;
    additions * f32::EPSILON / 2.0 + 4e-6
}

/// The cosine in double precision, -1 to 1; neither vector is zero.
pub(super) fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let (mut dot, mut a_square, mut b_square) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (f64::from(*a), f64::from(*b));
        dot += a * b;
        a_square += a * a;
        b_square += b * b;
    }
    (dot / (a_square * b_square).sqrt()).clamp(-1.0, 1.0)
}

struct Dots<'q, 's, I> {
    query: &'q [f32],
    rows: I,
    scores: &'s mut Vec<f32>,
}

impl<'a, I: Iterator<Item = &'a [f32]>> WithSimd for Dots<'_, '_, I> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for row in self.rows {
            self.scores.push(dot(simd, self.query, row));
        }
    }
}

#[inline(always)]
fn dot<S: Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = S::as_simd_f32s(a);
    let (b, b_rest) = S::as_simd_f32s(b);
    let (a, a_tail) = a.as_chunks::<LANES>();
    let (b, b_tail) = b.as_chunks::<LANES>();
    let mut sums = [simd.splat_f32s(0.0); LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] = simd.mul_add_e_f32s(a[lane], b[lane], sums[lane]);
        }
    }
    for (a, b) in a_tail.iter().zip(b_tail) {
        sums[0] = simd.mul_add_e_f32s(*a, *b, sums[0]);
    }
    let sum = simd.add_f32s(simd.add_f32s(sums[0], sums[1]), simd.add_f32s(sums[2], sums[3]));
    simd.reduce_sum_f32s(sum) + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}
