//! From a campaign brief to on-brand pictures.

pub mod backends;
pub mod domain;
mod error;
pub mod imaging;
mod pipeline;
pub mod roles;

pub use error::{Error, ErrorKind, Result, Retryability};
pub use pipeline::{CampaignPipeline, CampaignPipelineBuilder, PicturePolicy};
