//! From a campaign brief to on-brand pictures.

pub mod adapt;
pub mod backends;
mod blocking;
pub mod calls;
pub mod chat;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod domain;
mod error;
pub mod imaging;
mod pipeline;
mod prompts;
pub mod roles;
mod sync;
#[cfg(feature = "test-util")]
pub mod testing;

pub use error::{Error, ErrorKind, Result, Retryability};
pub use pipeline::{
    CampaignPipeline, CampaignPipelineBuilder, Creatives, EditedPrompt, FindReferences, FoundReference,
    FoundReferences, Generate, Generated, IndexEvent, IndexFailure, IndexProgress, IndexReport, IndexRun,
    IndexSettings, Library, LibraryItem, PicturePolicy, Search,
};
