//! A prompt in, pictures out.

mod capabilities;
mod ground;
mod reply;
mod request;
mod task;

pub use capabilities::{GeneratorCapabilities, PromptRule, Sizes};
pub use ground::{Ground, GroundLine};
pub use reply::{GenerateReply, Picture};
pub use request::GenerateRequest;
pub use task::{Margins, Task, TaskKind};

use async_trait::async_trait;

use crate::{domain::Card, error::Result};

/// Makes pictures for one task: what serves several is one generator for each of them.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait ImageGenerator: std::fmt::Debug + Send + Sync + 'static {
    /// Who generates, its limits and prices.
    fn card(&self) -> &Card;

    /// What the generator can do.
    fn capabilities(&self) -> &GeneratorCapabilities;

    /// Makes `count` pictures.
    ///
    /// # Guarantees
    /// Each picture has the size asked for, or the one that the task gives, and comes with the seed really used and the bytes as the
    /// model delivered them. The same request with the same seed gives the same bytes where the
    /// capabilities say `deterministic`.
    /// # Ordering
    /// One result per picture. With a seed, the pictures of one call differ from each other.
    /// # Partial failure
    /// A picture that was filtered or failed has an error at its place: `Blocked` says at which stage,
    /// why, and whether it is charged. `Err` of the call means that nothing was made.
    /// # Idempotency
    /// None: a call made twice is billed twice.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still make and bill the pictures.
    /// # Errors
    /// `Unsupported` for a task, size, count, seed, strength, prompt, negative prompt, reference, product or ground
    /// that the capabilities exclude; `InvalidInput` for an empty or over-long prompt, a ground that is no line of a
    /// reference, or nothing to work with; transport errors.
    async fn generate(&self, request: GenerateRequest) -> Result<GenerateReply>;
}
