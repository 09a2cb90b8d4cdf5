//! The signs of a rotated vector about a centre, and three numbers that turn them back into scores.
//!
//! Let `x` be the rotated vector, `c` the centre, `d = x - c`, `s` the signs of `d`, and `B` their number. For a
//! rotated query `q`, the inner product of signs and query says how `d` lies to it. As an estimate,
//!
//! `<x, q> ~ <c, q> + slope * <s, q> + offset`, with `slope = |d|^2 / sum |d_i|`, `offset = <d, c> - slope * <s, c>`.
//!
//! It is unbiased over random rotations, with a standard deviation of
//! `|q - c| * |d| * sqrt((1/r^2 - 1) / (B - 1))`, where `r = sum |d_i| / (sqrt(B) |d|)`.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::_CMP_GT_OQ;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;
use pulp::{Arch, NullaryFnOnce, Simd};

/// Numbers that are looked at side by side.
const LANES: usize = 8;
/// Words that memory gives at once.
const LINE: usize = 8;

/// The numbers beside the bits of a code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Factors {
    pub(crate) slope: f32,
    pub(crate) offset: f32,
    /// The standard deviation of the estimate for a query at distance 1 from the centre.
    pub(crate) error: f32,
}

impl Factors {
    /// Of a vector that could not be read: any score is possible.
    pub(crate) const UNKNOWN: Self = Self { slope: 0.0, offset: 0.0, error: f32::INFINITY };

    /// Words that they take behind the bits.
    const WORDS: usize = 2;

    fn to_words(self) -> [u64; Self::WORDS] {
        let [slope, offset, error] = [self.slope, self.offset, self.error].map(|x| u64::from(x.to_bits()));
        [slope | offset << 32, error]
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "each half is a number")]
    fn from_words([first, second]: [u64; Self::WORDS]) -> Self {
        Self {
            slope: f32::from_bits(first as u32),
            offset: f32::from_bits((first >> 32) as u32),
            error: f32::from_bits(second as u32),
        }
    }
}

/// Codes of one length, one after another. Each is its bits and then its factors: memory gives them together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Codes {
    /// The words of a code's bits.
    words: usize,
    kept: Vec<u64>,
}

impl Codes {
    /// Takes how many words of bits a code has.
    pub(crate) fn new(words: usize) -> Self {
        Self { words, kept: Vec::new() }
    }

    pub(crate) fn with_capacity(codes: usize, words: usize) -> Self {
        Self { words, kept: Vec::with_capacity(codes * (words + Factors::WORDS)) }
    }

    /// The codes that [`kept`](Self::kept) gave; none when there is a part of one.
    pub(crate) fn from_kept(words: usize, kept: Vec<u64>) -> Option<Self> {
        let codes = Self { words, kept };
        codes.kept.len().is_multiple_of(codes.stride()).then_some(codes)
    }

    /// The codes from `from` on, as they are kept.
    pub(crate) fn kept(&self, from: usize) -> &[u64] {
        &self.kept[from * self.stride()..]
    }

    #[inline(always)]
    fn stride(&self) -> usize {
        self.words + Factors::WORDS
    }

    pub(crate) fn len(&self) -> usize {
        self.kept.len() / self.stride()
    }

    #[inline(always)]
    fn code(&self, at: usize) -> &[u64] {
        &self.kept[at * self.stride()..(at + 1) * self.stride()]
    }

    #[inline(always)]
    pub(crate) fn bits(&self, at: usize) -> &[u64] {
        &self.code(at)[..self.words]
    }

    #[inline(always)]
    pub(crate) fn factors(&self, at: usize) -> Factors {
        let code = self.code(at);
        Factors::from_words([code[self.words], code[self.words + 1]])
    }

    /// Adds the code of `rotated` about `centre`.
    pub(crate) fn push(&mut self, arch: Arch, rotated: &[f32], centre: &[f32]) {
        let bits = &mut self.kept;
        let sums = match arch {
            #[cfg(target_arch = "x86_64")]
            Arch::V3(simd) => Simd::vectorize(simd, Signs { rotated, centre, bits, eights: simd }),
            _ => arch.dispatch(Signs { rotated, centre, bits, eights: Portable }),
        };
        let [length, sum, with_centre, signs_with_centre] =
            sums.map(|sums| f64::from(sums.iter().sum::<f32>()));
        #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
        let bits = rotated.len() as f64;
        let slope = if sum > 0.0 { length / sum } else { 0.0 };
        let cosine = if sum > 0.0 { sum / (bits * length).sqrt() } else { 1.0 };
        let error = (length * (cosine.powi(-2) - 1.0).max(0.0) / (bits - 1.0)).sqrt();
        let offset = with_centre - slope * signs_with_centre;
        #[expect(clippy::cast_possible_truncation, reason = "estimates need few digits")]
        let factors = Factors { slope: slope as f32, offset: offset as f32, error: error as f32 };
        self.kept.extend(factors.to_words());
    }

