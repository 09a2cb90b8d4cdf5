//! What is in focus: fine detail that outweighs coarse detail.

use crate::imaging::{Plane, blur::kernel, gaussian, resize::Taps, wide::wide};

/// Fine energy of OKLab lightness weighted by fine over coarse. A blurred edge has only the coarse part. Must see the
/// picture at full size: made smaller, blur is gone.
pub(super) fn sharpness(lightness: &Plane, width: usize, height: usize) -> Plane {
    // Coarse detail, between blurs of 1.5 and 4 pixels, is all there at half the size.
    let half = halved(lightness);
    let (fine, coarse) = ([1.0], [kernel(at_half(1.5)), kernel(at_half(4.0))]);
    let fine = energy(lightness, [&fine, &kernel(1.0)], [width, height]);
    let coarse = energy(&half, [&coarse[0], &coarse[1]], [width, height]);
    gaussian(&fine, 3.0).zip(&gaussian(&coarse, 3.0), |fine, coarse| {
        let (fine, coarse) = (fine.max(0.0), coarse.max(0.0));
        fine.sqrt() * ((fine / (coarse + 2e-5)).sqrt() / 0.5).clamp(0.0, 1.5)
    })
}

/// Fine over coarse for the whole picture at 256 px: from .55 a wide view, below .43 a close-up.
pub(super) fn openness(lightness: &Plane) -> f32 {
    let long = lightness.width().max(lightness.height());
    let side = |pixels: usize| (pixels * 256).div_ceil(long);
    let small = lightness.resized(side(lightness.width()), side(lightness.height()));
    let half = halved(&small);
    let fine = small.zip(&gaussian(&small, 1.0), |l, g| l - g);
    let coarse = gaussian(&half, at_half(2.0)).zip(&gaussian(&half, at_half(8.0)), |g2, g8| g2 - g8);
    deviation(&fine) / deviation(&coarse).max(1e-4)
}

fn halved(plane: &Plane) -> Plane {
    plane.resized(plane.width().div_ceil(2), plane.height().div_ceil(2))
}

/// What a blur of `sigma` pixels is at half the size, where the mean of two pixels is a blur of half a pixel already.
fn at_half(sigma: f32) -> f32 {
    (sigma * sigma - 0.25).sqrt() / 2.0
}

/// The energy of what lies between two blurs, given by the right halves of their kernels, as the mean over each place
/// of a smaller plane.
fn energy(plane: &Plane, blurs: [&[f32]; 2], size: [usize; 2]) -> Plane {
    let (width, height) = (size[0].min(plane.width()), size[1].min(plane.height()));
    band(plane, blurs, height).resized(width, height).resized(size[0], size[1])
}

wide! {
    /// The squared difference of two blurs in fewer rows: row by row, so that nothing leaves the cache.
    fn band<'a>(plane: &'a Plane, blurs: [&'a [f32]; 2], height: usize) -> Plane {
        let width = plane.width();
        let pads = blurs.map(|half| half.len() - 1);
        let mut lines = pads.map(|pad| vec![0.0; width + 2 * pad]);
        let mut soft = [vec![0.0; width], vec![0.0; width]];
        let mut out = Plane::filled(width, height, 0.0);
        let mut squares = vec![0.0; width];
        let mut done = None;
        for (y, (from, weights)) in Taps::new(plane.height(), height).iter().enumerate() {
            for (row, &weight) in (from..).zip(weights) {
                // The last of one may be the first of the next.
                if done != Some(row) {
                    for ((half, line), soft) in blurs.iter().zip(&mut lines).zip(&mut soft) {
                        down(plane, row, half, line);
                        across(line, half, soft);
                    }
                    let [fine, coarse] = &soft;
                    for ((square, fine), coarse) in squares.iter_mut().zip(fine).zip(coarse) {
                        *square = (fine - coarse) * (fine - coarse);
                    }
                    done = Some(row);
                }
                out.row_mut(y).iter_mut().zip(&squares).for_each(|(sum, square)| *sum += weight * square);
            }
        }
        out
    }
}

/// A row blurred with those above and below, its ends repeated on both sides.
#[inline(always)]
fn down(plane: &Plane, row: usize, half: &[f32], line: &mut [f32]) {
    let (pad, last) = (half.len() - 1, plane.height() - 1);
    let end = line.len() - pad;
    let out = &mut line[pad..end];
    out.iter_mut().zip(plane.row(row)).for_each(|(value, centre)| *value = half[0] * centre);
    for (k, &weight) in half.iter().enumerate().skip(1) {
        let (above, below) = (plane.row(row.saturating_sub(k)), plane.row((row + k).min(last)));
        for ((value, above), below) in out.iter_mut().zip(above).zip(below) {
            *value += weight * (above + below);
        }
    }
    let ends = [out[0], out[out.len() - 1]];
    line[..pad].fill(ends[0]);
    line[end..].fill(ends[1]);
}

/// A row, with its repeated ends, blurred along itself.
#[inline(always)]
fn across(line: &[f32], half: &[f32], out: &mut [f32]) {
    let pad = half.len() - 1;
    out.iter_mut().zip(&line[pad..]).for_each(|(value, centre)| *value = half[0] * centre);
    for (k, &weight) in half.iter().enumerate().skip(1) {
        for ((value, left), right) in out.iter_mut().zip(&line[pad - k..]).zip(&line[pad + k..]) {
            *value += weight * (left + right);
        }
    }
}

fn deviation(plane: &Plane) -> f32 {
    let mean = plane.mean();
    plane.map(|value| (value - mean) * (value - mean)).mean().sqrt()
}
