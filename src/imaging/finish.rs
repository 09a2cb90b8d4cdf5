//! The last touches: sharpness after enlarging, and grain.

use fastrand::Rng;

use super::{Lab, Plane, gaussian, wide::wide};

/// Sharpens lightness after enlarging by `factor`. Good to 2x; beyond 2.6x texture looks painted.
pub(crate) fn sharpen(lab: &mut Lab, factor: f32) {
    if factor <= 1.05 {
        return;
    }
    let blurred = gaussian(&lab.l, 0.55 * factor.min(4.0));
    for (l, soft) in lab.l.values_mut().iter_mut().zip(blurred.values()) {
        let detail = *l - soft;
        if detail.abs() > 0.004 {
            *l += (0.7 * detail).clamp(-0.05, 0.05);
        }
    }
}

/// Grain that hides the joint of picture and extension, and banding.
#[derive(Debug)]
pub(crate) struct Grain {
    tile: Plane,
}

impl Grain {
    const SIDE: usize = 256;

    pub(crate) fn new(rng: &mut Rng) -> Self {
        let noise = Plane::from_fn(Self::SIDE, Self::SIDE, |_, _| {
            // Three uniform numbers come close enough to a normal one.
            rng.f32() + rng.f32() + rng.f32() - 1.5
        });
        let soft = gaussian(&noise, 0.7);
        let deviation = soft.map(|v| v * v).mean().sqrt().max(1e-6);
        Self { tile: soft.map(|v| v / deviation) }
    }

    /// Adds lightness noise of a standard deviation of `amplitude` in the middle tones, half in the ends.
    pub(crate) fn apply(&self, lab: &mut Lab, amplitude: f32) {
        add(&mut lab.l, &self.tile, amplitude);
    }
}

wide! {
    fn add<'a>(lightness: &'a mut Plane, tile: &'a Plane, amplitude: f32) {
        for y in 0..lightness.height() {
            let noise = tile.row(y % tile.height());
            for part in lightness.row_mut(y).chunks_mut(tile.width()) {
                for (l, noise) in part.iter_mut().zip(noise) {
                    *l += amplitude * (0.5 + 2.0 * *l * (1.0 - *l)) * noise;
                }
            }
        }
    }
}
