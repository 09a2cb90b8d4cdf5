//! How coarse each coefficient is kept.

use super::transform::{Blocks, LANES, SCALES};

/// The places of a block in the order of their frequency (T.81, figure 5).
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Steps for quality 50 (T.81, tables K.1 and K.2), row by row.
const LUMA: [u16; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMA: [u16; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/// The steps of one kind of channel.
pub(super) struct Steps {
    /// In the order of [`ZIGZAG`].
    pub(super) table: [u8; 64],
    /// What a transformed value is multiplied by, row by row: the step and the scale of the transform in one.
    factors: [f32; 64],
}

impl Steps {
    pub(super) fn luma(quality: u8) -> Self {
        Self::new(&LUMA, quality)
    }

    pub(super) fn chroma(quality: u8) -> Self {
        Self::new(&CHROMA, quality)
    }

    /// Quality 50 takes the steps as they are, 100 makes all of them 1, as everybody does since libjpeg.
    fn new(at_50: &[u16; 64], quality: u8) -> Self {
        let quality = u16::from(quality.clamp(1, 100));
        let percent = if quality < 50 { 5_000 / quality } else { 200 - 2 * quality };
        let step = |i: usize| ((u32::from(at_50[i]) * u32::from(percent) + 50) / 100).clamp(1, 255) as u8;
        Self {
            table: ZIGZAG.map(|i| step(i.into())),
            factors: std::array::from_fn(|i| {
                (1.0 / (8.0 * f64::from(step(i)) * SCALES[i / 8] * SCALES[i % 8])) as f32
            }),
        }
    }

    /// The steps of each coefficient, rounded, block by block in the order of [`ZIGZAG`].
    #[inline(always)]
    pub(super) fn quantize(&self, blocks: &Blocks, out: &mut [[i16; 64]; LANES]) {
        // Added to a number, this rounds it: the ones stand in the last bit of the sum.
        const ROUND: f32 = 12_582_912.0;
        for (to, from) in ZIGZAG.iter().enumerate() {
            let from = usize::from(*from) & 63;
            let (lane, factor) = (&blocks[from / 8][from % 8], self.factors[from]);
            for (out, value) in out.iter_mut().zip(lane) {
                out[to] = (value * factor + ROUND).to_bits() as i16;
            }
        }
    }
}
