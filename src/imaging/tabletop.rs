//! A table in front of a scene out of focus.

use super::{
    Lab, LabColor, Plane, gaussian, lens,
    math::{mix, smooth},
};
use crate::domain::PixelSize;

/// The share of the height that the scene goes on behind the table's far edge.
pub(crate) const BEHIND: f32 = 0.03;

/// The size that a scene is needed at for its part of a canvas: out of focus a part of the pixels tells all.
pub(crate) fn scene_size(canvas: PixelSize, part: PixelSize) -> PixelSize {
    let coarseness = lens::coarseness(radius(canvas)) as u32;
    PixelSize::new(part.width.div_ceil(coarseness), part.height.div_ceil(coarseness))
}

/// The radius of the lens's disc.
fn radius(canvas: PixelSize) -> f32 {
    (0.012 * canvas.width.min(canvas.height) as f32).max(1.0)
}

/// Paints a table of `tone` under the lower part of `scene`, which takes the upper `rows` of the canvas, [`BEHIND`]
/// more than there are above the table, and is put out of focus. It has [`scene_size`]. The table is seen from `edge`
/// on, in shares of the height.
///
/// The table's lightness stays near the scene's, its colour takes a third of what lies just above it, and it
/// mirrors the scene softly, fading towards the viewer.
pub(crate) fn paint(scene: &Lab, canvas: PixelSize, rows: usize, edge: f32, tone: LabColor) -> Lab {
    let (width, height) = (canvas.width as usize, canvas.height as usize);
    let short = width.min(height) as f32;
    let shrunk = scene.width() as f32 / width as f32;
    let soft = lens::defocus(scene, radius(canvas) * shrunk);
    let sixth = soft.height() - (soft.height() / 6).max(1);
    let low =
        LabColor::new(mean_below(&soft.l, sixth), mean_below(&soft.a, sixth), mean_below(&soft.b, sixth));
    let around = soft.l.mean();
    let level = tone.l.clamp(around - 0.05, around + 0.26);
    let paper = LabColor::new(level, mix(low.a, tone.a, 0.65), mix(low.b, tone.b, 0.65));
    let mirrored =
        soft.each(|plane| gaussian(&plane.resized(width.div_ceil(8), rows.div_ceil(8)), 0.02 * short / 8.0));
    let soft = soft.resized(width, rows);
    let top = edge * height as f32;
    let fill = |soft: &Plane, mirrored: &Plane, flat: f32, slope: f32, offset: f32| {
        let mut out = Plane::filled(width, height, 0.0);
        for y in 0..height {
            let v = y as f32 + 0.5;
            let row = out.row_mut(y);
            if y < rows {
                row.copy_from_slice(soft.row(y));
            }
            // The edge is as sharp as a thing halfway between product and scene.
            let table = if y < rows { smooth((v - top + 1.5) / 3.0) } else { 1.0 };
            if table == 0.0 {
                continue;
            }
            let near = ((v - top) / (height as f32 - top)).clamp(0.0, 1.0);
            let shine = 0.34 * (1.0 - smooth(near / 0.8));
            let lit = flat + offset - slope * near;
            let back = ((2.0 * top - v) / 8.0 - 0.5).max(0.0);
            let reflected = stretched(mirrored, back, width);
            for (value, reflected) in row.iter_mut().zip(reflected) {
                *value = mix(*value, mix(lit, reflected, shine), table);
            }
        }
        out
    };
    let mut out = Lab {
        l: fill(&soft.l, &mirrored.l, paper.l, 0.05, 0.02),
        a: fill(&soft.a, &mirrored.a, paper.a, 0.0, 0.0),
        b: fill(&soft.b, &mirrored.b, paper.b, 0.0, 0.0),
    };
    out.l.values_mut().iter_mut().for_each(|l| *l = l.clamp(0.0, 0.995));
    out
}

/// A row between those of a plane that is eight times smaller, as long as the canvas.
fn stretched(plane: &Plane, y: f32, width: usize) -> impl Iterator<Item = f32> {
    let upper = y as usize;
    let last = plane.height() - 1;
    let (above, below) = (plane.row(upper.min(last)), plane.row((upper + 1).min(last)));
    let row: Vec<f32> = above.iter().zip(below).map(|(a, b)| mix(*a, *b, y - upper as f32)).collect();
    (0..width).map(move |x| {
        let at = ((x as f32 + 0.5) / 8.0 - 0.5).max(0.0);
        let left = at as usize;
        mix(row[left], row[(left + 1).min(row.len() - 1)], at - left as f32)
    })
}

fn mean_below(plane: &Plane, from: usize) -> f32 {
    let values = &plane.values()[from.min(plane.height() - 1) * plane.width()..];
    values.iter().sum::<f32>() / values.len() as f32
}
