//! From a campaign brief to on-brand pictures.

pub mod backends;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod domain;
mod error;
pub mod imaging;
mod pipeline;
pub mod roles;
mod sync;
#[cfg(feature = "test-util")]
pub mod testing;

pub use error::{Error, ErrorKind, Result, Retryability};
pub use pipeline::{CampaignPipeline, CampaignPipelineBuilder, PicturePolicy};
