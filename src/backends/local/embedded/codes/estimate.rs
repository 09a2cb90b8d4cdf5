//! A query in four bits a dimension, and the scores it estimates.

use super::{
    code::{self, Factors, LANES},
    kernel::Planes,
};

/// How many standard deviations a score may be off before it is called wrong: one in 370 is, half of them above.
pub(crate) const CERTAINTY: f32 = 3.0;
/// What rounding adds to the error of an estimate.
const ROUNDING: f32 = 2e-5;

/// A rotated query, ready to be compared with codes.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    pub(crate) rotated: Vec<f32>,
    pub(crate) planes: Planes,
    /// Four bits a dimension.
    pub(crate) whole: Sight,
    /// One bit.
    pub(crate) signs: Sight,
    /// One bit of the front.
    pub(crate) front: Sight,
}

/// What a look at a query says about codes. It is small and copied: what loops keep in registers is not read again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    /// The inner product with the signs of a code at no distance, and what a distance of 1 takes away.
    most: f32,
    step: f32,
    /// The square of the length of what is not seen of the query,
    left_out: f32,
    /// and what is added for dimensions that are not, as a share of the square of the distance to the centre.
    drawn: f32,
}

impl Sight {
    /// Takes what is seen of `dimensions` in front: how long a step is, the product at no distance, and the length that is left
    /// out.
    fn new(all: usize, dimensions: usize, step: f32, most: f32, left_out: f32) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
        let share = all as f32 / dimensions as f32;
        Self {
            most: share * most,
            step: share * step,
            left_out: (share * left_out).powi(2),
            drawn: share - 1.0,
        }
    }

    /// The signs of so many dimensions in front.
    fn of_signs(rotated: &[f32], dimensions: usize) -> Self {
        let (mut square, mut sum) = (0.0_f32, 0.0_f32);
        rotated[..dimensions].iter().for_each(|x| (square, sum) = (square + x * x, sum + x.abs()));
        // What a sign stands for.
        let each = square / sum.max(f32::MIN_POSITIVE);
        #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
        let most = each * dimensions as f32;
        let left_out = (most * each - square).max(0.0).sqrt();
        Self::new(rotated.len(), dimensions, 2.0 * each, most, left_out)
    }

    /// The score for a code at `distance`, and the square of its standard deviation.
    #[inline(always)]
    fn score(self, distance: u32, factors: Factors, level: f32, away: f32) -> (f32, f32) {
        #[expect(clippy::cast_precision_loss, reason = "below 2^24")]
        let signs = self.most - self.step * distance as f32;
        // At no distance, what is unknown stays unknown.
        let away = away.max(f32::MIN_POSITIVE);
        let unseen = self.left_out + self.drawn * away * away;
        let square = (factors.error * away).powi(2) + factors.slope * factors.slope * unseen;
        (level + factors.slope * signs + factors.offset, square)
    }

    /// The estimate for a code at Hamming `distance` from what is seen, about a centre whose inner product with the
    /// query is `level` and whose distance to it is `away`.
    #[inline(always)]
    pub(crate) fn estimate(self, distance: u32, factors: Factors, level: f32, away: f32) -> Estimate {
        let (score, square) = self.score(distance, factors, level, away);
        Estimate { score, error: CERTAINTY * square.sqrt() + ROUNDING }
    }

    /// Whether the estimate and its error reach `floor`.
    #[inline(always)]
    pub(crate) fn may_reach(
        self,
        floor: f32,
        distance: u32,
        factors: Factors,
        level: f32,
        away: f32,
    ) -> bool {
        let (score, square) = self.score(distance, factors, level, away);
        let missing = floor - ROUNDING - score;
        // Squares instead of a root, and nothing to branch on: what passes is as good as random.
        (missing <= 0.0) | (missing * missing <= CERTAINTY * CERTAINTY * square)
    }
}

/// A score and how far it may be off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) score: f32,
    pub(crate) error: f32,
}

impl Query {
    pub(crate) fn new(rotated: Vec<f32>) -> Self {
        let largest = rotated.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        // 16 values from -largest to largest, at the odd multiples of half a step.
        let half_step = (largest / 15.0).max(f32::MIN_POSITIVE);
        let (mut planes, mut left_out) = (Planes::default(), [0.0; LANES]);
        for numbers in rotated.chunks(64) {
            let mut levels = [[0; LANES]; 64 / LANES];
            for (levels, numbers) in levels.iter_mut().zip(numbers.chunks(LANES)) {
                for ((level, x), left_out) in levels.iter_mut().zip(numbers).zip(&mut left_out) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "cut off at 0 and 15"
                    )]
                    let whole = ((x / half_step + 16.0) / 2.0).min(15.0) as u8;
                    *left_out += (x - half_step * (2.0 * f32::from(whole) - 15.0)).powi(2);
                    *level = whole;
                }
            }
            for (p, plane) in planes.0.iter_mut().enumerate() {
                let eights = levels.iter().rev().map(|levels| gather(*levels, p));
                plane.push(eights.fold(0, |word, eight| word << LANES | eight));
            }
        }
        let left_out: f32 = left_out.iter().sum();
        let (all, front) = (rotated.len(), 64 * code::front(planes.signs().len()));
        // The bits of a plane are signs `t`, and the query `half_step * sum 2^p t_p`; the inner product of signs of `B`
        // dimensions is `B - 2 * hamming`.
        #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
        let most = 15.0 * half_step * all as f32;
        Self {
            whole: Sight::new(all, all, 2.0 * half_step, most, left_out.sqrt()),
            signs: Sight::of_signs(&rotated, all),
            front: Sight::of_signs(&rotated, front),
            rotated,
            planes,
        }
    }
}

/// Bit `p` of each of eight bytes, the first lowest.
fn gather(bytes: [u8; LANES], p: usize) -> u64 {
    let lowest = u64::from_le_bytes(bytes) >> p & 0x0101_0101_0101_0101;
    // Takes the bit of byte `i` from `8 i` to `56 + i`; where the products of other bits end up, none carries that far.
    lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56
}
