//! Colours that stand out, and colours of skin.

use crate::imaging::{Lab, LabColor, Plane};

/// How far each colour is from all others of the picture (histogram contrast, Cheng et al. 2011).
pub(super) fn rarity(lab: &Lab) -> Plane {
    let mut bins = vec![(LabColor::default(), 0.0_f32); BINS];
    for color in lab.colors() {
        let (sum, count) = &mut bins[bin(color)];
        *sum = LabColor::new(sum.l + color.l, sum.a + color.a, sum.b + color.b);
        *count += 1.0;
    }
    let total = (lab.width() * lab.height()) as f32;
    let means: Vec<(usize, LabColor, f32)> = bins
        .iter()
        .enumerate()
        .filter(|(_, (_, n))| *n > 0.0)
        .map(|(bin, (sum, n))| {
            (bin, LabColor::new(0.7 * sum.l / n, 2.0 * sum.a / n, 2.0 * sum.b / n), n / total)
        })
        .collect();
    let mut contrast = vec![0.0_f32; BINS];
    for (bin, color, _) in &means {
        contrast[*bin] = means.iter().map(|(_, other, share)| share * color.distance(*other)).sum();
    }
    let mut rare = Plane::filled(lab.width(), lab.height(), 0.0);
    for (value, color) in rare.values_mut().iter_mut().zip(lab.colors()) {
        *value = contrast[bin(color)];
    }
    rare
}

const BINS: usize = 8 * 12 * 12;

/// 8 steps of lightness, 12 each of a and b from -0.3 to 0.3.
fn bin(color: LabColor) -> usize {
    let chroma = |v: f32| (((v + 0.3) * 20.0) as usize).min(11);
    (((color.l * 8.0) as usize).min(7) * 12 + chroma(color.a)) * 12 + chroma(color.b)
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
