//! A random rotation that costs `n log n`: signs flipped at random, then a Walsh-Hadamard transform, and again.
//!
//! After it no dimension matters more than another, whatever the data is like, so signs alone say a lot (Ailon and
//! Chazelle, STOC 2006). A length that is no power of two is transformed in two halves that overlap.

use pulp::{Arch, NullaryFnOnce};

/// Each round flips signs anew and transforms one end; even rounds the front, odd ones the back.
const ROUNDS: usize = 4;
const SEED: u64 = 0x6b65_7976_6973_7561;

/// A rotation of vectors of one length. The same length has the same rotation in every process.
#[derive(Clone, Debug)]
pub(crate) struct Rotation {
    dimensions: usize,
    /// One after another, the signs of every round.
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
        arch.dispatch(Rounds { signs: &self.signs, vector: out });
    }
}

/// `dimensions` rounded up to whole words of a code.
fn rotated(dimensions: usize) -> usize {
    dimensions.next_multiple_of(64)
}

struct Rounds<'a> {
    signs: &'a [f32],
    vector: &'a mut [f32],
}

impl NullaryFnOnce for Rounds<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let length = self.vector.len();
        // The largest power of two that fits.
        let half = 1 << length.ilog2();
        for (round, signs) in self.signs.chunks_exact(length).enumerate() {
            self.vector.iter_mut().zip(signs).for_each(|(x, sign)| *x *= sign);
            let start = if round % 2 == 0 { 0 } else { length - half };
            hadamard(&mut self.vector[start..start + half]);
        }
    }
}

/// The orthogonal Walsh-Hadamard transform, in place; the length is a power of two, 64 at least.
#[inline(always)]
fn hadamard(vector: &mut [f32]) {
    for block in vector.as_chunks_mut::<8>().0 {
        let [a, b, c, d, e, f, g, h] = *block;
        let [a, b, c, d, e, f, g, h] = [a + b, a - b, c + d, c - d, e + f, e - f, g + h, g - h];
        let [a, b, c, d, e, f, g, h] = [a + c, b + d, a - c, b - d, e + g, f + h, e - g, f - h];
        *block = [a + e, b + f, c + g, d + h, a - e, b - f, c - g, d - h];
    }
    let mut step = 8;
    while step < vector.len() {
        for pair in vector.chunks_exact_mut(2 * step) {
            let (left, right) = pair.split_at_mut(step);
            for (left, right) in left.as_chunks_mut::<8>().0.iter_mut().zip(right.as_chunks_mut::<8>().0) {
                for lane in 0..8 {
                    let (a, b) = (left[lane], right[lane]);
                    (left[lane], right[lane]) = (a + b, a - b);
                }
            }
        }
        step *= 2;
    }
    #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
    let scale = 1.0 / (vector.len() as f32).sqrt();
    vector.iter_mut().for_each(|x| *x *= scale);
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
