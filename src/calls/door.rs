//! What all guards of an application share.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use futures_util::{Stream, future::BoxFuture};
use tokio::sync::broadcast;
use tracing::Instrument;

use super::{
    Event, Guarded, Policy,
    call::Call,
    clock,
    event::{self, CallEvent},
    limits::{Lane, Limits},
    span,
};
use crate::{error::Result, roles::Request};

/// Guards roles: limits and events are shared by everything that one door guards. Cloning is cheap and
/// gives the same door.
#[derive(Clone, Debug)]
pub struct Door(pub(super) Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) policy: Policy,
    pub(super) limits: Limits,
    events: broadcast::Sender<CallEvent>,
    calls: AtomicU64,
}

impl Door {
    /// A door that allows what `policy` says.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        let (events, _) = broadcast::channel(event::CAPACITY);
        Self(Arc::new(Shared { policy, limits: Limits::default(), events, calls: AtomicU64::new(0) }))
    }

    /// Guards `inner`: the result plays every role that `inner` plays. What is guarded already, or made
    /// of something guarded, is passed through and not guarded again.
    pub fn guard<R>(&self, inner: R) -> Guarded<R> {
        Guarded::new(inner, self.clone())
    }

    /// What the door allows.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// What happens to calls from now on. The stream ends when the door and all it guards are gone.
    ///
    /// Watching never slows a call down: a watcher that falls more than 1 024 events behind misses the
    /// oldest and is told how many with [`Event::Missed`].
    pub fn events(&self) -> impl Stream<Item = Event> + Send + Unpin + use<> {
        event::watch(self.0.events.subscribe())
    }

    /// Makes one guarded call: `send` is called once per attempt and sends one wire request.
    pub(super) async fn call<'a, Q: Request>(
        &'a self,
        lane: &'a Lane,
        request: Q,
        send: impl Fn(Q) -> BoxFuture<'a, Result<Q::Reply>> + Send + Sync,
    ) -> Result<Q::Reply> {
        clock::require().map_err(|e| e.with_operation(Q::OPERATION))?;
        let span = span::open(Q::OPERATION, &lane.card, request.context());
        let id = self.0.calls.fetch_add(1, Ordering::Relaxed);
        Call::new(&self.0, lane, id, request, span.clone()).run(send).instrument(span).await
    }
}

impl Default for Door {
    fn default() -> Self {
        Self::new(Policy::default())
    }
}

impl Shared {
    /// Tells the watchers. Without any, the event is not even made.
    pub(super) fn tell(&self, event: impl FnOnce() -> CallEvent) {
        if self.events.receiver_count() > 0 {
            // A watcher that left in between is no error.
            let _ = self.events.send(event());
        }
    }
}
