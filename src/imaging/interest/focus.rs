//! What is in focus: fine detail that outweighs coarse detail.

use crate::imaging::{Plane, gaussian};

/// Fine energy of OKLab lightness weighted by fine over coarse. A blurred edge has only the coarse part. Must see the
/// picture at full size: made smaller, blur is gone.
pub(super) fn sharpness(lightness: &Plane, width: usize, height: usize) -> Plane {
    let mut fine = gaussian(lightness, 1.0);
    fine.change(lightness, |g, l| (l - g) * (l - g));
    // Coarse detail, between blurs of 1.5 and 4 pixels, is all there at half the size, where the mean of two pixels
    // is a blur of half a pixel already.
    let half = lightness.resized(lightness.width().div_ceil(2), lightness.height().div_ceil(2));
    let at_half = |sigma: f32| gaussian(&half, (sigma * sigma - 0.25).sqrt() / 2.0);
    let mut coarse = at_half(4.0);
    coarse.change(&at_half(1.5), |g4, g1| (g1 - g4) * (g1 - g4));
    let energy = |plane: &Plane| gaussian(&plane.resized(width, height), 3.0).map(|e| e.max(0.0));
    energy(&fine).zip(&energy(&coarse), |fine, coarse| {
        fine.sqrt() * ((fine / (coarse + 2e-5)).sqrt() / 0.5).clamp(0.0, 1.5)
    })
}

/// Fine over coarse for the whole picture at 256 px: from .55 a wide view, below .43 a close-up.
pub(super) fn openness(lightness: &Plane) -> f32 {
    let long = lightness.width().max(lightness.height());
    let side = |pixels: usize| (pixels * 256).div_ceil(long);
    let small = lightness.resized(side(lightness.width()), side(lightness.height()));
    let fine = small.zip(&gaussian(&small, 1.0), |l, g| l - g);
    let coarse = gaussian(&small, 2.0).zip(&gaussian(&small, 8.0), |g2, g8| g2 - g8);
    deviation(&fine) / deviation(&coarse).max(1e-4)
}

fn deviation(plane: &Plane) -> f32 {
    let mean = plane.mean();
    plane.map(|value| (value - mean) * (value - mean)).mean().sqrt()
}
