//! How far a vector is from the borders of lists, the nearest first.

use std::{cmp::Reverse, collections::BinaryHeap};

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

/// The distance of a vector to the border of every list, by its first dimensions; 0 for the nearest.
pub(super) fn borders(arch: Arch, nearest: &Nearest, vector: &Vector) -> Vec<f32> {
    let length = nearest.centroids.dimensions();
    let mut borders = Vec::with_capacity(nearest.len());
    run(arch, Distances { nearest, vector, half: vector.square(length) / 2.0, out: &mut borders });
    let Some(home) = least(&borders) else { return borders };
    let (centroid, own) = (nearest.centroids.vector(home), borders[home]);
    let mut apart = Vec::with_capacity(nearest.len());
    run(arch, Distances { nearest, vector: &centroid, half: nearest.halves[home], out: &mut apart });
    for (border, apart) in borders.iter_mut().zip(apart) {
        *border = (*border - own) / (2.0 * apart).max(APART).sqrt();
    }
    borders
}

/// Where the least of some numbers is.
pub(super) fn least(numbers: &[f32]) -> Option<usize> {
    (0..numbers.len()).min_by(|a, b| numbers[*a].total_cmp(&numbers[*b]))
}

/// Borders and their lists, the nearest first.
pub(crate) fn in_order(borders: &[f32]) -> impl Iterator<Item = (f32, usize)> {
    // The bits of numbers that are not negative are in the order of the numbers, and one number is quickly compared.
    let waiting = borders.iter().zip(0_u64..).map(|(border, list)| u64::from(border.to_bits()) << 32 | list);
    let mut waiting: BinaryHeap<_> = waiting.map(Reverse).collect();
    std::iter::from_fn(move || {
        let Reverse(next) = waiting.pop()?;
        Some((f32::from_bits((next >> 32) as u32), (next & u64::from(u32::MAX)) as usize))
    })
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
                let product = centroids.scaled(dots[list - from], vector.step, list);
                out.push((half + halves[list] - product).max(0.0));
            }
        }
    }
}
