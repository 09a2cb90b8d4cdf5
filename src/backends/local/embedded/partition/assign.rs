//! The nearest centroid of many vectors, by the first dimensions alone.
//!
//! Rotated vectors are as random in any 256 dimensions as in all (Johnson and Lindenstrauss), which is enough to tell
//! neighbourhoods apart, at a quarter of the work.

use pulp::Arch;

use super::{
    centroids::{Centroids, Vector},
    products::{Products, Task, dots, rows, run},
};

/// The most dimensions that are looked at.
const FRONT: usize = 256;
/// Vectors that are compared with the same centroids at once, and centroids with the same vectors: what fits into
/// registers.
const TILE: usize = 4;
const PAIR: usize = 2;
/// Vectors that share a walk over all centroids: what fits into the first cache.
const AT_ONCE: usize = 4 * TILE;

/// Centroids as vectors are compared with them.
#[derive(Clone, Debug)]
pub(crate) struct Nearest {
    pub(super) centroids: Centroids,
    /// Half the square of each centroid's length: the nearest has the largest inner product, less this.
    pub(super) halves: Vec<f32>,
}

/// How many dimensions of vectors of `rotated` are looked at.
pub(crate) fn front(rotated: usize) -> usize {
    rotated.min(FRONT)
}

impl Nearest {
    /// Takes centroids in the dimensions that are looked at.
    pub(super) fn new(centroids: Centroids) -> Self {
        Self { halves: centroids.squares().map(|square| square / 2.0).collect(), centroids }
    }

    pub(super) fn len(&self) -> usize {
        self.halves.len()
    }

    /// Writes the nearest centroid of each of `vectors`, each given by its first dimensions.
    pub(crate) fn of(&self, arch: Arch, vectors: &[f32], out: &mut Vec<u32>) {
        out.clear();
        let (mut kept, mut steps) = (Vec::new(), Vec::new());
        for vectors in vectors.chunks(AT_ONCE * self.centroids.dimensions()) {
            kept.clear();
            let vectors = vectors.chunks_exact(self.centroids.dimensions());
            steps.clear();
            steps.extend(vectors.map(|vector| Vector::push(vector, &mut kept)));
            run(arch, Assign { nearest: self, kept: &kept, steps: &steps, out });
        }
    }
}

/// Appends the nearest centroid of up to `AT_ONCE` vectors.
struct Assign<'a> {
    nearest: &'a Nearest,
    kept: &'a [i16],
    steps: &'a [f32],
    out: &'a mut Vec<u32>,
}

impl Task for Assign<'_> {
    type Output = ();

    #[inline(always)]
    fn run<P: Products>(self, products: P) {
        let Self { nearest: Nearest { centroids, halves }, kept, steps, out } = self;
        let (length, count) = (centroids.dimensions(), steps.len());
        let (mut best, mut lists) = ([f32::NEG_INFINITY; AT_ONCE], [0; AT_ONCE]);
        for list in (0..halves.len()).step_by(PAIR) {
            let pair = centroids.rows::<PAIR>(list);
            for from in (0..count).step_by(TILE) {
                let dots = dots(products, rows::<_, TILE>(kept, length, from), pair);
                for list in list..halves.len().min(list + PAIR) {
                    for vector in from..count.min(from + TILE) {
                        let dot = dots[vector - from][list % PAIR];
                        let near = centroids.scaled(dot, steps[vector], list) - halves[list];
                        if near > best[vector] {
                            (best[vector], lists[vector]) = (near, list as u32);
                        }
                    }
                }
            }
        }
        out.extend_from_slice(&lists[..count]);
    }
}
