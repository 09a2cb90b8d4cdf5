//! A table in front of a scene out of focus.

use super::{
    Lab, LabColor, Plane, gaussian, lens,
    math::{mix, smooth},
    resize::Stretch,
    wide::wide,
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
    let small = [width.div_ceil(8), rows.div_ceil(8)];
    let mirrored = soft.each(|plane| gaussian(&plane.resized(small[0], small[1]), 0.02 * short / 8.0));
    let mirrored = mirrored.resized(width, small[1]);
    let table = Table { rows, top: edge * height as f32, height };
    Lab {
        l: lay(&soft.l, &mirrored.l, table, Paper { lit: paper.l + 0.02, fall: 0.05 }),
        a: lay(&soft.a, &mirrored.a, table, Paper { lit: paper.a, fall: 0.0 }),
        b: lay(&soft.b, &mirrored.b, table, Paper { lit: paper.b, fall: 0.0 }),
    }
}

/// Where the table lies on the canvas, in pixels.
#[derive(Clone, Copy)]
struct Table {
    /// What the scene takes from the top.
    rows: usize,
    /// The far edge.
    top: f32,
    height: usize,
}

/// One channel of the table's paper.
#[derive(Clone, Copy)]
struct Paper {
    /// At the far edge.
    lit: f32,
    /// How much less it is at the near one.
    fall: f32,
}

impl Table {
    /// How much of a row the table covers, and of that the share that mirrors: fading towards the viewer.
    fn cover(self, y: usize) -> (f32, f32, f32) {
        let v = y as f32 + 0.5;
        // The edge is as sharp as a thing halfway between product and scene.
        let cover = if y < self.rows { smooth((v - self.top + 1.5) / 3.0) } else { 1.0 };
        let near = ((v - self.top) / (self.height as f32 - self.top)).clamp(0.0, 1.0);
        (cover, near, 0.34 * (1.0 - smooth(near / 0.8)))
    }
}

wide! {
    /// One channel of the canvas: the scene made as large, and the table over it. `mirrored` is as wide as the canvas
    /// and an eighth as high as the scene.
    fn lay<'a>(soft: &'a Plane, mirrored: &'a Plane, table: Table, paper: Paper) -> Plane {
        let width = mirrored.width();
        let columns = Stretch::new(soft.width(), width);
        let mut values = Vec::with_capacity(width * table.height);
        let (mut between, mut row) = (vec![0.0; soft.width()], vec![0.0; width]);
        for y in 0..table.height {
            let (cover, near, shine) = table.cover(y);
            if y < table.rows {
                let at = (y as f32 + 0.5) * soft.height() as f32 / table.rows as f32 - 0.5;
                blend(soft, at, &mut between);
                columns.stretch(&between, &mut row);
            }
            if cover > 0.0 {
                let lit = paper.lit - paper.fall * near;
                let back = (2.0 * table.top - (y as f32 + 0.5)) / 8.0 - 0.5;
                let (above, below, share) = neighbours(mirrored, back);
                for ((value, above), below) in row.iter_mut().zip(above).zip(below) {
                    *value = mix(*value, mix(lit, mix(*above, *below, share), shine), cover);
                }
            }
            values.extend(row.iter().map(|value| value.clamp(-1.0, 0.995)));
        }
        Plane::from_values(width, table.height, values)
    }
}

/// A row between those of a plane.
#[inline(always)]
fn blend(plane: &Plane, y: f32, out: &mut [f32]) {
    let (above, below, share) = neighbours(plane, y);
    for ((value, above), below) in out.iter_mut().zip(above).zip(below) {
        *value = mix(*above, *below, share);
    }
}

/// The rows above and below a place, and how far it lies between them.
#[inline(always)]
fn neighbours(plane: &Plane, y: f32) -> (&[f32], &[f32], f32) {
    let last = plane.height() - 1;
    let y = y.clamp(0.0, last as f32);
    let upper = y as usize;
    (plane.row(upper), plane.row((upper + 1).min(last)), y - upper as f32)
}

fn mean_below(plane: &Plane, from: usize) -> f32 {
    let values = &plane.values()[from.min(plane.height() - 1) * plane.width()..];
    values.iter().sum::<f32>() / values.len() as f32
}
