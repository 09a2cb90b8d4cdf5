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
            #[expect(clippy::needless_range_loop, reason = "hot loops go by index")]
            for at in 0..length {
                self.vector[at] *= signs[at];
            }
            let start = if round % 2 == 0 { 0 } else { length - half };
            hadamard(&mut self.vector[start..start + half]);
        }
    }
}

/// The signs of eight neighbours in each of the first three levels of the transform.
const SIGNS: [[f32; 8]; 3] = [
    [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0],
    [1.0, 1.0, -1.0, -1.0, 1.0, 1.0, -1.0, -1.0],
    [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0],
];

/// One level among eight neighbours: each with its own sign and the one it meets.
#[inline(always)]
fn meet(mut x: [f32; 8], other: [f32; 8], signs: [f32; 8]) -> [f32; 8] {
    for lane in 0..8 {
        x[lane] = other[lane] + x[lane] * signs[lane];
    }
    x
}

/// The orthogonal Walsh-Hadamard transform, in place; the length is a power of two, 64 at least.
#[inline(always)]
fn hadamard(vector: &mut [f32]) {
    let blocks = vector.as_chunks_mut::<8>().0;
    for block in &mut *blocks {
        let x = *block;
        let x = meet(x, [x[1], x[0], x[3], x[2], x[5], x[4], x[7], x[6]], SIGNS[0]);
        let x = meet(x, [x[2], x[3], x[0], x[1], x[6], x[7], x[4], x[5]], SIGNS[1]);
        *block = meet(x, [x[4], x[5], x[6], x[7], x[0], x[1], x[2], x[3]], SIGNS[2]);
    }
    let (mut step, all) = (1, blocks.len());
    while step < all {
        let mut start = 0;
        while start < all {
            let (left, right) = blocks[start..start + 2 * step].split_at_mut(step);
            for at in 0..step {
                let (a, b) = (left[at], right[at]);
                for lane in 0..8 {
                    (left[at][lane], right[at][lane]) = (a[lane] + b[lane], a[lane] - b[lane]);
                }
            }
            start += 2 * step;
        }
        step *= 2;
    }
    #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
    let scale = 1.0 / (vector.len() as f32).sqrt();
    for x in vector {
        *x *= scale;
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
