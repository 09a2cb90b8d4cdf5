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
    let mut light = lab.clone();
    expose(&mut light);
    let mut soft = light.each(|plane| disc(plane, radius));
    develop(&mut soft);
    soft
}

wide! {
    /// OKLab to raised linear red, green and blue.
    fn expose<'a>(lab: &'a mut Lab) {
        let (l, a, b) = (lab.l.values_mut(), lab.a.values_mut(), lab.b.values_mut());
        for ((l, a), b) in l.iter_mut().zip(a).zip(b) {
            let [red, green, blue] = to_linear_rgb(LabColor::new(*l, *a, *b));
            let (red, green, blue) = (red.max(0.0), green.max(0.0), blue.max(0.0));
            let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            let raise = 1.0 + RAISE * smooth((luminance - BRIGHT) / (1.0 - BRIGHT));
            (*l, *a, *b) = (red * raise, green * raise, blue * raise);
        }
    }
}

wide! {
    /// Linear red, green and blue to OKLab.
    fn develop<'a>(light: &'a mut Lab) {
        let (l, a, b) = (light.l.values_mut(), light.a.values_mut(), light.b.values_mut());
        for ((l, a), b) in l.iter_mut().zip(a).zip(b) {
            let color = from_linear_rgb([l.min(1.0), a.min(1.0), b.min(1.0)]);
            (*l, *a, *b) = (color.l, color.a, color.b);
        }
    }
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
