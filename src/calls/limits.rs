//! How many calls of one model run at the same time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use tokio::sync::Semaphore;

use super::Policy;
use crate::{domain::Card, sync::lock};

/// What calls of a model must have to be sent; none where nothing limits them.
type Permits = Option<Arc<Semaphore>>;

/// The permits of a door, one set per (provider, name), shared by everything it guards.
#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<HashMap<(String, String), Permits>>);

impl Limits {
    /// The permits for calls of `card`. The first card of a name counts.
    fn permits(&self, card: &Card, policy: &Policy) -> Permits {
        let mut all = lock(&self.0);
        let permits = all.entry((card.provider.clone(), card.name.clone()));
        permits
            .or_insert_with(|| {
                let own = card.max_concurrency;
                let most = if card.is_local() {
                    own?
                } else {
                    own.map_or(policy.max_concurrency, |own| own.min(policy.max_concurrency))
                };
                Some(Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))))
            })
            .clone()
    }
}

/// What a door knows of one card.
#[derive(Debug)]
pub(super) struct Lane {
    original: Card,
    /// The card with the mark of being guarded.
    pub(super) card: Card,
    pub(super) permits: Permits,
}

/// The lanes of one guard: one, unless what it guards plays several roles with different cards. A list, so
/// that a marked card can be lent out while another is added.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lane: OnceLock<Lane>,
    more: OnceLock<Box<Self>>,
}

impl Lanes {
    pub(super) fn of(&self, card: &Card, limits: &Limits, policy: &Policy) -> &Lane {
        let lane = self.lane.get_or_init(|| Lane {
            original: card.clone(),
            card: Card { guarded: true, ..card.clone() },
            permits: limits.permits(card, policy),
        });
        if lane.original == *card {
            lane
        } else {
            self.more.get_or_init(Box::default).of(card, limits, policy)
        }
    }
}
