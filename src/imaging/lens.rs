//! The blur of a lens.

use super::{
    Lab, LabColor, Plane,
    math::smooth,
    oklab::{from_linear_rgb, to_linear_rgb},
    wide::wide,
};

/// Lights above this luminance swell into discs, which is what tells a lens from a soft filter.
const BRIGHT: f32 = 0.8;
/// The most they are raised by; with more, blown windows turn into blotches.
const RAISE: f32 = 0.5;

/// How many times smaller a raster may be put out of focus: the disc keeps its shape from 3.5 pixels on.
pub(crate) fn coarseness(radius: f32) -> usize {
    ((radius / 3.5) as usize).max(1)
}

/// Puts a raster out of focus: every point becomes a disc of `radius` pixels, in linear light.
pub(crate) fn defocus(lab: &Lab, radius: f32) -> Lab {
    let reach = radius.max(0.0).floor() as isize;
    let half = |dy: isize| (radius * radius - (dy * dy) as f32).max(0.0).sqrt() as usize;
    spread(lab, &(-reach..=reach).map(half).collect::<Vec<_>>())
}

/// Linear red, green and blue of a row.
type Light = [Vec<f32>; 3];

wide! {
    /// The mean of the light over a disc, given by half the length of each of its rows.
    ///
    /// Row by row: each is summed along itself, less and less narrowly, and added to those of the rows above and below
    /// that see it. What is not complete yet stays in the cache.
    fn spread<'a>(lab: &'a Lab, disc: &'a [usize]) -> Lab {
        let (width, height) = (lab.width(), lab.height());
        let (span, reach) = (disc.len(), disc.len() / 2);
        let widest = disc.iter().copied().max().unwrap_or_default();
        let scale = 1.0 / disc.iter().map(|half| 2 * half + 1).sum::<usize>().max(1) as f32;
        let mut lines: Light = std::array::from_fn(|_| vec![0.0; width + 2 * widest]);
        let mut run = vec![0.0; width];
        // The sums for row `y` stand at `y % span`.
        let mut sums: Vec<Light> = vec![std::array::from_fn(|_| vec![0.0; width]); span];
        let mut out: Light = std::array::from_fn(|_| Vec::with_capacity(width * height));
        for seen in 0..height + 2 * reach {
            // The border is repeated above and below.
            let row = seen.saturating_sub(reach).min(height - 1);
            expose([lab.l.row(row), lab.a.row(row), lab.b.row(row)], widest, &mut lines);
            for (channel, line) in lines.iter().enumerate() {
                run.copy_from_slice(&line[widest..widest + width]);
                for half in 0..=widest {
                    if half > 0 {
                        for ((run, left), right) in run.iter_mut().zip(&line[widest - half..]).zip(&line[widest + half..]) {
                            *run += left + right;
                        }
                    }
                    for k in (0..span).filter(|&k| disc[k] == half) {
                        let Some(y) = seen.checked_sub(k).filter(|y| *y < height) else { continue };
                        let sum = &mut sums[y % span][channel];
                        if k == 0 {
                            sum.copy_from_slice(&run);
                        } else {
                            sum.iter_mut().zip(&run).for_each(|(sum, run)| *sum += run);
                        }
                    }
                }
            }
            if let Some(y) = (seen + 1).checked_sub(span) {
                develop(&mut sums[y % span], scale);
                out.iter_mut().zip(&sums[y % span]).for_each(|(out, row)| out.extend_from_slice(row));
            }
        }
        let [l, a, b] = out.map(|values| Plane::from_values(width, height, values));
        Lab { l, a, b }
    }
}

/// A row of OKLab as raised linear red, green and blue, its ends repeated `pad` times.
#[inline(always)]
fn expose([l, a, b]: [&[f32]; 3], pad: usize, [reds, greens, blues]: &mut Light) {
    let out = reds[pad..].iter_mut().zip(&mut greens[pad..]).zip(&mut blues[pad..]);
    for (((out_red, out_green), out_blue), ((l, a), b)) in out.zip(l.iter().zip(a).zip(b)) {
        let [red, green, blue] = to_linear_rgb(LabColor::new(*l, *a, *b));
        let (red, green, blue) = (red.max(0.0), green.max(0.0), blue.max(0.0));
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        let raise = 1.0 + RAISE * smooth((luminance - BRIGHT) / (1.0 - BRIGHT));
        (*out_red, *out_green, *out_blue) = (red * raise, green * raise, blue * raise);
    }
    for line in [reds, greens, blues] {
        let last = pad + l.len() - 1;
        let ends = [line[pad], line[last]];
        line[..pad].fill(ends[0]);
        line[last + 1..].fill(ends[1]);
    }
}

/// A row of sums over the disc to OKLab.
#[inline(always)]
fn develop([l, a, b]: &mut Light, scale: f32) {
    for ((l, a), b) in l.iter_mut().zip(a).zip(b) {
        let color = from_linear_rgb([(*l * scale).min(1.0), (*a * scale).min(1.0), (*b * scale).min(1.0)]);
        (*l, *a, *b) = (color.l, color.a, color.b);
    }
}
