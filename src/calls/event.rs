//! What a watcher is told.

use std::time::Duration;

use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{
    domain::{CampaignId, Money, Step, Usage},
    error::Error,
};

/// How many events a watcher may fall behind.
pub(super) const CAPACITY: usize = 1_024;

/// Something a watcher of a [`Door`](super::Door) is told.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// Something happened to a call.
    Call(CallEvent),
    /// The watcher was too slow: this many of the oldest events are lost to it.
    Missed(u64),
}

/// Something that happened to a call. It holds no prompt, no picture and no reply.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CallEvent {
    /// Tells the calls of a door apart.
    pub call: u64,
    /// What happened.
    pub happening: Happening,
    /// The operation, such as `chat` or `upsert`.
    pub operation: &'static str,
    /// The provider.
    pub provider: String,
    /// The model or engine.
    pub model: String,
    /// The campaign the call is made for.
    pub campaign: Option<CampaignId>,
    /// The step of the campaign.
    pub step: Option<Step>,
    /// The number of the attempt, counted from 1.
    pub attempt: u32,
    /// What the attempt that ended with this event used. Over all events of a call, these add up to what was
    /// put on its tab.
    pub usage: Usage,
    /// What that cost; none when the price is not known.
    pub cost: Option<Money>,
    /// Why the attempt failed, or the first of the items of a batch that did.
    pub error: Option<Error>,
}

/// What happened to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Happening {
    /// It waits for its turn: too many calls of this model run, or were made in the last minute.
    Queued,
    /// An attempt is sent.
    Started,
    /// An attempt failed, in part or as a whole, and there will be another.
    Retried {
        /// How long it waits before.
        wait: Duration,
    },
    /// It has a reply; `error` is set when items of it failed for good.
    Finished,
    /// It failed for good.
    Failed,
    /// Its caller went away. If it was sent, `usage` is the most it can be.
    Abandoned,
}

/// The events from now on, until the door and all it guards are gone.
pub(super) fn watch(receiver: Receiver<CallEvent>) -> impl Stream<Item = Event> + Send + Unpin + use<> {
    Box::pin(stream::unfold(receiver, |mut receiver| async {
        match receiver.recv().await {
            Ok(event) => Some((Event::Call(event), receiver)),
            Err(RecvError::Lagged(missed)) => Some((Event::Missed(missed), receiver)),
            Err(RecvError::Closed) => None,
        }
    }))
}
