//! A query in four bits a dimension, and the scores it estimates.

use super::{
    code::Factors,
    kernel::{PLANES, Planes},
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
    /// Half the distance between two neighbours among the 16 values of a dimension.
    half_step: f32,
    /// The length of what four bits leave out.
    left_out: f32,
    /// What a sign stands for, when signs are all that is looked at, and the length of what they leave out.
    sign: f32,
    beyond_signs: f32,
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
        let (mut planes, mut left_out) = (Planes::default(), 0.0);
        for numbers in rotated.chunks(64) {
            let mut words = [0_u64; PLANES];
            for (bit, x) in numbers.iter().enumerate() {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "between 0 and 15"
                )]
                let level = ((x / half_step + 16.0) / 2.0).clamp(0.0, 15.0) as u64;
                #[expect(clippy::cast_precision_loss, reason = "at most 15")]
                let kept = half_step * (2.0 * level as f32 - 15.0);
                left_out += (x - kept).powi(2);
                for (plane, word) in words.iter_mut().enumerate() {
                    *word |= (level >> plane & 1) << bit;
                }
            }
            planes.0.iter_mut().zip(words).for_each(|(plane, word)| plane.push(word));
        }
        let (mut square, mut sum) = (0.0_f32, 0.0_f32);
        rotated.iter().for_each(|x| (square, sum) = (square + x * x, sum + x.abs()));
        let sign = square / sum.max(f32::MIN_POSITIVE);
        #[expect(clippy::cast_precision_loss, reason = "dimensions are few")]
        let beyond_signs = (rotated.len() as f32 * sign * sign - square).max(0.0).sqrt();
        Self { rotated, planes, half_step, left_out: left_out.sqrt(), sign, beyond_signs }
    }

    /// What a score is not above, for a code at Hamming `distance` from the query's signs.
    #[inline(always)]
    pub(crate) fn bound_by_signs(&self, distance: u32, factors: Factors, level: f32, away: f32) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "both are below 2^24")]
        let signs = self.sign * (self.rotated.len() as f32 - 2.0 * distance as f32);
        let Estimate { score, error } = Self::about(signs, self.beyond_signs, factors, level, away);
        score + error
    }

    /// The estimate for a code at weighted Hamming `distance`, about a centre whose inner product with the
    /// query is `level` and whose distance to it is `away`.
    ///
    /// The bits of a plane are signs `t`, and the query `half_step * sum 2^p t_p`; the inner product of signs of `B`
    /// dimensions is `B - 2 * hamming`.
    #[inline(always)]
    pub(crate) fn estimate(&self, distance: u32, factors: Factors, level: f32, away: f32) -> Estimate {
        #[expect(clippy::cast_precision_loss, reason = "both are below 2^24")]
        let signs = self.half_step * (15.0 * self.rotated.len() as f32 - 2.0 * distance as f32);
        Self::about(signs, self.left_out, factors, level, away)
    }

    /// The estimate for an inner product of signs and query that is off by what the query left out.
    #[inline(always)]
    fn about(signs: f32, left_out: f32, factors: Factors, level: f32, away: f32) -> Estimate {
        // At no distance, what is unknown stays unknown.
        let away = away.max(f32::MIN_POSITIVE);
        let error = (factors.error * away).powi(2) + (factors.slope * left_out).powi(2);
        Estimate {
            score: level + factors.slope * signs + factors.offset,
            error: CERTAINTY * error.sqrt() + ROUNDING,
        }
    }
}
