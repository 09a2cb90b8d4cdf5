//! Colours that stand out, and colours of skin.

use std::collections::BTreeMap;

use crate::imaging::{Lab, LabColor, Plane};

/// How far each colour is from all others of the picture (histogram contrast, Cheng et al. 2011).
pub(super) fn rarity(lab: &Lab) -> Plane {
    let mut bins: BTreeMap<(i16, i16, i16), (LabColor, f32)> = BTreeMap::new();
    for color in lab.colors() {
        let (sum, count) = bins.entry(bin(color)).or_default();
        *sum = LabColor::new(sum.l + color.l, sum.a + color.a, sum.b + color.b);
        *count += 1.0;
    }
    let total: f32 = bins.values().map(|(_, count)| count).sum();
    let means: Vec<(LabColor, f32)> = bins
        .values()
        .map(|&(sum, n)| (LabColor::new(0.7 * sum.l / n, 2.0 * sum.a / n, 2.0 * sum.b / n), n / total))
        .collect();
    let contrast: BTreeMap<_, f32> = bins
        .keys()
        .zip(&means)
        .map(|(&key, (color, _))| {
            (key, means.iter().map(|(other, share)| share * color.distance(*other)).sum())
        })
        .collect();
    let mut rare = Plane::filled(lab.width(), lab.height(), 0.0);
    for (value, color) in rare.values_mut().iter_mut().zip(lab.colors()) {
        *value = contrast.get(&bin(color)).copied().unwrap_or(0.0);
    }
    rare
}

/// 8 steps of lightness, 12 each of a and b from -0.3 to 0.3.
fn bin(color: LabColor) -> (i16, i16, i16) {
    let chroma = |v: f32| ((v + 0.3) * 20.0).floor().clamp(0.0, 11.0) as i16;
    ((color.l * 8.0).floor().clamp(0.0, 7.0) as i16, chroma(color.a), chroma(color.b))
}

/// How much a colour looks like skin, 0..=1. Wood and leather do too, so it never weighs much.
pub(super) fn skin(lab: &Lab) -> Plane {
    let mut skin = Plane::filled(lab.width(), lab.height(), 0.0);
    for (value, color) in skin.values_mut().iter_mut().zip(lab.colors()) {
        let inside = (0.03..=0.15).contains(&color.chroma())
            && (0.40..=0.93).contains(&color.l)
            && (color.hue().to_degrees() - 50.0).abs() <= 16.0;
        *value = f32::from(u8::from(inside));
    }
    skin
}
