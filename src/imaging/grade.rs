//! Colours brought towards a brand's palette without recolouring neutrals and skin.

use std::f32::consts::{PI, TAU};

use super::{
    Lab, LabColor,
    math::{mix, smooth, turned},
};
use crate::domain::Palette;

/// How strongly a comp is graded unless told otherwise; 1 still looks natural.
pub(crate) const STRENGTH: f32 = 0.75;

/// Grades in place: hues near the brand's are pulled to them, far ones lose chroma, shadows and lights
/// take a little of the brand's dark and light (split toning), lightness moves to the middle. Neutrals
/// move by at most .045 of chroma in shadows and .02 in lights.
pub(crate) fn grade(lab: &mut Lab, palette: &Palette, strength: f32) {
    let grade = Grade::new(palette, lab.l.mean(), strength);
    lab.update(|_, color| grade.apply(color));
}

struct Grade {
    strength: f32,
    /// The hues of primary and accent, as far as they have one.
    hues: Vec<f32>,
    shadow: (f32, f32),
    lights: (f32, f32),
    lift: f32,
}

impl Grade {
    fn new(palette: &Palette, mean: f32, strength: f32) -> Self {
        let [primary, accent, dark, light] =
            [palette.primary, palette.accent, palette.dark, palette.light].map(LabColor::of);
        Self {
            strength,
            hues: [primary, accent].into_iter().filter(|c| c.chroma() > 0.02).map(LabColor::hue).collect(),
            shadow: tint(if dark.chroma() > 0.01 { dark } else { primary }, 0.02, 0.045),
            lights: tint(light, 0.006, 0.022),
            lift: ((0.58 - mean) * 0.25 * strength).clamp(-0.04, 0.04),
        }
    }

    fn apply(&self, color: LabColor) -> LabColor {
        let k = self.strength;
        let open = 1.0 - 0.7 * skin(color);
        let mut out = self.pull(color, k * open);
        let shadow = (1.0 - smooth((color.l - 0.12) / 0.5)) * smooth(color.l / 0.03) * 0.9 * k * open;
        let lights = smooth((color.l - 0.5) / 0.4) * 0.9 * k * open;
        out.a += shadow * self.shadow.0 + lights * self.lights.0;
        out.b += shadow * self.shadow.1 + lights * self.lights.1;
        let lifted = color.l + 4.0 * color.l * (1.0 - color.l) * self.lift;
        out.l = lifted + 0.06 * k * (smooth(lifted) - lifted);
        out
    }

    /// Turns hues near the brand's and mutes those far from it.
    fn pull(&self, color: LabColor, k: f32) -> LabColor {
        let chroma = color.chroma();
        let chromatic = smooth((chroma - 0.02) / 0.04);
        if chromatic == 0.0 {
            return color;
        }
        let hue = color.hue();
        let turn = |to: f32| (to - hue + PI).rem_euclid(TAU) - PI;
        let nearest = self.hues.iter().map(|&to| turn(to)).min_by(|a, b| a.abs().total_cmp(&b.abs()));
        let Some(nearest) = nearest else { return color };
        let degrees = nearest.abs().to_degrees();
        let angle = nearest * 0.45 * k * chromatic * (1.0 - smooth((degrees - 30.0) / 30.0));
        let kept = 1.0 - 0.45 * k * chromatic * smooth((degrees - 45.0) / 60.0);
        let (a, b) = turned((color.a, color.b), angle);
        LabColor::new(color.l, kept * a, kept * b)
    }
}

/// The direction of a colour with a chroma between two bounds; nothing for a grey.
fn tint(color: LabColor, least: f32, most: f32) -> (f32, f32) {
    let chroma = color.chroma();
    if chroma < 0.003 {
        return (0.0, 0.0);
    }
    let scale = chroma.clamp(least, most) / chroma;
    (color.a * scale, color.b * scale)
}

/// How much a colour looks like skin, with soft borders.
fn skin(color: LabColor) -> f32 {
    let chroma = color.chroma();
    if !(0.015..=0.19).contains(&chroma) {
        return 0.0;
    }
    let off = (color.hue().to_degrees() - 52.0).abs();
    let by_hue = 1.0 - smooth((off - 16.0) / 8.0);
    let by_chroma = smooth((chroma - 0.015) / 0.02) * (1.0 - smooth((chroma - 0.14) / 0.05));
    by_hue * mix(0.0, by_chroma, smooth((color.l - 0.25) / 0.15))
}
