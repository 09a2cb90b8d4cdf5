//! Gaussian blur in a time that does not grow with its radius.

use super::{Plane, math::exp, wide::wide};

/// Three extended boxes come within 3 % of a Gaussian (Gwosdek et al. 2011); below this the kernel is
/// so short that it is applied as it is.
const DIRECT_BELOW: f32 = 2.0;

/// Rows or columns that are blurred side by side: a running sum waits for itself. A cache line of a row.
const LANES: usize = 16;

/// Blurs by a Gaussian of `sigma` pixels; the border pixels are repeated outwards.
pub(crate) fn gaussian(plane: &Plane, sigma: f32) -> Plane {
    gaussian_xy(plane, sigma, sigma)
}

/// Blurs by `sigma_x` pixels across and `sigma_y` pixels down.
pub(crate) fn gaussian_xy(plane: &Plane, sigma_x: f32, sigma_y: f32) -> Plane {
    let mut blurred = plane.clone();
    match Filter::new(sigma_x) {
        Filter::None => {}
        Filter::Kernel(half) => across_by_kernel(&mut blurred, &half),
        Filter::Boxes(extended) => across_by_boxes(&mut blurred, &extended),
    }
    match Filter::new(sigma_y) {
        Filter::None => {}
        Filter::Kernel(half) => down_by_kernel(&mut blurred, &half),
        Filter::Boxes(extended) => down_by_boxes(&mut blurred, &extended),
    }
    blurred
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
pub(crate) fn kernel(sigma: f32) -> Vec<f32> {
    let radius = (sigma * 3.0).ceil() as usize;
    let mut half: Vec<f32> = (0..=radius).map(|k| exp(-((k * k) as f32) / (2.0 * sigma * sigma))).collect();
    let sum = half[0] + 2.0 * half[1..].iter().sum::<f32>();
    half.iter_mut().for_each(|weight| *weight /= sum);
    half
}

/// Writes `row` into the middle of `line`, and its ends into the pixels on both sides.
#[inline(always)]
fn repeat_ends<T: Copy>(row: &[T], pad: usize, line: &mut [T]) {
    line[..pad].fill(row[0]);
    line[pad..pad + row.len()].copy_from_slice(row);
    line[pad + row.len()..].fill(row[row.len() - 1]);
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
}

/// What is run over lines of pixels that lie side by side.
trait Pass {
    /// How many pixels it looks at beyond both ends.
    fn reach(&self) -> usize;

    /// How often it is run.
    fn times(&self) -> usize;

    /// `lines` has `reach` more pixels than `out` on both sides.
    fn run(&self, lines: &[Lines], out: &mut [Lines]);
}

type Lines = [f32; LANES];

impl Pass for [f32] {
    fn reach(&self) -> usize {
        self.len() - 1
    }

    fn times(&self) -> usize {
        1
    }

    #[inline(always)]
    fn run(&self, lines: &[Lines], out: &mut [Lines]) {
        for (values, around) in out.iter_mut().zip(lines.windows(2 * self.len() - 1)) {
            let centre = self.len() - 1;
            let mut sum = around[centre];
            sum.iter_mut().for_each(|sum| *sum *= self[0]);
            for (k, weight) in self.iter().enumerate().skip(1) {
                let (before, after) = (&around[centre - k], &around[centre + k]);
                for (sum, (before, after)) in sum.iter_mut().zip(before.iter().zip(after)) {
                    *sum += weight * (before + after);
                }
            }
            *values = sum;
        }
    }
}

impl Pass for ExtendedBox {
    fn reach(&self) -> usize {
        self.radius + 1
    }

    fn times(&self) -> usize {
        3
    }

    #[inline(always)]
    fn run(&self, lines: &[Lines], out: &mut [Lines]) {
        let span = 2 * self.radius + 1;
        let mut sum = [0.0; LANES];
        for line in &lines[..span] {
            sum.iter_mut().zip(line).for_each(|(sum, value)| *sum += value);
        }
        let (first, last) = (lines, &lines[span + 1..]);
        let (enter, leave) = (&lines[span..], lines);
        for ((values, (before, after)), (new, old)) in
            out.iter_mut().zip(first.iter().zip(last)).zip(enter.iter().zip(leave))
        {
            for (lane, value) in values.iter_mut().enumerate() {
                sum[lane] += new[lane] - old[lane];
                *value = (sum[lane] + self.edge * (before[lane] + after[lane])) * self.scale;
            }
        }
    }
}

wide! {
    fn across_by_boxes<'a>(plane: &'a mut Plane, pass: &'a ExtendedBox) {
        across(plane, pass);
    }
}

wide! {
    fn down_by_boxes<'a>(plane: &'a mut Plane, pass: &'a ExtendedBox) {
        down(plane, pass);
    }
}

wide! {
    fn down_by_kernel<'a>(plane: &'a mut Plane, pass: &'a [f32]) {
        down(plane, pass);
    }
}

/// Sixteen rows at a time.
#[inline(always)]
fn across(plane: &mut Plane, pass: &impl Pass) {
    let (width, height) = (plane.width(), plane.height());
    let mut lines = vec![[0.0; LANES]; width];
    let mut padded = vec![[0.0; LANES]; width + 2 * pass.reach()];
    for from in (0..height).step_by(LANES) {
        let rows = from..height.min(from + LANES);
        for (lane, y) in rows.clone().enumerate() {
            lines.iter_mut().zip(plane.row(y)).for_each(|(line, &value)| line[lane] = value);
        }
        for _ in 0..pass.times() {
            repeat_ends(&lines, pass.reach(), &mut padded);
            pass.run(&padded, &mut lines);
        }
        for (lane, y) in rows.enumerate() {
            plane.row_mut(y).iter_mut().zip(&lines).for_each(|(value, line)| *value = line[lane]);
        }
    }
}

/// Sixteen columns at a time.
#[inline(always)]
fn down(plane: &mut Plane, pass: &(impl Pass + ?Sized)) {
    let (width, height) = (plane.width(), plane.height());
    let mut lines = vec![[0.0; LANES]; height];
    let mut padded = vec![[0.0; LANES]; height + 2 * pass.reach()];
    for from in (0..width).step_by(LANES) {
        let columns = from..width.min(from + LANES);
        let count = columns.len();
        for (y, line) in lines.iter_mut().enumerate() {
            line[..count].copy_from_slice(&plane.row(y)[columns.clone()]);
        }
        for _ in 0..pass.times() {
            repeat_ends(&lines, pass.reach(), &mut padded);
            pass.run(&padded, &mut lines);
        }
        for (y, line) in lines.iter().enumerate() {
            plane.row_mut(y)[columns.clone()].copy_from_slice(&line[..count]);
        }
    }
}

wide! {
/// Row by row: along it several pixels are summed at once as it is.
fn across_by_kernel<'a>(plane: &'a mut Plane, half: &'a [f32]) {
    let pad = half.len() - 1;
    let mut line = vec![0.0; plane.width() + 2 * pad];
    for y in 0..plane.height() {
        let out = plane.row_mut(y);
        repeat_ends(out, pad, &mut line);
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
}
}
