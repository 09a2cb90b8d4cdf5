//! How many calls of one model run at the same time, and how many a minute.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};

use tokio::sync::Semaphore;

use super::{Pace, Policy, pace::Pacer};
use crate::{domain::Card, sync::lock};

/// What calls of a model must have to be sent; none where nothing limits them.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    pub(super) permits: Option<Arc<Semaphore>>,
    pub(super) pacer: Option<Arc<Pacer>>,
}

/// The turns of a door, one set per (provider, name), shared by everything it guards.
#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<HashMap<(String, String), Turns>>);

impl Limits {
    /// The turns for calls of `card`. The first card of a name counts.
    fn turns(&self, card: &Card, policy: &Policy) -> Turns {
        let mut all = lock(&self.0);
        let turns = all.entry((card.provider.clone(), card.name.clone()));
        let fresh = || Turns { permits: permits(card, policy), pacer: pacer(card, policy) };
        turns.or_insert_with(fresh).clone()
    }
}

fn permits(card: &Card, policy: &Policy) -> Option<Arc<Semaphore>> {
    let own = card.max_concurrency;
    let most = if card.is_local() {
        own?
    } else {
        own.map_or(policy.max_concurrency, |own| own.min(policy.max_concurrency))
    };
    Some(Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))))
}

fn pacer(card: &Card, policy: &Policy) -> Option<Arc<Pacer>> {
    let calls = match policy.pace {
        _ if card.is_local() => card.max_calls_per_minute,
        Pace::OfCard => card.max_calls_per_minute,
        Pace::PerMinute(calls) => Some(calls),
        Pace::Unlimited => None,
    };
    calls.map(|calls| Arc::new(Pacer::new(calls)))
}

/// What a door knows of one card.
#[derive(Debug)]
pub(super) struct Lane {
    original: Card,
    /// The card with the mark of being guarded.
    pub(super) card: Card,
    pub(super) turns: Turns,
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
            turns: limits.turns(card, policy),
        });
        if lane.original == *card {
            lane
        } else {
            self.more.get_or_init(Box::default).of(card, limits, policy)
        }
    }
}
