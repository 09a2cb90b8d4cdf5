//! [`CampaignPipeline`]: what applications drive, one file per thing they ask of it.

mod builder;
mod campaigns;
mod concept;
mod library;
mod pictures;
mod step;

use std::sync::Arc;

pub use builder::CampaignPipelineBuilder;
pub use campaigns::PicturePolicy;
pub use library::{
    FoundReference, FoundReferences, IndexEvent, IndexFailure, IndexProgress, IndexReport, IndexRun,
    IndexSettings, Library, LibraryItem, Search,
};

use crate::roles::{
    AssetStore, CampaignStore, Describer, Embedder, ImageGenerator, PromptWriter, VectorStore,
};

/// Takes a team from a brief to pictures: every step is a method that takes and returns plain data.
///
/// Each step is kept before the next begins, so a person, a web page or a crash may sit between any
/// two of them. A step that is run again gives a new version and keeps the old one. A step that is
/// asked for too early, or with an id nobody knows, fails before anything is spent.
///
/// Cloning is cheap, and all clones share limits, events and stores.
#[derive(Clone, Debug)]
pub struct CampaignPipeline {
    shared: Arc<Shared>,
}

/// The guarded roles.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) describer: Arc<dyn Describer>,
    pub(crate) embedder: Arc<dyn Embedder>,
    pub(crate) vector_store: Arc<dyn VectorStore>,
    pub(crate) prompt_writer: Arc<dyn PromptWriter>,
    pub(crate) generator: Arc<dyn ImageGenerator>,
    pub(crate) campaigns: Arc<dyn CampaignStore>,
    pub(crate) assets: Arc<dyn AssetStore>,
    pub(crate) library: library::State,
}

impl CampaignPipeline {
    /// A pipeline put together role by role.
    #[must_use]
    pub fn builder() -> CampaignPipelineBuilder {
        CampaignPipelineBuilder::new()
    }
}
