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

use pulp::Arch;

use super::{
    assign::Nearest,
    centroids::Vector,
    products::{Products, Task, dots, run},
};

/// Centroids that are compared with a vector at once: what fits into registers.
const TILE: usize = 4;

/// Centroids whose distance squared is less are one to rounding, and have no border between them.
const APART: f32 = 1e-6;

/// A vector among lists, by its first dimensions.
pub(crate) struct Borders<'a> {
    arch: Arch,
    nearest: &'a Nearest,
    /// By list, half the square of the distance of its centroid.
    halves: Vec<f32>,
    /// The list of the nearest centroid, and the centroid.
    home: usize,
    centroid: Vector,
}

impl<'a> Borders<'a> {
    /// Takes a vector, of which only the first dimensions are looked at.
    pub(crate) fn new(arch: Arch, nearest: &'a Nearest, vector: &Vector) -> Self {
        let half = vector.square(nearest.centroids.dimensions()) / 2.0;
        let mut halves = Vec::with_capacity(nearest.len() + TILE);
        run(arch, Distances { nearest, vector, half, out: &mut halves });
        let home = (0..halves.len()).min_by(|a, b| halves[*a].total_cmp(&halves[*b])).unwrap_or_default();
        Self { arch, nearest, halves, home, centroid: nearest.centroids.vector(home) }
    }

    /// The distance to the border of a list; 0 for the nearest.
    pub(crate) fn of(&self, list: usize) -> f32 {
        let Nearest { centroids, halves } = self.nearest;
        let between = centroids.product(self.arch, &self.centroid, list);
        let apart = 2.0 * (halves[list] + halves[self.home] - between);
        (self.halves[list] - self.halves[self.home]) / apart.max(APART).sqrt()
    }

    /// Borders and lists, the nearest first.
    pub(crate) fn in_order(self) -> impl Iterator<Item = (f32, usize)> {
        let least = self.halves.get(self.home).copied().unwrap_or_default().sqrt();
        let at_least = |half: &f32| (half.sqrt() - least) * std::f32::consts::FRAC_1_SQRT_2;
        let bounds = self.halves.iter().zip(0_u32..).map(|(half, list)| waiting(at_least(half), false, list));
        let mut all: BinaryHeap<_> = bounds.map(Reverse).collect();
        std::iter::from_fn(move || {
            while let Some(mut next) = all.peek_mut() {
                let (border, known, list) = parts(next.0);
                if known {
                    PeekMut::pop(next);
                    return Some((border, list as usize));
                }
                *next = Reverse(waiting(self.of(list as usize), true, list));
            }
            None
        })
    }
}

/// Whether the border of a list is known.
const KNOWN: u64 = 1 << 31;

/// A border or what it is at least, whether it is known, and its list, as one number: numbers are quickly put in order.
fn waiting(border: f32, known: bool, list: u32) -> u64 {
    // The bits of numbers that are not negative are in the order of the numbers.
    u64::from(border.to_bits()) << 32 | if known { KNOWN } else { 0 } | u64::from(list)
}

fn parts(waiting: u64) -> (f32, bool, u32) {
    (f32::from_bits((waiting >> 32) as u32), waiting & KNOWN > 0, (waiting & (KNOWN - 1)) as u32)
}

/// Appends half the square of the distance of a vector to every centroid.
struct Distances<'a> {
    nearest: &'a Nearest,
    vector: &'a Vector,
    half: f32,
    out: &'a mut Vec<f32>,
}

impl Task for Distances<'_> {
    type Output = ();

    #[inline(always)]
    fn run<P: Products>(self, products: P) {
        let Self { nearest: Nearest { centroids, halves }, vector, half, out } = self;
        for from in (0..halves.len()).step_by(TILE) {
            let [dots] = dots(products, [&vector.kept], centroids.rows::<TILE>(from));
            for list in from..halves.len().min(from + TILE) {
                let product = dots[list - from] as f32 * (vector.step * centroids.step(list));
                out.push((half + halves[list] - product).max(0.0));
            }
        }
    }
}
