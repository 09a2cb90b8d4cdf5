//! The blur of a lens.

use super::{
    Lab, Plane,
    math::smooth,
    oklab::{from_linear_rgb, to_linear_rgb},
};

/// Lights above this luminance swell into discs, which is what tells a lens from a soft filter.
const BRIGHT: f32 = 0.8;
/// The most they are raised by; with more, blown windows turn into blotches.
const RAISE: f32 = 0.5;

/// Puts a raster out of focus: every point becomes a disc of `radius` pixels, in linear light.
pub(crate) fn defocus(lab: &Lab, radius: f32) -> Lab {
    let (width, height) = (lab.width(), lab.height());
    let mut rgb = [0; 3].map(|_| Plane::filled(width, height, 0.0));
    for (i, color) in lab.colors().enumerate() {
        let light = to_linear_rgb(color).map(|light| light.max(0.0));
        let luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
        let raise = 1.0 + RAISE * smooth((luminance - BRIGHT) / (1.0 - BRIGHT));
        for (plane, light) in rgb.iter_mut().zip(light) {
            plane.values_mut()[i] = light * raise;
        }
    }
    let [red, green, blue] = rgb.map(|plane| disc(&plane, radius));
    let mut out = Lab::filled(width, height, super::LabColor::default());
    let values = red.values().iter().zip(green.values()).zip(blue.values());
    let mut light = values.map(|((&r, &g), &b)| [r, g, b].map(|light| light.min(1.0)));
    out.update(|_, color| light.next().map_or(color, from_linear_rgb));
    out
}

/// The mean over a disc, by running sums along its rows: one step in and one out for each row of the disc.
fn disc(plane: &Plane, radius: f32) -> Plane {
    let reach = radius.floor() as isize;
    if reach < 1 {
        return plane.clone();
    }
    let half: Vec<isize> =
        (-reach..=reach).map(|dy| (radius * radius - (dy * dy) as f32).max(0.0).sqrt() as isize).collect();
    let count: isize = half.iter().map(|half| 2 * half + 1).sum();
    let (width, height) = (plane.width(), plane.height());
    // Sums from the left end of each row, with the border repeated on both sides.
    let pad = reach as usize + 1;
    let sums: Vec<Vec<f64>> = plane
        .rows()
        .map(|row| {
            let mut sum = 0.0;
            let padded = (0..width + 2 * pad).map(|x| row[x.saturating_sub(pad).min(width - 1)]);
            std::iter::once(0.0)
                .chain(padded.map(|value| {
                    sum += f64::from(value);
                    sum
                }))
                .collect()
        })
        .collect();
    let scale = 1.0 / count as f64;
    let mut line = vec![0.0_f64; width];
    let mut out = Plane::filled(width, height, 0.0);
    for y in 0..height {
        line.fill(0.0);
        for (dy, &half) in (-reach..=reach).zip(&half) {
            let row = &sums[(y as isize + dy).clamp(0, height as isize - 1) as usize];
            let (from, to) = (pad - half as usize, pad + half as usize + 1);
            for ((value, &right), &left) in line.iter_mut().zip(&row[to..]).zip(&row[from..]) {
                *value += right - left;
            }
        }
        out.row_mut(y).iter_mut().zip(&line).for_each(|(out, &sum)| *out = (sum * scale) as f32);
    }
    out
}
