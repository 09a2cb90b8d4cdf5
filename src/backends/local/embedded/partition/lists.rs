//! Centroids as a query is compared with them.

use pulp::Arch;

use super::{
    assign::{Nearest, front},
    borders::borders,
    centroids::{Centroids, Vector},
    reach::{Reach, Within, towards},
};

/// What a query must know about a list to estimate its scores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    /// The inner product of query and centroid.
    pub(crate) level: f32,
    /// The distance between them.
    pub(crate) away: f32,
}

/// The lists of a partition.
#[derive(Clone, Debug)]
pub(crate) struct Lists {
    /// Rotated.
    centroids: Centroids,
    squares: Vec<f32>,
    /// The square of how far records are from centroids on average.
    spread: f32,
    nearest: Nearest,
    reach: Reach,
}

impl Lists {
    pub(crate) fn new(centroids: Centroids, reach: Reach) -> Self {
        let nearest = Nearest::new(centroids.fronts(front(centroids.dimensions())));
        let squares: Vec<f32> = centroids.squares().collect();
        #[expect(clippy::cast_precision_loss, reason = "lists are few")]
        let spread = 1.0 - squares.iter().sum::<f32>() / squares.len().max(1) as f32;
        Self { centroids, squares, spread, nearest, reach }
    }

    pub(crate) fn with_reach(self, reach: Reach) -> Self {
        Self { reach, ..self }
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

    /// How far records of a list usually are from its centroid.
    fn spread(&self, list: usize) -> f32 {
        // Records have length 1, so it is about the root of 1 - |c|^2, but where training saw few records of the list, all
        // copies of one: others are as far as elsewhere.
        (1.0 - self.squares[list]).max(self.spread).max(0.0).sqrt()
    }

    /// How far a record of this score has come towards the query from the centroid of its list.
    pub(crate) fn towards(&self, list: usize, level: Level, score: f32) -> f32 {
        towards(level, self.spread(list), score)
    }

    /// Whether a list whose border is at `border` may hold neighbours within some distance.
    pub(crate) fn may_hold(&self, list: usize, border: f32, level: Level, within: &Within<'_>) -> bool {
        within.may_be_in(border, level, self.spread(list))
    }
}
