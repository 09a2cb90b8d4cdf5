//! The signs of a rotated vector about a centre, and four numbers that turn them back into scores.
//!
//! Let `x` be the rotated vector, `c` the centre, `d = x - c`, `s` the signs of `d`, and `B` their number. For a
//! rotated query `q`, the inner product of signs and query says how `d` lies to it. As an estimate,
//!
//! `<x, q> ~ <c, q> + slope * <s, q> + offset`, with `slope = |d|^2 / sum |d_i|`, `offset = <d, c> - slope * <s, c>`.
//!
//! It is unbiased over random rotations, with a standard deviation of
//! `|q - c| * |d| * sqrt((1/r^2 - 1) / (B - 1))`, where `r = sum |d_i| / (sqrt(B) |d|)`.
//!
//! So is, as rotated dimensions are alike, what the first `m` of them say of all:
//!
//! `<x, q> ~ <c, q> + slope * B/m * <s, q>_m + front`, with `front = <d, c> - slope * B/m * <s, c>_m`.
//!
//! Drawing `m` of `B` terms `s_i (q_i - c_i)` without putting them back adds `|q - c|^2 * slope^2 * (B/m - 1)` to the square of
//! the deviation. It is enough to rule most codes out, by one line of memory each.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::_CMP_GT_OQ;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;
use pulp::{Arch, NullaryFnOnce, Simd};

/// Numbers that are looked at side by side.
pub(super) const LANES: usize = 8;
/// Words that memory gives at once.
const LINE: usize = 8;
/// Words of bits that fit into one line beside the factors.
const FRONT: usize = LINE - Factors::WORDS;

/// The numbers beside the bits of a code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Factors {
    pub(crate) slope: f32,
    pub(crate) offset: f32,
    /// The offset for what the front alone says.
    pub(crate) front: f32,
    /// The standard deviation of the estimate for a query at distance 1 from the centre.
    pub(crate) error: f32,
}

impl Factors {
    /// Of a vector that could not be read: any score is possible.
    pub(crate) const UNKNOWN: Self = Self { slope: 0.0, offset: 0.0, front: 0.0, error: f32::INFINITY };

    /// Those for the front of the bits.
    #[inline(always)]
    pub(crate) fn of_front(self) -> Self {
        Self { offset: self.front, ..self }
    }

    /// Words that they take.
    const WORDS: usize = 2;

    fn to_words(self) -> [u64; Self::WORDS] {
        let Self { slope, offset, front, error } = self;
        [[slope, offset], [front, error]]
            .map(|[low, high]| u64::from(low.to_bits()) | u64::from(high.to_bits()) << 32)
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "each half is a number")]
    fn from_words([first, second]: [u64; Self::WORDS]) -> Self {
        let (low, high) =
            (|word: u64| f32::from_bits(word as u32), |word: u64| f32::from_bits((word >> 32) as u32));
        Self { slope: low(first), offset: high(first), front: low(second), error: high(second) }
    }
}

/// What is looked at of a code first, in one line of memory: the front of its bits, and its factors.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
struct Head([u64; LINE]);

/// Codes of one length, one after another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Codes {
    /// The words of a code's bits.
    words: usize,
    heads: Vec<Head>,
    /// The bits behind the front.
    rests: Vec<u64>,
}

impl Codes {
    /// Takes how many words of bits a code has.
    pub(crate) fn new(words: usize) -> Self {
        Self { words, heads: Vec::new(), rests: Vec::new() }
    }

    pub(crate) fn with_capacity(codes: usize, words: usize) -> Self {
        let rests = Vec::with_capacity(codes * (words - front(words)));
        Self { words, heads: Vec::with_capacity(codes), rests }
    }

    /// The codes that [`kept`](Self::kept) gave; none when there is a part of one.
    pub(crate) fn from_kept(words: usize, kept: &[u64]) -> Option<Self> {
        let mut codes = Self::with_capacity(kept.len() / (words + Factors::WORDS), words);
        let kept = kept.chunks_exact(words + Factors::WORDS);
        if !kept.remainder().is_empty() {
            return None;
        }
        for code in kept {
            let (factors, bits) = code.split_first_chunk()?;
            codes.rests.extend_from_slice(bits);
            codes.close(Factors::from_words(*factors));
        }
        Some(codes)
    }

    /// The codes from `from` on, as they are kept: the factors of each, and its bits.
    pub(crate) fn kept(&self, from: usize) -> Vec<u64> {
        let mut kept = Vec::with_capacity((self.len() - from) * (self.words + Factors::WORDS));
        for at in from..self.len() {
            kept.extend_from_slice(&self.heads[at].0[FRONT..]);
            kept.extend_from_slice(self.front(at));
            kept.extend_from_slice(self.rest(at));
        }
        kept
    }

    pub(crate) fn len(&self) -> usize {
        self.heads.len()
    }

    /// The first bits.
    #[inline(always)]
    pub(crate) fn front(&self, at: usize) -> &[u64] {
        &self.heads[at].0[..front(self.words)]
    }

    /// The bits behind them.
    #[inline(always)]
    pub(crate) fn rest(&self, at: usize) -> &[u64] {
        let length = self.words - front(self.words);
        &self.rests[at * length..(at + 1) * length]
    }

