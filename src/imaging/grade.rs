//! Colours brought towards a brand's palette without recolouring neutrals and skin.

use std::f32::consts::{PI, TAU};

use super::{
    Lab, LabColor,
    math::{smooth, turned},
    wide::wide,
};
use crate::domain::Palette;

/// How strongly a comp is graded unless told otherwise; 1 still looks natural.
pub(crate) const STRENGTH: f32 = 0.75;

/// Grades in place: hues near the brand's are pulled to them, far ones lose chroma, shadows and lights
/// take a little of the brand's dark and light (split toning), lightness moves to the middle. Neutrals
/// move by at most .045 of chroma in shadows and .02 in lights.
pub(crate) fn grade(lab: &mut Lab, palette: &Palette, strength: f32) {
    apply(lab, &Grade::new(palette, lab.l.mean(), strength));
}

wide! {
    fn apply<'a>(lab: &'a mut Lab, grade: &'a Grade) {
        let (l, a, b) = (lab.l.values_mut(), lab.a.values_mut(), lab.b.values_mut());
        for ((l, a), b) in l.iter_mut().zip(a).zip(b) {
            let graded = grade.apply(LabColor::new(*l, *a, *b));
            (*l, *a, *b) = (graded.l, graded.a, graded.b);
        }
    }
}

struct Grade {
    strength: f32,
    /// The hues of primary and accent; the same twice if only one has any.
    hues: [f32; 2],
    /// 1, or 0 if neither has a hue.
    pulls: f32,
    shadow: (f32, f32),
    lights: (f32, f32),
    lift: f32,
}

impl Grade {
    fn new(palette: &Palette, mean: f32, strength: f32) -> Self {
        let [primary, accent, dark, light] =
            [palette.primary, palette.accent, palette.dark, palette.light].map(LabColor::of);
        let hue = |color: LabColor| (color.chroma() > 0.02).then(|| color.hue());
        let hues = [hue(primary).or(hue(accent)), hue(accent).or(hue(primary))];
        Self {
            strength,
            hues: hues.map(Option::unwrap_or_default),
            pulls: f32::from(u8::from(hues[0].is_some())),
            shadow: tint(if dark.chroma() > 0.01 { dark } else { primary }, 0.02, 0.045),
            lights: tint(light, 0.006, 0.022),
            lift: ((0.58 - mean) * 0.25 * strength).clamp(-0.04, 0.04),
        }
    }

    /// Without a branch, so that several pixels are graded at once.
    #[inline(always)]
    fn apply(&self, color: LabColor) -> LabColor {
        let k = self.strength;
        let (chroma, hue) = (color.chroma(), color.hue());
        let open = 1.0 - 0.7 * skin(color.l, chroma, hue);
        let mut out = self.pull(color, chroma, hue, k * open);
        let shadow = (1.0 - smooth((color.l - 0.12) / 0.5)) * smooth(color.l / 0.03) * 0.9 * k * open;
        let lights = smooth((color.l - 0.5) / 0.4) * 0.9 * k * open;
        out.a += shadow * self.shadow.0 + lights * self.lights.0;
        out.b += shadow * self.shadow.1 + lights * self.lights.1;
        let lifted = color.l + 4.0 * color.l * (1.0 - color.l) * self.lift;
        out.l = lifted + 0.06 * k * (smooth(lifted) - lifted);
        out
    }

    /// Turns hues near the brand's and mutes those far from it.
    #[inline(always)]
    fn pull(&self, color: LabColor, chroma: f32, hue: f32, k: f32) -> LabColor {
        let chromatic = self.pulls * smooth((chroma - 0.02) / 0.04);
        let (first, second) = (turn(self.hues[0] - hue), turn(self.hues[1] - hue));
        let nearest = if first.abs() <= second.abs() { first } else { second };
        let degrees = nearest.abs().to_degrees();
        let angle = nearest * 0.45 * k * chromatic * (1.0 - smooth((degrees - 30.0) / 30.0));
        let kept = 1.0 - 0.45 * k * chromatic * smooth((degrees - 45.0) / 60.0);
        let (a, b) = turned((color.a, color.b), angle);
        LabColor::new(color.l, kept * a, kept * b)
    }
}

/// The same turn as -pi..pi; it has at most two pi.
#[inline(always)]
fn turn(angle: f32) -> f32 {
    let up = angle + PI;
    let up = if up < 0.0 { up + TAU } else { up };
    (if up >= TAU { up - TAU } else { up }) - PI
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
#[inline(always)]
fn skin(l: f32, chroma: f32, hue: f32) -> f32 {
    let off = (hue.to_degrees() - 52.0).abs();
    let by_hue = 1.0 - smooth((off - 16.0) / 8.0);
    let by_chroma = smooth((chroma - 0.015) / 0.02) * (1.0 - smooth((chroma - 0.14) / 0.05));
    by_hue * by_chroma * smooth((l - 0.25) / 0.15)
}
