//! Counting the bits in which codes differ from a query.
//!
//! A query has four bits a dimension, kept as four planes, plane `p` weighing `2^p`. The kernel gives
//! `sum 2^p * |code xor plane p|`: the weighted Hamming distance.
//!
//! Counting is by hand (Mula, Kurz and Lemire, Computer Journal 2018): a shuffle looks up the bits of 32 nibbles at once.
//! What LLVM makes of `count_ones` is two to seven times slower, and slowest where registers are widest.

use std::ops::Range;

#[cfg(target_arch = "x86_64")]
use pulp::{NullaryFnOnce, u8x32, u16x16, u64x4, x86::V3};

/// Bits a dimension of a query.
pub(crate) const PLANES: usize = 4;

/// The planes of a query, each as long as a code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Planes(pub(crate) [Vec<u64>; PLANES]);

impl Planes {
    /// Those words of each.
    pub(crate) fn words(&self, words: Range<usize>) -> [&[u64]; PLANES] {
        self.0.each_ref().map(|plane| &plane[words.clone()])
    }

    /// The highest plane: the query's signs.
    pub(crate) fn signs(&self) -> &[u64] {
        &self.0[PLANES - 1]
    }
}

/// Counts on what this machine has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel {
    #[cfg(target_arch = "x86_64")]
    simd: Option<V3>,
}

impl Kernel {
    pub(crate) fn new() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            simd: V3::try_new(),
        }
    }

    /// Counts without registers of many numbers, as on machines that have none.
    #[allow(dead_code, reason = "a test holds the two against each other")]
    pub(crate) fn portable() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            simd: None,
        }
    }

    /// Adds to each of `distances` that of the code of its row; codes are as long as the planes.
    pub(crate) fn add<'a, T, const N: usize>(
        self,
        planes: [&[u64]; N],
        rows: &[T],
        code: impl Fn(&T) -> &'a [u64],
        distances: &mut [u32],
    ) {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.simd {
            return simd.vectorize(Wide { simd, planes, rows, code, distances });
        }
        for (row, distance) in rows.iter().zip(distances) {
            let code = code(row);
            for (p, plane) in planes.iter().enumerate() {
                let differing = code.iter().zip(*plane).map(|(a, b)| (a ^ b).count_ones());
                *distance += differing.sum::<u32>() << p;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
struct Wide<'a, T, C, const N: usize> {
    simd: V3,
    planes: [&'a [u64]; N],
    rows: &'a [T],
    code: C,
    distances: &'a mut [u32],
}

#[cfg(target_arch = "x86_64")]
impl<'a, T, C: Fn(&T) -> &'a [u64], const N: usize> NullaryFnOnce for Wide<'_, T, C, N> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, planes, rows, code, distances } = self;
        let planes = planes.map(|plane| plane.as_chunks::<4>());
        let (chunks, rest) = (planes[0].0.len(), planes[0].1.len());
        // The bits of a nibble, times the weight of each plane.
        let counts: [u8x32; N] = std::array::from_fn(|plane| {
            pulp::cast(std::array::from_fn::<u8, 32, _>(|i| {
                ((i as u8) & 15).count_ones() as u8 * (1 << plane)
            }))
        });
        let low = simd.splat_u8x32(15);
        for at in 0..distances.len().min(rows.len()) {
            let (code, tail) = code(&rows[at]).as_chunks::<4>();
            let mut sum = simd.splat_u64x4(0);
            for chunk in 0..chunks {
                let code: u64x4 = pulp::cast(code[chunk]);
                // At most 8 * (1 + 2 + 4 + 8) = 120 a byte.
                let mut bytes = simd.splat_u8x32(0);
                for plane in 0..N {
                    let differing = simd.xor_u64x4(code, pulp::cast(planes[plane].0[chunk]));
                    let high: u16x16 = pulp::cast(differing);
                    let high = simd.and_u8x32(pulp::cast(simd.shr_const_u16x16::<4>(high)), low);
                    let low = simd.and_u8x32(pulp::cast(differing), low);
                    let avx2 = simd.avx2;
                    let look = |nibbles: u8x32| -> u8x32 {
                        pulp::cast(avx2._mm256_shuffle_epi8(pulp::cast(counts[plane]), pulp::cast(nibbles)))
                    };
                    bytes = simd.wrapping_add_u8x32(bytes, simd.wrapping_add_u8x32(look(high), look(low)));
                }
                let sums = simd.sum_of_absolute_differences_u8x32(bytes, simd.splat_u8x32(0));
                sum = simd.wrapping_add_u64x4(sum, sums);
            }
            let u64x4(a, b, c, d) = sum;
            let mut distance = (a + b + c + d) as u32;
            #[expect(
                clippy::needless_range_loop,
                reason = "an iterator is made wide, which is slower for a word or two"
            )]
            for word in 0..rest {
                for plane in 0..N {
                    distance += (tail[word] ^ planes[plane].1[word]).count_ones() << plane;
                }
            }
            distances[at] += distance;
        }
    }
}
