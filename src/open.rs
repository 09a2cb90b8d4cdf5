//! The composition root: which backend plays a role when nobody says otherwise, and URLs of stores.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    CampaignPipeline, CampaignPipelineBuilder,
    backends::local::{
        Compositor, EmbeddedStore, FolderAssets, GrammarPromptWriter, LexicalEmbedder, MeasuringDescriber,
        RedbCampaigns,
    },
    blocking::blocking,
    error::{Error, Result},
    roles::VectorStore,
};

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
        builder.vector_store = Some(Arc::new(EmbeddedStore::open_blocking(folder.join("library"))?));
    }
    Ok(())
}

/// Opens the vector store that a URL names.
///
/// | URL | store |
/// |---|---|
/// | `embedded:PATH` | [`EmbeddedStore`], in this process, in the folder `PATH` |
/// | `postgres://USER:PASSWORD@HOST/DATABASE?collection=NAME` | `PgVectorStore`, with the feature `pgvector`; its module lists the other parameters |
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// # let url = format!("embedded:{}", folder.path().join("library").display());
/// let store = keyvisual::open_store(&url).await?;
/// assert_eq!(store.card().name, "embedded");
/// assert!(keyvisual::open_store("carrier-pigeon://roof").await.is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a URL without a scheme or with one that is not known, naming
/// those that are; errors of opening the store.
pub async fn open_store(url: &str) -> Result<Arc<dyn VectorStore>> {
    match url.split_once(':') {
        Some(("embedded", path)) if !path.is_empty() => Ok(Arc::new(EmbeddedStore::open(path).await?)),
        Some(("embedded", _)) => {
            Err(Error::invalid("the URL \"embedded:\" names no folder: write embedded:PATH"))
        }
        #[cfg(feature = "pgvector")]
        Some(("postgres" | "postgresql", _)) => {
            let config = crate::backends::pgvector::PgVectorConfig::from_url(url)?;
            Ok(Arc::new(crate::backends::pgvector::PgVectorStore::connect(config).await?))
        }
        #[cfg(not(feature = "pgvector"))]
        Some(("postgres" | "postgresql", _)) => Err(Error::new(
            crate::ErrorKind::Unsupported,
            "a store on Postgres needs the feature \"pgvector\" of keyvisual",
        )),
        Some((scheme, _)) => Err(Error::invalid(format!(
            "no vector store has the URL scheme \"{scheme}\": known are embedded:PATH and postgres://"
        ))),
        None => Err(Error::invalid(format!("\"{url}\" is not the URL of a store: write embedded:PATH"))),
    }
}
