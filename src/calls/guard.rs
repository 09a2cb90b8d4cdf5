//! A role behind a door.

use async_trait::async_trait;

use super::{Door, limits::Lane, limits::Lanes};
#[allow(clippy::wildcard_imports, reason = "the table names every role, request and reply")]
use crate::roles::*;
use crate::{domain::Card, error::Result};

/// Plays every role that `R` plays, each call through a [`Door`]. Made by [`Door::guard`].
///
/// Its card is that of `R`, marked as guarded.
#[derive(Debug)]
pub struct Guarded<R> {
    inner: R,
    door: Door,
    lanes: Lanes,
}

impl<R> Guarded<R> {
    pub(super) fn new(inner: R, door: Door) -> Self {
        Self { inner, door, lanes: Lanes::default() }
    }

    /// What is guarded. Calls made on it do not go through the door.
    #[must_use]
    pub fn inner(&self) -> &R {
        &self.inner
    }

    fn lane(&self, card: &Card) -> &Lane {
        let shared = &self.door.0;
        self.lanes.of(card, &shared.limits, &shared.policy)
    }
}

macro_rules! guard {
    ($role:ident, $capabilities:ident { $($method:ident($request:ident) -> $reply:ident;)+ }) => {
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<R: $role> $role for Guarded<R> {
            fn card(&self) -> &Card {
                let card = self.inner.card();
                if card.guarded { card } else { &self.lane(card).card }
            }

            fn capabilities(&self) -> &$capabilities {
                self.inner.capabilities()
            }

            $(async fn $method(&self, request: $request) -> Result<$reply> {
                let card = self.inner.card();
                if card.guarded {
                    return self.inner.$method(request).await;
                }
                self.door.call(self.lane(card), request, |request| self.inner.$method(request)).await
            })+
        }
    };
}

table::roles!(guard);
