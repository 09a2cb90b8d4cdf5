//! Which lists can hold neighbours of a query, as training found it.
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

use super::lists::Level;

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

/// The `t` of a record of this score, in a list whose records are usually `spread` from their centroid.
pub(super) fn towards(Level { level, away }: Level, spread: f32, score: f32) -> f32 {
    (score - level) / (away * spread).max(f32::MIN_POSITIVE)
}

/// Where neighbours are, by distance: on straight lines between what was found for some, further away as at
/// the last of them.
#[derive(Clone, Debug, Default, PartialEq)]
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
            (Some(seen), None) => (seen.beyond, seen.towards),
            // The nearer, the further towards the query: how far is not known of what is nearer than all that was found.
            (None, Some(seen)) => (seen.beyond, f32::INFINITY),
            (None, None) => (1.0, f32::INFINITY),
        };
        Within { furthest: Seen { distance, beyond, towards }, nearer, slack: 1.0 }
    }
}

/// Where neighbours up to some distance are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Within<'a> {
    furthest: Seen,
    nearer: &'a [Seen],
    /// How many times as far beyond borders and towards the query they may be.
    slack: f32,
}

impl Within<'_> {
    /// The same with so much slack.
    pub(crate) fn with_slack(self, slack: f32) -> Self {
        Self { slack, ..self }
    }

    /// In lists whose border is not further than this.
    pub(crate) fn border(&self) -> f32 {
        self.furthest.border() * self.slack
    }

    /// Whether a list may hold such: its border is at `border`, and its records are usually `spread` from the centroid. They
    /// are as far as that, or nearer: then they come further towards the query, but not from behind that border.
    pub(super) fn may_be_in(&self, border: f32, level: Level, spread: f32) -> bool {
        let holds = |seen: &Seen| {
            let score = 1.0 - seen.distance * seen.distance / 2.0;
            border <= seen.border() * self.slack && towards(level, spread, score) <= seen.towards * self.slack
        };
        holds(&self.furthest) || self.nearer.iter().rev().any(holds)
    }
}
