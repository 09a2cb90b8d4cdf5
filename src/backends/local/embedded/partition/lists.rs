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

impl Seen {
    fn border(&self) -> f32 {
        self.distance * self.beyond
    }
}

/// Where neighbours are, by distance: on straight lines between what was found for some, outside as at the next of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reach {
    found: Vec<Seen>,
    /// How far queries are from the nearest centroid at most, but for a few. Those few, and all that come from where
    /// training saw nothing, have their neighbours elsewhere, too.
    usual: f32,
}

impl Reach {
    /// Takes what was found, the smallest distance first, and for queries how far away it is; with nothing, neighbours may be
    /// wherever borders allow.
    pub(crate) fn new(found: Vec<Seen>, usual: f32) -> Self {
        Self { found, usual }
    }

    /// What [`new`](Self::new) took.
    pub(crate) fn parts(&self) -> (&[Seen], f32) {
        (&self.found, self.usual)
    }

    /// Whether it holds for a query that has this to the nearest centroid.
    pub(crate) fn holds_for(&self, nearest: Level) -> bool {
        nearest.away <= self.usual
    }

    /// Where neighbours of at least this score are.
    pub(crate) fn within(&self, score: f32) -> Within<'_> {
        let distance = (2.0 - 2.0 * score).max(0.0).sqrt();
        let after = self.found.partition_point(|seen| seen.distance < distance);
        let (nearer, further) = self.found.split_at(after);
        let (beyond, towards) = match (nearer.last(), further.first()) {
            (Some(near), Some(far)) => {
                let share =
                    (distance - near.distance) / (far.distance - near.distance).max(f32::MIN_POSITIVE);
                let between = |near: f32, far: f32| near + share * (far - near);
                (between(near.beyond, far.beyond), between(near.towards, far.towards))
            }
            (Some(seen), None) | (None, Some(seen)) => (seen.beyond, seen.towards),
            (None, None) => (1.0, f32::INFINITY),
        };
        Within { furthest: Seen { distance, beyond, towards }, nearer }
    }
}

/// Where neighbours up to some distance are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Within<'a> {
    furthest: Seen,
    nearer: &'a [Seen],
}

impl Within<'_> {
    /// In lists whose border is not further than this.
    pub(crate) fn border(&self) -> f32 {
        self.furthest.border()
    }
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
    pub(crate) fn towards(&self, list: usize, Level { level, away }: Level, score: f32) -> f32 {
        (score - level) / (away * self.spread(list)).max(f32::MIN_POSITIVE)
    }

    /// Whether a list that has its border at `border` may hold neighbours within some distance: such as are that far, or
    /// nearer ones, which come further towards the query but not from behind that border.
    pub(crate) fn may_hold(
        &self,
        list: usize,
        border: f32,
        Level { level, away }: Level,
        within: &Within<'_>,
    ) -> bool {
        let most = away * self.spread(list);
        let holds = |seen: &Seen| {
            let score = 1.0 - seen.distance * seen.distance / 2.0;
            border <= seen.border() && level + seen.towards * most >= score
        };
        holds(&within.furthest) || within.nearer.iter().rev().any(holds)
    }
}
