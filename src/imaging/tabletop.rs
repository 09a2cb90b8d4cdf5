//! A table in front of a scene out of focus.

use super::{
    Lab, LabColor, Plane, gaussian, lens,
    math::{mix, smooth},
};

/// The share of the height that the scene goes on behind the table's far edge.
pub(crate) const BEHIND: f32 = 0.03;

/// Paints a table of `tone` under the lower part of `scene`, which is put out of focus. The table is seen from `edge`
/// on, in shares of `height` rows; the scene has [`BEHIND`] more of them.
///
/// The table's lightness stays near the scene's, its colour takes a third of what lies just above it, and it
/// mirrors the scene softly, fading towards the viewer.
pub(crate) fn paint(scene: &Lab, height: usize, edge: f32, tone: LabColor) -> Lab {
    let width = scene.width();
    let short = width.min(height) as f32;
    let soft = lens::defocus(scene, (0.012 * short).max(1.0));
    let top = edge * height as f32;
    let rows = soft.height();
    let sixth = rows - (rows / 6).max(1);
    let low =
        LabColor::new(mean_below(&soft.l, sixth), mean_below(&soft.a, sixth), mean_below(&soft.b, sixth));
    let around = soft.l.mean();
    let level = tone.l.clamp(around - 0.05, around + 0.26);
    let paper = LabColor::new(level, mix(low.a, tone.a, 0.65), mix(low.b, tone.b, 0.65));
    let mirrored =
        soft.each(|plane| gaussian(&plane.resized(width.div_ceil(8), rows.div_ceil(8)), 0.02 * short / 8.0));
    let mut out = Lab::filled(width, height, paper);
    for y in 0..height {
        let v = y as f32 + 0.5;
        // The edge is as sharp as a thing halfway between product and scene.
        let table = smooth((v - top + 1.5) / 3.0);
        let near = ((v - top) / (height as f32 - top)).clamp(0.0, 1.0);
        let shine = 0.34 * (1.0 - smooth(near / 0.8));
        let back = ((2.0 * top - v) / 8.0 - 0.5).max(0.0);
        for x in 0..width {
            let mirror = |plane: &Plane| plane.sample((x as f32 + 0.5) / 8.0 - 0.5, back);
            let reflected = LabColor::new(mirror(&mirrored.l), mirror(&mirrored.a), mirror(&mirrored.b));
            let lit = LabColor { l: paper.l + 0.02 - 0.05 * near, ..paper };
            let wood = lit.mix(reflected, shine);
            let color =
                if table < 1.0 && y < rows { soft.at(x as isize, y as isize).mix(wood, table) } else { wood };
            let i = y * width + x;
            out.l.values_mut()[i] = color.l.clamp(0.0, 0.995);
            out.a.values_mut()[i] = color.a;
            out.b.values_mut()[i] = color.b;
        }
    }
    out
}

fn mean_below(plane: &Plane, from: usize) -> f32 {
    let values = &plane.values()[from.min(plane.height() - 1) * plane.width()..];
    values.iter().sum::<f32>() / values.len() as f32
}
