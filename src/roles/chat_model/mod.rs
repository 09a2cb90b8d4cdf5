//! Messages with images in, text or JSON out: the smaller seam under the five language roles.

mod capabilities;
mod message;
mod reply;
mod request;
mod schema;

pub use capabilities::ChatCapabilities;
pub use message::{Message, Part, Speaker};
pub use reply::{ChatReply, StopReason};
pub use request::ChatRequest;
pub use schema::{InOrder, OutputSchema};

use async_trait::async_trait;

use crate::{domain::Card, error::Result};

/// A multimodal language model behind one provider call.
///
/// A provider implements this once; [`chat`](crate::chat) makes the describer, prompt writer, decomposer,
/// planner and judge out of it.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait ChatModel: std::fmt::Debug + Send + Sync + 'static {
    /// Who answers, its limits and prices.
    fn card(&self) -> &Card;

    /// What the model can do.
    fn capabilities(&self) -> &ChatCapabilities;

    /// Sends one conversation and returns one answer.
    ///
    /// # Guarantees
    /// With a schema, the model is forced to answer in JSON where the provider can do so; the text is
    /// given back as it came, whole or cut off, and is not repaired or validated.
    /// # Ordering
    /// Messages reach the model in the order given, and so do the texts and the pictures of each. Where a model reads
    /// better so, the pictures of a message go before its text, unless texts stand between them.
    /// # Partial failure
    /// None: there is one answer or an error. An answer that was cut off is an answer, with its [`StopReason`].
    /// # Idempotency
    /// None: a call made twice is billed twice and may answer differently.
    /// # Cancellation
    /// Dropping the future closes the connection; the provider may still bill.
    /// # Errors
    /// What [`ChatRequest::validate`] refuses, before anything is sent; `Blocked` when a filter refused; `InvalidReply` when the answer is not of the protocol; and the
    /// transport's `RateLimited`, `Timeout`, `Unavailable`, `Unauthenticated`, `PermissionDenied`, `NotFound`.
    async fn chat(&self, request: ChatRequest) -> Result<ChatReply>;
}
