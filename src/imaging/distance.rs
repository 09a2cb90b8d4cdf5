//! How far inside a shape a pixel is.

use std::f32::consts::SQRT_2;

use super::{Plane, wide::wide};

/// The distance in pixels from each pixel to the nearest one where `mask` is below one half; zero outside.
/// Two passes with steps of 1 and the square root of 2: at most 8 % too long.
pub(crate) fn inside(mask: &Plane) -> Plane {
    depth(mask)
}

wide! {
fn depth<'a>(mask: &'a Plane) -> Plane {
    let (width, height) = (mask.width(), mask.height());
    let far = (width + height) as f32;
    let mut depth = mask.map(|alpha| if alpha < 0.5 { 0.0 } else { far });
    // The row before, with what lies outside the picture on both sides of it.
    let mut before = vec![0.0; width + 2];
    let mut pass = |row: &mut [f32], backward: bool| {
        for (value, near) in row.iter_mut().zip(before.windows(3)) {
            *value = least(least(*value, near[1] + 1.0), least(near[0], near[2]) + SQRT_2);
        }
        let mut beside = 0.0_f32;
        let mut step = |value: &mut f32| {
            beside = least(*value, beside + 1.0);
            *value = beside;
        };
        if backward {
            row.iter_mut().rev().for_each(&mut step);
        } else {
            row.iter_mut().for_each(&mut step);
        }
        before[1..=width].copy_from_slice(row);
    };
    for row in depth.values_mut().chunks_exact_mut(width) {
        pass(row, false);
    }
    pass(&mut vec![0.0; width], true);
    for row in depth.values_mut().chunks_exact_mut(width).rev() {
        pass(row, true);
    }
    depth
}
}

/// The smaller of two numbers: one instruction, for neither of them is none.
#[inline(always)]
fn least(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}
