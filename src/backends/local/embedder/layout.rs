//! Where light and colour lie in a picture, so that similar pictures meet without any words.

use crate::imaging::{Lab, Plane};

/// Three by three cells with lightness, two colour axes and detail each, and the format.
pub(super) const PLACES: usize = GRID * GRID * 4 + 1;
const GRID: usize = 3;

/// The features of a picture, each about -1..=1.
pub(super) fn of_picture(lab: &Lab) -> [f32; PLACES] {
    let cells = lab.resized(GRID, GRID);
    let detail = detail(&lab.l).resized(GRID, GRID);
    let mean = lab.mean();
    let mut layout = [0.0; PLACES];
    let values = cells.colors().zip(detail.values());
    for ((color, detail), place) in values.zip(layout.chunks_exact_mut(4)) {
        place.copy_from_slice(&[
            2.0 * (color.l - mean.l) + 0.5 * (mean.l - 0.5),
            6.0 * color.a,
            6.0 * color.b,
            6.0 * detail,
        ]);
    }
    let ratio = lab.width() as f32 / lab.height() as f32;
    layout[PLACES - 1] = ratio.clamp(0.25, 4.0).ln();
    layout
}

/// How much lightness changes from each pixel to the next, across and down.
fn detail(lightness: &Plane) -> Plane {
    Plane::from_fn(lightness.width(), lightness.height(), |x, y| {
        let (x, y) = (x as isize, y as isize);
        let here = lightness.at(x, y);
        (lightness.at(x + 1, y) - here).abs() + (lightness.at(x, y + 1) - here).abs()
    })
}
