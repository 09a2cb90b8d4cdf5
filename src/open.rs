//! The composition root: which backend plays a role when nobody says otherwise, and URLs of stores.

mod stores;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    CampaignPipeline, CampaignPipelineBuilder,
    backends::local::{
        Compositor, EmbeddedConfig, EmbeddedStore, FolderAssets, GrammarPromptWriter, LexicalEmbedder,
        MeasuringDescriber, RedbCampaigns,
    },
    blocking::blocking,
    error::Result,
};

pub use stores::{StoreRegistry, open_store};

impl CampaignPipeline {
    /// Opens a pipeline in which everything runs in this process and everything is kept below `folder`,
    /// which is made where it is missing: no key, no server, no model file.
    ///
    /// | in the folder | what it is |
    /// |---|---|
    /// | `assets/` | pictures and the kept results of steps |
    /// | `campaigns.redb` | campaigns |
    /// | `library/` | the vectors of the library |
    ///
    /// # Errors
    /// [`Locked`](crate::ErrorKind::Locked) when another process has the folder open; errors of the file system.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let builder = Self::builder().with_folder(folder);
        blocking(move || builder.build()).await
    }
}

impl CampaignPipelineBuilder {
    /// Keeps in process, below `folder`, what is not named: see [`CampaignPipeline::open`].
    pub fn with_folder(self, folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        self.with_defaults(Box::new(move |builder| fill(builder, &folder)))
    }
}

/// Opens only what is missing: a folder that is not needed is not made.
fn fill(builder: &mut CampaignPipelineBuilder, folder: &Path) -> Result<()> {
    builder.describer.get_or_insert_with(|| Arc::new(MeasuringDescriber::new()));
    builder.embedder.get_or_insert_with(|| Arc::new(LexicalEmbedder::new()));
    builder.prompt_writer.get_or_insert_with(|| Arc::new(GrammarPromptWriter::new()));
    builder.generator.get_or_insert_with(|| Arc::new(Compositor::new()));
    if builder.assets.is_none() {
        builder.assets = Some(Arc::new(FolderAssets::open(folder.join("assets"))?));
    }
    if builder.campaigns.is_none() {
        builder.campaigns = Some(Arc::new(RedbCampaigns::open(folder.join("campaigns.redb"))?));
    }
    if builder.vector_store.is_none() {
        builder.vector_store =
            Some(Arc::new(EmbeddedStore::open_blocking(folder.join("library"), EmbeddedConfig::new())?));
    }
    Ok(())
}
