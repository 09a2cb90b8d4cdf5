//! Centroids in the form in which they are kept and compared with a query.
//!
//! What a list holds is nearer to its own centroid than to any other, so between a query and the records of another
//! list lies the border of the two. The distance `h` of the query to it says how far away those records are at least,
//!
//! `h = (|q - c|^2 - |q - n|^2) / (2 |c - n|)`,
//!
//! with `n` the centroid next to the query and `c` that of the list. In many dimensions records hardly ever lie straight
//! behind a border: neighbours within `r` of a query are in lists with `h <= reach(r) * r`, where training finds `reach`.

use pulp::{Arch, NullaryFnOnce};

use super::{
    assign::{Nearest, front},
    borders::Borders,
};

/// What a query must know about a list to estimate its scores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    /// The inner product of query and centroid.
    pub(crate) level: f32,
    /// The distance between them.
    pub(crate) away: f32,
}

/// How far beyond borders neighbours are, as a share of their distance, by distance: on straight lines between what was
/// found for some, outside as at the next of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reach(Vec<(f32, f32)>);

impl Reach {
    /// Takes distances, the smallest first, and their shares.
    pub(crate) fn new(found: Vec<(f32, f32)>) -> Self {
        Self(found)
    }

    pub(crate) fn found(&self) -> &[(f32, f32)] {
        &self.0
    }

    /// Neighbours within `radius` are in lists whose border is not further than this.
    pub(crate) fn border(&self, radius: f32) -> f32 {
        let after = self.0.partition_point(|(distance, _)| *distance < radius);
        let share = match (after.checked_sub(1).and_then(|before| self.0.get(before)), self.0.get(after)) {
            (Some((near, least)), Some((far, most))) => {
                least + (radius - near) / (far - near).max(f32::MIN_POSITIVE) * (most - least)
            }
            (Some((_, share)), None) | (None, Some((_, share))) => *share,
            (None, None) => 1.0,
        };
        radius * share
    }
}

/// The centroids of a partition, rotated.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    dimensions: usize,
    /// The upper half of each number (bfloat16). Codes are taken about these, so nothing is lost by it.
    centroids: Vec<u16>,
    squares: Vec<f32>,
    reach: Reach,
    nearest: Nearest,
}

impl Lists {
    /// Takes centroids one after another, each number as [`halve`] gives it.
    pub(crate) fn new(dimensions: usize, centroids: Vec<u16>, reach: Reach) -> Self {
        let square = |centroid: &[u16]| centroid.iter().map(|half| whole(*half).powi(2)).sum();
        let fronts = centroids.chunks_exact(dimensions).flat_map(|centroid| &centroid[..front(dimensions)]);
        Self {
            dimensions,
            squares: centroids.chunks_exact(dimensions).map(square).collect(),
            nearest: Nearest::new(fronts.map(|half| whole(*half)).collect(), front(dimensions)),
            centroids,
            reach,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.squares.len()
    }

    fn halves(&self, list: usize) -> &[u16] {
        &self.centroids[list * self.dimensions..(list + 1) * self.dimensions]
    }

    /// Writes the centroid of a list to `out`.
    pub(crate) fn centroid(&self, list: usize, out: &mut Vec<f32>) {
        out.clear();
        out.extend(self.halves(list).iter().map(|half| whole(*half)));
    }

    pub(crate) fn nearest(&self) -> &Nearest {
        &self.nearest
    }

    /// Centroids and reach, as [`new`](Self::new) takes them.
    pub(crate) fn parts(&self) -> (&[u16], &Reach) {
        (&self.centroids, &self.reach)
    }

    /// What a rotated query of length 1 must know about a list.
    pub(crate) fn level(&self, arch: Arch, query: &[f32], list: usize) -> Level {
        let level = arch.dispatch(Product(query, self.halves(list)));
        Level { level, away: (1.0 + self.squares[list] - 2.0 * level).max(0.0).sqrt() }
    }

    /// A rotated query among the lists.
    pub(crate) fn borders(&self, arch: Arch, query: &[f32]) -> Borders<'_> {
        Borders::new(arch, &self.nearest, &query[..front(self.dimensions)])
    }

    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }
}

/// The inner product of a vector with a centroid as it is kept.
struct Product<'a>(&'a [f32], &'a [u16]);

impl NullaryFnOnce for Product<'_> {
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        let mut sums = [0.0_f32; 32];
        let (a, b) = (self.0.as_chunks::<32>().0, self.1.as_chunks::<32>().0);
        for at in 0..a.len().min(b.len()) {
            for lane in 0..32 {
                sums[lane] += a[at][lane] * whole(b[at][lane]);
            }
        }
        // Side by side first: one after another, the sums would take as long as the numbers.
        let mut eight = [0.0_f32; 8];
        for part in 0..4 {
            for lane in 0..8 {
                eight[lane] += sums[8 * part + lane];
            }
        }
        let mut sum = 0.0;
        for part in eight {
            sum += part;
        }
        sum
    }
}

/// The upper half of a number, rounded.
pub(crate) fn halve(x: f32) -> u16 {
    (x.to_bits().saturating_add(0x8000) >> 16) as u16
}

/// The number that an upper half stands for.
#[inline(always)]
fn whole(half: u16) -> f32 {
    f32::from_bits(u32::from(half) << 16)
}
