//! [`CampaignPipeline`]: what applications drive, one file per thing they ask of it.

mod builder;
mod campaigns;
mod concept;
mod generate;
mod library;
mod pictures;
mod prompt;
mod references;
mod review;
mod run;
mod step;

use std::sync::Arc;

pub use builder::CampaignPipelineBuilder;
pub use campaigns::PicturePolicy;
use futures_util::Stream;
pub use generate::{Creatives, Generate, Generated};
pub use library::{
    FoundReference, FoundReferences, IndexEvent, IndexFailure, IndexNote, IndexProgress, IndexReport,
    IndexRun, IndexSettings, Library, LibraryItem, Search,
};
pub use prompt::EditedPrompt;
pub use references::FindReferences;

use crate::adapt::FallBack;
use crate::calls::{Door, Event};
use crate::roles::{
    AssetStore, CampaignStore, Describer, Embedder, ImageGenerator, PromptWriter, VectorStore,
};

/// Takes a team from a brief to pictures: every step is a method that takes and returns plain data.
///
/// Each step is kept before the next begins, so a person, a web page or a crash may sit between any
/// two of them. A step that is run again gives a new version and keeps the old one. A step that is
/// asked for too early, or with an id nobody knows, fails before anything is spent.
///
/// | step | needs | gives |
/// |---|---|---|
/// | [`create`](Self::create) | a [`Brief`](crate::domain::Brief) | a campaign |
/// | [`concept`](Self::concept) | a campaign | the idea, and the picture in one sentence |
/// | [`references`](Self::references) | a campaign; makes the concept if there is none | past pictures with the reason of each place |
/// | [`choose_references`](Self::choose_references) | references | the choice is kept |
/// | [`suggest_prompt`](Self::suggest_prompt) | a concept | a prompt with its reasoning |
/// | [`set_prompt`](Self::set_prompt) | a campaign | a person's prompt; the suggestion stays |
/// | [`generate`](Self::generate) | a prompt | pictures, each kept as it comes |
/// | [`approve`](Self::approve), [`reject`](Self::reject) | a picture | a verdict with its reason |
/// | [`promote`](Self::promote) | an approved picture | it is in the library, for the next campaign |
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
    pub(crate) generators: FallBack<Arc<dyn ImageGenerator>>,
    pub(crate) campaigns: Arc<dyn CampaignStore>,
    pub(crate) assets: Arc<dyn AssetStore>,
    pub(crate) library: library::State,
    pub(crate) door: Door,
}

impl CampaignPipeline {
    /// A pipeline put together role by role.
    pub fn builder() -> CampaignPipelineBuilder {
        CampaignPipelineBuilder::new()
    }

    /// What happens at the door from now on: calls that queue, start, are retried, finish and fail.
    ///
    /// Watching never slows a call down; see [`Door::events`].
    pub fn events(&self) -> impl Stream<Item = Event> + Send + Unpin + use<> {
        self.shared.door.events()
    }
}
