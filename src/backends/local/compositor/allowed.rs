//! Which layouts may be dealt.

use std::collections::BTreeSet;

use crate::{
    domain::{Archetype, PixelSize},
    error::Error,
};

/// Some layouts, or all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowed(Option<BTreeSet<Archetype>>);

impl Allowed {
    pub(super) fn only(archetypes: impl IntoIterator<Item = Archetype>) -> Self {
        Self(Some(archetypes.into_iter().collect()))
    }

    pub(super) fn contains(&self, archetype: Archetype) -> bool {
        self.0.as_ref().is_none_or(|these| these.contains(&archetype))
    }

    /// The error when pictures make these layouts, and none of them is allowed.
    pub(super) fn none_of(&self, made: BTreeSet<Archetype>, size: PixelSize) -> Error {
        let listed = |these: &BTreeSet<Archetype>| {
            these.iter().map(Archetype::to_string).collect::<Vec<_>>().join(", ")
        };
        let (asked, made) = (self.0.as_ref().map(listed).unwrap_or_default(), listed(&made));
        Error::invalid(format!(
            "none of the layouts asked for ({asked}) can be made of these pictures at {size}; what can: {made}"
        ))
    }
}
