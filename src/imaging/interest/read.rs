//! A picture read in one pass: the lightness of every pixel, and all colours at the size of the maps.

use crate::imaging::{Lab, LabColor, Picture, Plane, oklab::read_row, resize::Taps, wide::wide};

/// The lightness of every pixel, and the colours of the picture at `width` x `height`.
pub(super) fn read(picture: &Picture, width: usize, height: usize) -> (Plane, Lab) {
    if height < picture.height() {
        let (lightness, rows) = read_down(picture, height);
        return (lightness, rows.resized(width, height));
    }
    let full = Lab::of(picture);
    let lab = full.resized(width, height);
    (full.l, lab)
}

wide! {
    /// The lightness of all pixels, and all colours in fewer rows.
    fn read_down<'a>(picture: &'a Picture, height: usize) -> (Plane, Lab) {
        let width = picture.width();
        let mut lightness = Plane::filled(width, picture.height(), 0.0);
        let mut rows = Lab::filled(width, height, LabColor::default());
        let (mut a, mut b) = (vec![0.0; width], vec![0.0; width]);
        let mut read = None;
        for (y, (from, weights)) in Taps::new(picture.height(), height).iter().enumerate() {
            for (row, &weight) in (from..).zip(weights) {
                // The last of one may be the first of the next.
                if read != Some(row) {
                    let pixels = &picture.pixels()[row * width..][..width];
                    read_row(pixels, lightness.row_mut(row), &mut a, &mut b);
                    read = Some(row);
                }
                add(rows.l.row_mut(y), weight, lightness.row(row));
                add(rows.a.row_mut(y), weight, &a);
                add(rows.b.row_mut(y), weight, &b);
            }
        }
        (lightness, rows)
    }
}

#[inline(always)]
fn add(sums: &mut [f32], weight: f32, values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += weight * value;
    }
}