    /// Adds a code that says nothing.
    pub(crate) fn push_unknown(&mut self) {
        self.kept.resize(self.kept.len() + self.words, 0);
        self.kept.extend(Factors::UNKNOWN.to_words());
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        self.kept.extend_from_slice(&other.kept);
    }

    /// Adds code `index` of `other`.
    pub(crate) fn push_from(&mut self, other: &Self, index: usize) {
        self.kept.extend_from_slice(other.code(index));
    }

    /// Has codes on their way from memory before they are looked at: counting waits for every few.
    pub(crate) fn fetch(&self, positions: impl Iterator<Item = usize>) {
        let mut seen = 0;
        for position in positions {
            let code = self.code(position);
            for line in code.chunks(LINE) {
                seen ^= line[0];
            }
            // A code may begin within a line, and then ends in one more.
            seen ^= code[code.len() - 1];
        }
        std::hint::black_box(seen);
    }
}

/// Numbers side by side.
type Eight = [f32; LANES];

/// Of `d^2`, `|d|`, `d * c` and `s * c`.
type Sums = [Eight; 4];

/// Takes the signs about the centre, and sums up side by side.
struct Signs<'a, E> {
    rotated: &'a [f32],
    centre: &'a [f32],
    bits: &'a mut Vec<u64>,
    eights: E,
}

impl<E: Eights> NullaryFnOnce for Signs<'_, E> {
    type Output = Sums;

    #[inline(always)]
    fn call(self) -> Sums {
        let mut sums = [[0.0; LANES]; 4];
        let (rotated, centre) = (self.rotated.as_chunks::<64>().0, self.centre.as_chunks::<64>().0);
        for at in 0..rotated.len().min(centre.len()) {
            let mut word = 0;
            let (rotated, centre) = (rotated[at].as_chunks::<LANES>().0, centre[at].as_chunks::<LANES>().0);
            for part in 0..64 / LANES {
                let signs = self.eights.add(&rotated[part], &centre[part], &mut sums);
                word |= u64::from(signs) << (part * LANES);
            }
            self.bits.push(word);
        }
        sums
    }
}

/// How eight numbers are added up. Implementations are inlined for sure: a call would leave the registers.
trait Eights: Copy {
    /// Adds up, and gives the signs.
    fn add(self, x: &Eight, c: &Eight, sums: &mut Sums) -> u8;
}

#[derive(Clone, Copy)]
struct Portable;

impl Eights for Portable {
    #[inline(always)]
    fn add(self, x: &Eight, c: &Eight, sums: &mut Sums) -> u8 {
        let mut signs = 0;
        for lane in 0..LANES {
            let d = x[lane] - c[lane];
            let sign = if d > 0.0 { 1.0 } else { -1.0 };
            sums[0][lane] += d * d;
            sums[1][lane] += d * sign;
            sums[2][lane] += d * c[lane];
            sums[3][lane] += sign * c[lane];
            signs |= u8::from(d > 0.0) << lane;
        }
        signs
    }
}

/// The same in registers: left to itself, LLVM takes numbers one by one.
#[cfg(target_arch = "x86_64")]
impl Eights for V3 {
    #[inline(always)]
    fn add(self, x: &Eight, c: &Eight, sums: &mut Sums) -> u8 {
        let avx = self.avx;
        let c = pulp::cast(*c);
        let d = avx._mm256_sub_ps(pulp::cast(*x), c);
        let above = avx._mm256_cmp_ps::<_CMP_GT_OQ>(d, avx._mm256_setzero_ps());
        let two = avx._mm256_and_ps(above, avx._mm256_set1_ps(2.0));
        let sign = avx._mm256_sub_ps(two, avx._mm256_set1_ps(1.0));
        let products = [(d, d), (d, sign), (d, c), (sign, c)];
        for at in 0..sums.len() {
            let (a, b) = products[at];
            sums[at] = pulp::cast(avx._mm256_add_ps(pulp::cast(sums[at]), avx._mm256_mul_ps(a, b)));
        }
        avx._mm256_movemask_ps(above) as u8
    }
}
