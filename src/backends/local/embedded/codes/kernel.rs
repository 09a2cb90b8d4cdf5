//! Counting the bits in which codes differ from a query.
//!
//! A query has four bits a dimension, kept as four planes, plane `p` weighing `2^p`. The kernel gives
//! `sum 2^p * |code xor plane p|`: the weighted Hamming distance.
//!
//! Counting is by hand (Mula, Kurz and Lemire, Computer Journal 2018): a shuffle looks up the bits of 32 nibbles at once.
//! What LLVM makes of `count_ones` is two to seven times slower, and slowest where registers are widest.

#[cfg(target_arch = "x86_64")]
use pulp::{NullaryFnOnce, u8x32, u16x16, u64x4, x86::V3};

/// Bits a dimension of a query.
pub(crate) const PLANES: usize = 4;

/// The planes of a query, each as long as a code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Planes(pub(crate) [Vec<u64>; PLANES]);

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

    /// Calls back with each of `codes`, by what came with its bits, and its distance. The call is inlined: what is done with
    /// one overlaps with counting the next.
    pub(crate) fn distances<'a, T>(
        self,
        planes: &Planes,
        codes: impl Iterator<Item = (T, &'a [u64])>,
        each: impl FnMut(T, u32),
    ) {
        self.count(planes.0.each_ref().map(Vec::as_slice), codes, each);
    }

    /// The same for the distance from the highest plane alone, the query's signs, which weigh 1.
    pub(crate) fn sign_distances<'a, T>(
        self,
        planes: &Planes,
        codes: impl Iterator<Item = (T, &'a [u64])>,
        each: impl FnMut(T, u32),
    ) {
        self.count([planes.0[PLANES - 1].as_slice()], codes, each);
    }

    #[inline]
    fn count<'a, T, const N: usize>(
        self,
        planes: [&[u64]; N],
        codes: impl Iterator<Item = (T, &'a [u64])>,
        mut each: impl FnMut(T, u32),
    ) {
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = self.simd {
            return simd.vectorize(Wide { simd, planes, codes, each });
        }
        for (row, code) in codes {
            let plane = |(p, plane): (usize, &&[u64])| differing(code, plane) << p;
            each(row, planes.iter().enumerate().map(plane).sum());
        }
    }
}

#[inline(always)]
fn differing(code: &[u64], plane: &[u64]) -> u32 {
    code.iter().zip(plane).map(|(a, b)| (a ^ b).count_ones()).sum()
}

#[cfg(target_arch = "x86_64")]
struct Wide<'a, I, F, const N: usize> {
    simd: V3,
    planes: [&'a [u64]; N],
    codes: I,
    each: F,
}

#[cfg(target_arch = "x86_64")]
impl<'a, T, I: Iterator<Item = (T, &'a [u64])>, F: FnMut(T, u32), const N: usize> NullaryFnOnce
    for Wide<'_, I, F, N>
{
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { simd, planes, codes, mut each } = self;
        let planes = planes.map(|plane| plane.as_chunks::<4>());
        let (chunks, rest) = (planes[0].0.len(), planes[0].1.len());
        // The bits of a nibble, times the weight of each plane.
        let counts: [u8x32; N] = std::array::from_fn(|plane| {
            pulp::cast(std::array::from_fn::<u8, 32, _>(|i| {
                ((i as u8) & 15).count_ones() as u8 * (1 << plane)
            }))
        });
        let low = simd.splat_u8x32(15);
        for (row, code) in codes {
            let (code, tail) = code.as_chunks::<4>();
            let mut sum = simd.splat_u64x4(0);
            for (chunk, code) in code.iter().enumerate().take(chunks) {
                let code: u64x4 = pulp::cast(*code);
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
            if rest > 0 {
                for (plane, (_, plane_tail)) in planes.iter().enumerate() {
                    distance += differing(tail, plane_tail) << plane;
                }
            }
            each(row, distance);
        }
    }
}
