//! The colour of a panel.

use fastrand::Rng;

use crate::{domain::Palette, imaging::LabColor};

/// The brand colour that stands out from a photograph, with some chance in it; the primary is preferred a
/// little.
pub(super) fn color_beside(mean: LabColor, palette: &Palette, rng: &mut Rng) -> LabColor {
    let candidates = [(palette.primary, 0.08), (palette.dark, 0.0), (palette.light, 0.0)];
    let mut best = (f32::MIN, LabColor::default());
    for (color, liking) in candidates {
        let color = LabColor::of(color);
        let score = 0.6 * color.distance(mean) + 0.22 * rng.f32() + liking;
        if score > best.0 {
            best = (score, color);
        }
    }
    best.1
}
