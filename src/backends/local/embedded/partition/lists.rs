//! Centroids as a query is compared with them, and how far it looks.
//!
//! What a list holds is nearer to its own centroid than to any other, so between a query and the records of another
//! list lies the border of the two. The distance `h` of the query to it says how far away those records are at least,
//!
//! `h = (|q - c|^2 - |q - n|^2) / (2 |c - n|)`,
//!
//! with `n` the centroid next to the query and `c` that of the list. In many dimensions records hardly ever lie straight
//! behind a border: neighbours within `r` of a query are in lists with `h <= beyond(r) * r`.
//!
//! Nor do they lie straight between a query and their centroid. The score of a record `x` is
//!
//! `<q, x> = <q, c> + t |q - c| s`,
//!
//! with `s` how far records of the list usually are from `c`, and `t` how much of this way is towards the query. For
//! neighbours within `r`, `t <= towards(r)`. Training finds `beyond` and `towards`.

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

/// Where neighbours at some distance are, seen from the query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) distance: f32,
    /// How far beyond borders, as a share of the distance.
    pub(crate) beyond: f32,
    /// How far towards the query from their centroid, as a share of how far records of the list usually are from it.
    pub(crate) towards: f32,
}

/// Where neighbours are, by distance: on straight lines between what was found for some, outside as at the next of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reach(Vec<Seen>);

impl Reach {
    /// Takes what was found, the smallest distance first; with nothing, neighbours may be wherever borders allow.
    pub(crate) fn new(found: Vec<Seen>) -> Self {
        Self(found)
    }

    pub(crate) fn found(&self) -> &[Seen] {
        &self.0
    }

    /// Where neighbours of at least this score are.
    pub(crate) fn within(&self, score: f32) -> Within {
        let radius = (2.0 - 2.0 * score).max(0.0).sqrt();
        let after = self.0.partition_point(|seen| seen.distance < radius);
        let (beyond, towards) = match (after.checked_sub(1).and_then(|at| self.0.get(at)), self.0.get(after))
        {
            (Some(near), Some(far)) => {
                let share = (radius - near.distance) / (far.distance - near.distance).max(f32::MIN_POSITIVE);
                let between = |near: f32, far: f32| near + share * (far - near);
                (between(near.beyond, far.beyond), between(near.towards, far.towards))
            }
            (Some(seen), None) | (None, Some(seen)) => (seen.beyond, seen.towards),
            (None, None) => (1.0, f32::INFINITY),
        };
        Within { score, border: radius * beyond, towards }
    }
}

/// Where neighbours of at least some score are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Within {
    score: f32,
    /// In lists whose border is not further than this.
    pub(crate) border: f32,
    towards: f32,
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

    /// How far a record of this score has come towards the query from the centroid of its list.
    pub(crate) fn towards(&self, list: usize, Level { level, away }: Level, score: f32) -> f32 {
        // Records have length 1, so they are about the root of 1 - |c|^2 from their centroid, but where training saw few
        // of them, all copies of one: others are as far as elsewhere.
        let spread = (1.0 - self.squares[list]).max(self.spread).max(0.0).sqrt();
        (score - level) / (away * spread).max(f32::MIN_POSITIVE)
    }

    /// Whether a list may hold such neighbours.
    pub(crate) fn may_hold(&self, list: usize, level: Level, within: Within) -> bool {
        self.towards(list, level, within.score) <= within.towards
    }
}
