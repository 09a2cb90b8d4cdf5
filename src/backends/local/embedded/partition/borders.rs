//! How far a vector is from the borders of lists, the nearest first.
//!
//! A border takes two inner products, one of them between centroids. Most lists are so far away that the first alone says
//! so: with `d` the distances of `c` and of the nearest centroid `n` from the vector, `|c - n| <= d(c) + d(n)`, and
//!
//! `h = (d(c)^2 - d(n)^2) / (2 |c - n|) >= (d(c) - d(n)) / 2`.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
};

use pulp::{Arch, Simd, WithSimd};

use super::assign::{Nearest, TILE, dots, rows};

/// Centroids whose distance squared is less are one to rounding, and have no border between them.
const APART: f32 = 1e-6;

/// A vector among lists, by its first dimensions.
pub(crate) struct Borders<'a> {
    arch: Arch,
    nearest: &'a Nearest,
    /// By list, half the square of the distance of its centroid.
    halves: Vec<f32>,
    /// The list of the nearest centroid.
    home: usize,
}

impl<'a> Borders<'a> {
    /// Takes the vector's first dimensions.
    pub(crate) fn new(arch: Arch, nearest: &'a Nearest, vector: &[f32]) -> Self {
        let mut halves = Vec::with_capacity(nearest.halves.len() + TILE);
        arch.dispatch(Products { nearest, vector, out: &mut halves });
        let own = vector.iter().map(|x| x * x).sum::<f32>() / 2.0;
        for (half, centroid) in halves.iter_mut().zip(&nearest.halves) {
            *half = (own + centroid - *half).max(0.0);
        }
        let home = (0..halves.len()).min_by(|a, b| halves[*a].total_cmp(&halves[*b])).unwrap_or_default();
        Self { arch, nearest, halves, home }
    }

    /// The distance to the border of a list; 0 for the nearest.
    pub(crate) fn of(&self, list: usize) -> f32 {
        let Nearest { halves, .. } = self.nearest;
        let between = self.arch.dispatch(Between { nearest: self.nearest, lists: [self.home, list] });
        let apart = 2.0 * (halves[list] + halves[self.home] - between);
        (self.halves[list] - self.halves[self.home]) / apart.max(APART).sqrt()
    }

    /// Borders and lists, the nearest first.
    pub(crate) fn in_order(self) -> impl Iterator<Item = (f32, usize)> {
        let least = self.halves.get(self.home).copied().unwrap_or_default().sqrt();
        let at_least = |half: &f32| (half.sqrt() - least) * std::f32::consts::FRAC_1_SQRT_2;
        // The bits of numbers that are not negative are in the order of the numbers.
        let bounds =
            self.halves.iter().zip(0_u32..).map(|(half, list)| (at_least(half).to_bits(), false, list));
        let mut waiting: BinaryHeap<_> = bounds.map(Reverse).collect();
        std::iter::from_fn(move || {
            while let Some(mut next) = waiting.peek_mut() {
                let Reverse((border, known, list)) = *next;
                if known {
                    PeekMut::pop(next);
                    return Some((f32::from_bits(border), list as usize));
                }
                *next = Reverse((self.of(list as usize).to_bits(), true, list));
            }
            None
        })
    }
}

/// Appends the inner products of a vector with every centroid.
struct Products<'a> {
    nearest: &'a Nearest,
    vector: &'a [f32],
    out: &'a mut Vec<f32>,
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { nearest: Nearest { front, centroids, halves }, vector, out } = self;
        for list in (0..halves.len()).step_by(TILE) {
            let [dots] = dots(simd, [vector], rows::<TILE>(centroids, *front, list));
            out.extend_from_slice(&dots[..TILE.min(halves.len() - list)]);
        }
    }
}

/// The inner product of two centroids.
struct Between<'a> {
    nearest: &'a Nearest,
    lists: [usize; 2],
}

impl WithSimd for Between<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let Self { nearest: Nearest { front, centroids, .. }, lists: [a, b] } = self;
        // In quarters, as each sum waits for the one before it.
        let quarter = front / TILE;
        let a = rows::<TILE>(&centroids[a * front..(a + 1) * front], quarter, 0);
        let b = rows::<TILE>(&centroids[b * front..(b + 1) * front], quarter, 0);
        let mut sums = [simd.splat_f32s(0.0); TILE];
        for part in 0..TILE {
            let (a, b) = (S::as_simd_f32s(a[part]).0, S::as_simd_f32s(b[part]).0);
            for at in 0..a.len().min(b.len()) {
                sums[part] = simd.mul_add_e_f32s(a[at], b[at], sums[part]);
            }
        }
        let mut product = 0.0;
        for sum in sums {
            product += simd.reduce_sum_f32s(sum);
        }
        product
    }
}