    #[inline(always)]
    pub(crate) fn factors(&self, at: usize) -> Factors {
        let [.., first, second] = self.heads[at].0;
        Factors::from_words([first, second])
    }

    /// Makes a code of the last bits that were added.
    fn close(&mut self, factors: Factors) {
        let mut head = Head([0; LINE]);
        let (front, start) = (front(self.words), self.rests.len() - self.words);
        head.0[..front].copy_from_slice(&self.rests[start..start + front]);
        head.0[FRONT..].copy_from_slice(&factors.to_words());
        self.rests.drain(start..start + front);
        self.heads.push(head);
    }

    /// Adds the code of `rotated` about `centre`.
    pub(crate) fn push(&mut self, arch: Arch, rotated: &[f32], centre: &[f32]) {
        let (bits, front) = (&mut self.rests, front(self.words));
        let sums = match arch {
            #[cfg(target_arch = "x86_64")]
            Arch::V3(simd) => Simd::vectorize(simd, Signs { rotated, centre, front, bits, eights: simd }),
            _ => arch.dispatch(Signs { rotated, centre, front, bits, eights: Portable }),
        };
        let [length, sum, with_centre, signs_with_centre, front_with_centre] =
            sums.map(|sums| f64::from(sums.iter().sum::<f32>()));
        #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
        let bits = rotated.len() as f64;
        let slope = if sum > 0.0 { length / sum } else { 0.0 };
        let cosine = if sum > 0.0 { sum / (bits * length).sqrt() } else { 1.0 };
        let error = (length * (cosine.powi(-2) - 1.0).max(0.0) / (bits - 1.0)).sqrt();
        let offset = with_centre - slope * signs_with_centre;
        let front = with_centre - slope * share(self.words) * front_with_centre;
        #[expect(clippy::cast_possible_truncation, reason = "estimates need few digits")]
        let factors =
            Factors { slope: slope as f32, offset: offset as f32, front: front as f32, error: error as f32 };
        self.close(factors);
    }

    /// Adds a code that says nothing.
    pub(crate) fn push_unknown(&mut self) {
        self.rests.resize(self.rests.len() + self.words, 0);
        self.close(Factors::UNKNOWN);
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        self.heads.extend_from_slice(&other.heads);
        self.rests.extend_from_slice(&other.rests);
    }

    /// Adds code `index` of `other`.
    pub(crate) fn push_from(&mut self, other: &Self, index: usize) {
        self.heads.push(other.heads[index]);
        self.rests.extend_from_slice(other.rest(index));
    }

    /// Has fronts on their way from memory before they are looked at: counting waits for every few.
    pub(crate) fn fetch_fronts(&self, positions: impl Iterator<Item = usize>) {
        std::hint::black_box(positions.fold(0, |seen, position| seen ^ self.heads[position].0[0]));
    }

    /// The same for what is behind them.
    pub(crate) fn fetch_rests(&self, positions: impl Iterator<Item = usize>) {
        let mut seen = 0;
        for position in positions {
            let rest = self.rest(position);
            rest.chunks(LINE).for_each(|line| seen ^= line[0]);
            // It may begin within a line, and then ends in one more.
            seen ^= rest.last().copied().unwrap_or_default();
        }
        std::hint::black_box(seen);
    }
}

/// Words of the front of a code of so many.
#[inline(always)]
pub(crate) fn front(words: usize) -> usize {
    words.min(FRONT)
}

/// How many times as many words there are as in the front.
#[expect(clippy::cast_precision_loss, reason = "words are few")]
pub(crate) fn share(words: usize) -> f64 {
    words as f64 / front(words) as f64
}

/// Numbers side by side.
type Eight = [f32; LANES];

/// Of `d^2`, `|d|`, `d * c` and `s * c`.
type Sums = [Eight; 4];
/// And of `s * c` in the front.
type AndFront = [Eight; 5];

/// Takes the signs about the centre, and sums up side by side.
struct Signs<'a, E> {
    rotated: &'a [f32],
    centre: &'a [f32],
    /// Words of the front.
    front: usize,
    bits: &'a mut Vec<u64>,
    eights: E,
}

impl<E: Eights> NullaryFnOnce for Signs<'_, E> {
    type Output = AndFront;

    #[inline(always)]
    fn call(self) -> AndFront {
        let (mut sums, mut front) = ([[0.0; LANES]; 4], [0.0; LANES]);
        let (rotated, centre) = (self.rotated.as_chunks::<64>().0, self.centre.as_chunks::<64>().0);
        for at in 0..rotated.len().min(centre.len()) {
            let mut word = 0;
            let (rotated, centre) = (rotated[at].as_chunks::<LANES>().0, centre[at].as_chunks::<LANES>().0);
            for part in 0..64 / LANES {
                let signs = self.eights.add(&rotated[part], &centre[part], &mut sums);
                word |= u64::from(signs) << (part * LANES);
            }
            self.bits.push(word);
            if at + 1 == self.front {
                front = sums[3];
            }
        }
        let [squares, absolutes, with_centre, signs_with_centre] = sums;
        [squares, absolutes, with_centre, signs_with_centre, front]
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
