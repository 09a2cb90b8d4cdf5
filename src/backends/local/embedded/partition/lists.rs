//! Centroids as a query is compared with them, and how far it looks.
//!
//! What a list holds is nearer to its own centroid than to any other, so between a query and the records of another
//! list lies the border of the two. The distance `h` of the query to it says how far away those records are at least,
//!
//! `h = (|q - c|^2 - |q - n|^2) / (2 |c - n|)`,
//!
//! with `n` the centroid next to the query and `c` that of the list. In many dimensions records hardly ever lie straight
//! behind a border: neighbours within `r` of a query are in lists with `h <= reach(r) * r`, where training finds `reach`.

use pulp::Arch;

use super::{
    assign::{Nearest, front},
    borders::borders,
    centroids::{Centroids, Vector},
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

/// The lists of a partition.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    /// Rotated.
    centroids: Centroids,
    squares: Vec<f32>,
    reach: Reach,
    nearest: Nearest,
}

impl Lists {
    pub(crate) fn new(centroids: Centroids, reach: Reach) -> Self {
        let nearest = Nearest::new(centroids.fronts(front(centroids.dimensions())));
        Self { squares: centroids.squares().collect(), nearest, centroids, reach }
    }

    pub(crate) fn len(&self) -> usize {
        self.squares.len()
    }

    /// Writes the centroid of a list to `out`.
    pub(crate) fn centroid(&self, list: usize, out: &mut Vec<f32>) {
        out.clear();
        out.extend(self.centroids.get(list));
    }

    pub(crate) fn centroids(&self) -> &Centroids {
        &self.centroids
    }

    pub(crate) fn nearest(&self) -> &Nearest {
        &self.nearest
    }

    pub(crate) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// What a rotated query of length 1 must know about a list.
    pub(crate) fn level(&self, arch: Arch, query: &Vector, list: usize) -> Level {
        let level = self.centroids.product(arch, query, list);
        Level { level, away: (1.0 + self.squares[list] - 2.0 * level).max(0.0).sqrt() }
    }

    /// The distance of a rotated query to the border of every list.
    pub(crate) fn borders(&self, arch: Arch, query: &Vector) -> Vec<f32> {
        borders(arch, &self.nearest, query)
    }
}
