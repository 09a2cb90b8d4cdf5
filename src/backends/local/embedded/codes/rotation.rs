//! A random rotation that costs `n log n`: signs flipped at random, then a Walsh-Hadamard transform, and again.
//!
//! After it no dimension matters more than another, whatever the data is like, so signs alone say a lot (Ailon and
//! Chazelle, STOC 2006). A length that is no power of two is transformed in two halves that overlap.

use std::ops::Range;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;
use pulp::{Arch, Simd, WithSimd};

/// Each round flips signs anew and transforms one end; even rounds the front, odd ones the back.
const ROUNDS: usize = 4;
const SEED: u64 = 0x6b65_7976_6973_7561;

/// A rotation of vectors of one length. The same length has the same rotation in every process.
#[derive(Clone, Debug)]
pub(crate) struct Rotation {
    dimensions: usize,
    /// One after another, the signs of every round; where the round transforms, times what makes the transform orthogonal.
    signs: Vec<f32>,
}

impl Rotation {
    pub(crate) fn new(dimensions: usize) -> Self {
        let rotated = rotated(dimensions);
        let mut state = SEED ^ dimensions as u64;
        // A power of two is transformed as a whole: three rounds mix it.
        let rounds = if rotated.is_power_of_two() { ROUNDS - 1 } else { ROUNDS };
        let mut signs = Vec::with_capacity(rounds * rotated);
        while signs.len() < rounds * rotated {
            let bits = splitmix(&mut state);
            signs.extend((0..64).map(|bit| if bits >> bit & 1 == 1 { 1.0 } else { -1.0 }));
        }
        for (round, signs) in signs.chunks_exact_mut(rotated).enumerate() {
            let range = transformed(round, rotated);
            #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
            let scale = 1.0 / (range.len() as f32).sqrt();
            signs[range].iter_mut().for_each(|sign| *sign *= scale);
        }
        Self { dimensions, signs }
    }

    /// The length of what was rotated: a multiple of 64.
    pub(crate) fn rotated(&self) -> usize {
        rotated(self.dimensions)
    }

    /// Rotates `vector`. Lengths and inner products stay what they were, within rounding.
    pub(crate) fn apply(&self, arch: Arch, vector: &[f32], out: &mut Vec<f32>) {
        out.clear();
        out.extend_from_slice(vector);
        out.resize(self.rotated(), 0.0);
        let signs = &self.signs;
        match arch {
            #[cfg(target_arch = "x86_64")]
            Arch::V3(simd) => {
                let neighbours = |blocks: &mut [Block]| neighbours_in_registers(simd, blocks);
                Simd::vectorize(simd, Rounds { signs, vector: out, neighbours });
            }
            _ => arch.dispatch(Rounds { signs, vector: out, neighbours }),
        }
    }
}

/// `dimensions` rounded up to whole words of a code.
fn rotated(dimensions: usize) -> usize {
    dimensions.next_multiple_of(64)
}

/// What a round transforms: the largest power of two that fits, at one end.
#[inline(always)]
fn transformed(round: usize, length: usize) -> Range<usize> {
    let part = 1 << length.ilog2();
    if round.is_multiple_of(2) { 0..part } else { length - part..length }
}

struct Rounds<'a, F> {
    signs: &'a [f32],
    vector: &'a mut [f32],
    /// The first three levels, among eight neighbours.
    neighbours: F,
}

impl<F: Fn(&mut [Block])> WithSimd for Rounds<'_, F> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let length = self.vector.len();
        for (round, signs) in self.signs.chunks_exact(length).enumerate() {
            #[expect(clippy::needless_range_loop, reason = "hot loops go by index")]
            for at in 0..length {
                self.vector[at] *= signs[at];
            }
            let part = &mut self.vector[transformed(round, length)];
            (self.neighbours)(part.as_chunks_mut().0);
            levels(simd, part);
        }
    }
}

/// Eight neighbours.
type Block = [f32; 8];

/// The signs of eight neighbours in each of the first three levels of the Walsh-Hadamard transform.
const SIGNS: [Block; 3] = [
    [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0],
    [1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0],
    [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0],
];

/// The first three levels: each number with its own sign and the one it meets.
fn neighbours(blocks: &mut [Block]) {
    for block in blocks {
        for (level, signs) in SIGNS.iter().enumerate() {
            let x = *block;
            for (lane, sign) in signs.iter().enumerate() {
                block[lane] = x[lane ^ (1 << level)] + x[lane] * sign;
            }
        }
    }
}

/// The same in registers: left to itself, LLVM moves numbers one by one.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn neighbours_in_registers(simd: V3, blocks: &mut [Block]) {
    let avx = simd.avx;
    let signs = SIGNS.map(pulp::cast);
    for block in blocks {
        let x = pulp::cast(*block);
        let other = avx._mm256_permute_ps::<0b10_11_00_01>(x);
        let x = avx._mm256_add_ps(other, avx._mm256_mul_ps(x, signs[0]));
        let other = avx._mm256_permute_ps::<0b01_00_11_10>(x);
        let x = avx._mm256_add_ps(other, avx._mm256_mul_ps(x, signs[1]));
        let other = avx._mm256_permute2f128_ps::<1>(x, x);
        *block = pulp::cast(avx._mm256_add_ps(other, avx._mm256_mul_ps(x, signs[2])));
    }
}

/// All further levels, two at a time while there are two: numbers stay in registers meanwhile.
#[inline(always)]
fn levels<S: Simd>(simd: S, vector: &mut [f32]) {
    let mut step = 8;
    while 2 * step < vector.len() {
        for group in vector.chunks_exact_mut(4 * step) {
            let (front, back) = group.split_at_mut(2 * step);
            let ((a, b), (c, d)) = (front.split_at_mut(step), back.split_at_mut(step));
            let (a, b) = (S::as_mut_simd_f32s(a).0, S::as_mut_simd_f32s(b).0);
            let (c, d) = (S::as_mut_simd_f32s(c).0, S::as_mut_simd_f32s(d).0);
            let (b, c, d) = (&mut b[..a.len()], &mut c[..a.len()], &mut d[..a.len()]);
            for at in 0..a.len() {
                let (sum, apart) = pair(simd, a[at], b[at]);
                let (other, gap) = pair(simd, c[at], d[at]);
                (a[at], c[at]) = pair(simd, sum, other);
                (b[at], d[at]) = pair(simd, apart, gap);
            }
        }
        step *= 4;
    }
    if step < vector.len() {
        let (a, b) = vector.split_at_mut(step);
        let (a, b) = (S::as_mut_simd_f32s(a).0, S::as_mut_simd_f32s(b).0);
        for at in 0..a.len() {
            (a[at], b[at]) = pair(simd, a[at], b[at]);
        }
    }
}

/// Numbers that meet: their sums and differences.
#[inline(always)]
fn pair<S: Simd>(simd: S, a: S::f32s, b: S::f32s) -> (S::f32s, S::f32s) {
    (simd.add_f32s(a, b), simd.sub_f32s(a, b))
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
