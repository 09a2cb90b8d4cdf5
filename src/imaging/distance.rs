//! How far inside a shape a pixel is.

use std::f32::consts::SQRT_2;

use super::{Plane, wide::wide};

/// Nobody asks how much further inside a pixel is.
const FAR: f32 = 8.0;
/// Steps along a row that add up to all shorter ones.
const STEPS: [usize; 3] = [1, 2, 4];
/// What is kept outside of a row on both sides.
const PAD: usize = 4;

/// The distance in pixels from each pixel to the nearest one where `mask` is below one half, or outside of it: zero
/// there, and 8 from 8 pixels on.
///
/// Two passes with steps of 1 and the square root of 2: at most 8 % too long.
pub(crate) fn inside(mask: &Plane) -> Plane {
    depth(mask)
}

wide! {
    fn depth<'a>(mask: &'a Plane) -> Plane {
        let (width, height) = (mask.width(), mask.height());
        let mut values = Vec::with_capacity(width * height);
        // A row and the one before it, with what lies outside on both sides of them.
        let (mut before, mut row) = (vec![0.0; width + 2 * PAD], vec![0.0; width + 2 * PAD]);
        let mut spare = row.clone();
        for y in 0..height {
            for (depth, &alpha) in row[PAD..].iter_mut().zip(mask.row(y)) {
                *depth = if alpha < 0.5 { 0.0 } else { FAR };
            }
            look_across(&mut row, &before);
            look_back(&mut row, &mut spare);
            values.extend_from_slice(&row[PAD..PAD + width]);
            std::mem::swap(&mut before, &mut row);
        }
        let mut depth = Plane::from_values(width, height, values);
        before.fill(0.0);
        for y in (0..height).rev() {
            row[PAD..PAD + width].copy_from_slice(depth.row(y));
            look_across(&mut row, &before);
            look_ahead(&mut row, &mut spare);
            depth.row_mut(y).copy_from_slice(&row[PAD..PAD + width]);
            std::mem::swap(&mut before, &mut row);
        }
        depth
    }
}

/// The way through the three nearest pixels of the row before.
#[inline(always)]
fn look_across(row: &mut [f32], before: &[f32]) {
    let end = row.len() - PAD;
    let (left, middle, right) = (&before[PAD - 1..], &before[PAD..], &before[PAD + 1..]);
    for (((value, left), middle), right) in row[PAD..end].iter_mut().zip(left).zip(middle).zip(right) {
        *value = least(least(*value, middle + 1.0), least(*left, *right) + SQRT_2);
    }
}

/// The way along the row from the left. One step at a time would wait for the one before; steps twice as long each time
/// reach as far.
#[inline(always)]
fn look_back(row: &mut [f32], spare: &mut [f32]) {
    let end = row.len() - PAD;
    for step in STEPS {
        for ((out, value), left) in spare[PAD..end].iter_mut().zip(&row[PAD..]).zip(&row[PAD - step..]) {
            *out = least(*value, left + step as f32);
        }
        row[PAD..end].copy_from_slice(&spare[PAD..end]);
    }
}

/// The same from the right.
#[inline(always)]
fn look_ahead(row: &mut [f32], spare: &mut [f32]) {
    let end = row.len() - PAD;
    for step in STEPS {
        for ((out, value), right) in spare[PAD..end].iter_mut().zip(&row[PAD..]).zip(&row[PAD + step..]) {
            *out = least(*value, right + step as f32);
        }
        row[PAD..end].copy_from_slice(&spare[PAD..end]);
    }
}

/// The smaller of two numbers: one instruction, for neither of them is none.
#[inline(always)]
fn least(a: f32, b: f32) -> f32 {
    if b < a { b } else { a }
}
