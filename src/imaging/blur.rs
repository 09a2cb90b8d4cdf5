//! Gaussian blur in a time that does not grow with its radius.

use super::{Plane, math::exp};

/// Three extended boxes come within 3 % of a Gaussian (Gwosdek et al. 2011); below this the kernel is
/// so short that it is applied as it is.
const DIRECT_BELOW: f32 = 2.0;

/// Blurs by a Gaussian of `sigma` pixels; the border pixels are repeated outwards.
pub(crate) fn gaussian(plane: &Plane, sigma: f32) -> Plane {
    gaussian_xy(plane, sigma, sigma)
}

/// Blurs by `sigma_x` pixels across and `sigma_y` pixels down.
pub(crate) fn gaussian_xy(plane: &Plane, sigma_x: f32, sigma_y: f32) -> Plane {
    down(&across(plane, sigma_x), sigma_y)
}

fn across(plane: &Plane, sigma: f32) -> Plane {
    match Filter::new(sigma) {
        Filter::None => plane.clone(),
        Filter::Kernel(half) => by_row(plane, half.len() - 1, |line, out| convolve(line, &half, out)),
        Filter::Boxes(extended) => {
            let pad = extended.radius + 1;
            let mut spare = vec![0.0; plane.width()];
            by_row(plane, pad, |line, out| {
                extended.run(line, out);
                for _ in 0..2 {
                    spare.copy_from_slice(out);
                    repeat_ends(&spare, pad, line);
                    extended.run(line, out);
                }
            })
        }
    }
}

fn down(plane: &Plane, sigma: f32) -> Plane {
    match Filter::new(sigma) {
        Filter::None => plane.clone(),
        Filter::Kernel(half) => convolve_rows(plane, &half),
        Filter::Boxes(extended) => {
            let mut spare = Plane::filled(plane.width(), plane.height(), 0.0);
            extended.run_rows(plane, &mut spare);
            let mut out = Plane::filled(plane.width(), plane.height(), 0.0);
            extended.run_rows(&spare, &mut out);
            extended.run_rows(&out, &mut spare);
            spare
        }
    }
}

enum Filter {
    None,
    Kernel(Vec<f32>),
    /// To be run three times.
    Boxes(ExtendedBox),
}

impl Filter {
    fn new(sigma: f32) -> Self {
        if sigma.is_nan() || sigma < 0.1 {
            Self::None
        } else if sigma < DIRECT_BELOW {
            Self::Kernel(kernel(sigma))
        } else {
            Self::Boxes(ExtendedBox::for_variance(sigma * sigma / 3.0))
        }
    }
}

/// The right half of the kernel, centre first, so that the whole sums to one.
fn kernel(sigma: f32) -> Vec<f32> {
    let radius = (sigma * 3.0).ceil() as usize;
    let mut half: Vec<f32> = (0..=radius).map(|k| exp(-((k * k) as f32) / (2.0 * sigma * sigma))).collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f32>();
    half.iter_mut().for_each(|weight| *weight /= sum);
    half
}

/// Runs `filter` on each row, which it sees with `pad` repeated pixels on both sides.
fn by_row(plane: &Plane, pad: usize, mut filter: impl FnMut(&mut [f32], &mut [f32])) -> Plane {
    let mut out = Plane::filled(plane.width(), plane.height(), 0.0);
    let mut line = vec![0.0; plane.width() + 2 * pad];
    for (y, row) in plane.rows().enumerate() {
        repeat_ends(row, pad, &mut line);
        filter(&mut line, out.row_mut(y));
    }
    out
}

/// Writes a row into the middle of `line`, and its ends into the pixels on both sides.
fn repeat_ends(row: &[f32], pad: usize, line: &mut [f32]) {
    line[..pad].fill(row[0]);
    line[pad..pad + row.len()].copy_from_slice(row);
    line[pad + row.len()..].fill(row[row.len() - 1]);
}

fn convolve(line: &[f32], half: &[f32], out: &mut [f32]) {
    let pad = half.len() - 1;
    for (value, &centre) in out.iter_mut().zip(&line[pad..]) {
        *value = centre * half[0];
    }
    for (k, &weight) in half.iter().enumerate().skip(1) {
        let (left, right) = (&line[pad - k..], &line[pad + k..]);
        for ((value, &l), &r) in out.iter_mut().zip(left).zip(right) {
            *value += weight * (l + r);
        }
    }
}

fn convolve_rows(plane: &Plane, half: &[f32]) -> Plane {
    let last = plane.height() - 1;
    let mut out = Plane::filled(plane.width(), plane.height(), 0.0);
    for y in 0..=last {
        let values = out.row_mut(y);
        for (value, &centre) in values.iter_mut().zip(plane.row(y)) {
            *value = centre * half[0];
        }
        for (k, &weight) in half.iter().enumerate().skip(1) {
            let (above, below) = (plane.row(y.saturating_sub(k)), plane.row((y + k).min(last)));
            for ((value, &a), &b) in values.iter_mut().zip(above).zip(below) {
                *value += weight * (a + b);
            }
        }
    }
    out
}

/// A box of `2 radius + 1` pixels with one more of weight `edge` on both ends, which gives it any variance.
struct ExtendedBox {
    radius: usize,
    edge: f32,
    scale: f32,
}

impl ExtendedBox {
    fn for_variance(variance: f32) -> Self {
        let radius = (((12.0 * variance + 1.0).sqrt() - 1.0) / 2.0).floor();
        let next = (radius + 1.0) * (radius + 1.0);
        let edge =
            (2.0 * radius + 1.0) * (radius * (radius + 1.0) - 3.0 * variance) / (6.0 * (variance - next));
        Self { radius: radius as usize, edge, scale: 1.0 / (2.0 * radius + 1.0 + 2.0 * edge) }
    }

    /// `line` has `radius + 1` more pixels than `out` on both sides.
    fn run(&self, line: &[f32], out: &mut [f32]) {
        let span = 2 * self.radius + 1;
        let mut sum: f32 = line[..span].iter().sum();
        let (first, last) = (line, &line[span + 1..]);
        let (enter, leave) = (&line[span..], line);
        for ((value, (&before, &after)), (&new, &old)) in
            out.iter_mut().zip(first.iter().zip(last)).zip(enter.iter().zip(leave))
        {
            sum += new - old;
            *value = (sum + self.edge * (before + after)) * self.scale;
        }
    }

    fn run_rows(&self, plane: &Plane, out: &mut Plane) {
        let last = plane.height() as isize - 1;
        let radius = self.radius as isize;
        let row = |y: isize| plane.row(y.clamp(0, last) as usize);
        let mut sums = vec![0.0_f32; plane.width()];
        for y in -radius - 1..radius {
            sums.iter_mut().zip(row(y)).for_each(|(sum, &value)| *sum += value);
        }
        for y in 0..=last {
            let (before, after) = (row(y - radius - 1), row(y + radius + 1));
            let (enter, leave) = (row(y + radius), row(y - radius - 1));
            for (x, value) in out.row_mut(y as usize).iter_mut().enumerate() {
                sums[x] += enter[x] - leave[x];
                *value = (sums[x] + self.edge * (before[x] + after[x])) * self.scale;
            }
        }
    }
}
