//! The discrete cosine transform of blocks of 8 x 8 values (Arai, Agui & Nakajima 1988).

/// Blocks that are worked on side by side.
pub(super) const LANES: usize = 16;

/// One value of each of the blocks.
pub(super) type Lane = [f32; LANES];

/// The values of the blocks, by row and column.
pub(super) type Blocks = [[Lane; 8]; 8];

/// What each of the eight outputs of one pass is too large by: the square root of 2 times the cosine of `k pi / 16`, but
/// 1 for the first.
pub(super) const SCALES: [f64; 8] = [
    1.0,
    1.387_039_845_322_148,
    1.306_562_964_876_377,
    1.175_875_602_419_359,
    1.0,
    0.785_694_958_387_102,
    0.541_196_100_146_197,
    0.275_899_379_282_943,
];

/// Rows, then columns. Coefficients are too large by 8 and by the [`SCALES`] of their row and column.
#[inline(always)]
pub(super) fn transform(blocks: &mut Blocks) {
    for row in &mut *blocks {
        let [a, b, c, d, e, f, g, h] = row;
        pass([a, b, c, d, e, f, g, h]);
    }
    let [a, b, c, d, e, f, g, h] = blocks;
    let rows = a.iter_mut().zip(b).zip(c).zip(d).zip(e).zip(f).zip(g).zip(h);
    for (((((((a, b), c), d), e), f), g), h) in rows {
        pass([a, b, c, d, e, f, g, h]);
    }
}

/// Eight values: the even coefficients from the sums of opposite ones, the odd ones from their differences.
#[inline(always)]
fn pass([a, b, c, d, e, f, g, h]: [&mut Lane; 8]) {
    const HALF: f32 = std::f32::consts::FRAC_1_SQRT_2;
    for i in 0..LANES {
        let (sum_ah, sum_bg, sum_cf, sum_de) = (a[i] + h[i], b[i] + g[i], c[i] + f[i], d[i] + e[i]);
        let (off_ah, off_bg, off_cf, off_de) = (a[i] - h[i], b[i] - g[i], c[i] - f[i], d[i] - e[i]);

        let (outer, inner) = (sum_ah + sum_de, sum_bg + sum_cf);
        let (apart, near) = (sum_ah - sum_de, sum_bg - sum_cf);
        let turned = (near + apart) * HALF;
        (a[i], e[i]) = (outer + inner, outer - inner);
        (c[i], g[i]) = (apart + turned, apart - turned);

        let (low, middle, high) = (off_de + off_cf, (off_cf + off_bg) * HALF, off_bg + off_ah);
        let shared = (low - high) * 0.382_683_43;
        let (low, high) = (0.541_196_1 * low + shared, 1.306_563 * high + shared);
        let (plus, minus) = (off_ah + middle, off_ah - middle);
        (f[i], d[i]) = (minus + low, minus - low);
        (b[i], h[i]) = (plus + high, plus - high);
    }
}
