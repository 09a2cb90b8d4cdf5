//! Takes a marketing team from a campaign brief to on-brand pictures.
//!
//! It finds the past pictures that worked, writes the text-to-image prompt, generates, keeps every picture with
//! its full record, and puts what was approved back into the library. In advertising the *key visual* is the
//! picture a campaign is built on.
//!
//! ```
//! use keyvisual::{CampaignPipeline, Generate, domain::Brief};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> keyvisual::Result<()> {
//! # let temporary = tempfile::tempdir()?;
//! # let (folder, photos) = (temporary.path(), concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/library"));
//! let pipeline = CampaignPipeline::open(folder).await?; // everything in process
//! pipeline.library().index_folder(photos).await?;
//!
//! let brief = Brief::new("Autumn coffee", "Slow mornings in the city, a cup of coffee in warm light");
//! let campaign = pipeline.create(brief).await?;
//! let references = pipeline.references(&campaign.id, 5).await?; // what worked before, and why it is here
//! let prompt = pipeline.suggest_prompt(&campaign.id, &references.top(3)).await?;
//! let made = pipeline.generate(&campaign.id, Generate::new(4).with_size(1200, 628)).await?;
//! # assert_eq!((references.hits.len(), made.creatives.len()), (5, 4));
//! # assert!(!prompt.text.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here needed a key, a server or a model file. On other engines one line changes, and the rest stays:
//!
//! ```no_run
//! # #[cfg(feature = "openai")]
//! # fn build() -> keyvisual::Result<()> {
//! use keyvisual::{CampaignPipeline, backends::openai::{OpenAi, OpenAiConfig}};
//!
//! let openai = OpenAi::new(OpenAiConfig::from_env()?)?;
//! let pipeline = CampaignPipeline::builder()
//!     .with_chat_model(openai.chat("gpt-4o-mini")) // describes pictures and writes prompts
//!     .with_folder("./keyvisual") // what is not named stays in process
//!     .build()?;
//! # Ok(())
//! # }
//! ```
//!
//! # Where things are
//!
//! - [`CampaignPipeline`]: what applications drive, step by step.
//! - [`Library`]: past pictures with what they show, whom they were for and how they did.
//! - [`domain`]: the nouns, plain serde data.
//! - [`roles`]: the traits of the engines, with their contracts; [`backends`] play them.
//! - [`calls`]: the door every call goes through: deadline, retry, limits, events, spend.
//! - [`chat`]: five language roles out of one chat model. [`adapt`]: what was asked for, out of what a backend can do.
//! - [`open_store`]: a vector store by its URL; [`StoreRegistry`]: schemes of one's own; [`adapt::copy`]: from store to store.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | (none) | the in-process backends, always there: no cloud, no key, no C compiler |
//! | `bedrock` | chat models, embedders and image models on Amazon Bedrock |
//! | `openai` | chat models, embedders and image models on any OpenAI-compatible server |
//! | `opensearch` | the vector store on OpenSearch and on Serverless vector collections |
//! | `postgres` | the vector store on Postgres with pgvector, and the campaign store; `pgvector` is another name for it |
//! | `qdrant` | the vector store on Qdrant 1.16 or newer |
//! | `s3vectors` | the vector store on Amazon S3 Vectors |
//! | `conformance` | the contracts of the roles as a test suite for backends |
//! | `test-util` | mocks and scripted fakes for tests of applications |
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod adapt;
#[cfg(any(feature = "bedrock", feature = "opensearch", feature = "s3vectors"))]
mod aws;
pub mod backends;
mod blocking;
pub mod calls;
pub mod chat;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod domain;
mod error;
pub mod imaging;
mod open;
mod pipeline;
mod prompts;
pub mod roles;
#[cfg(any(feature = "bedrock", feature = "openai", feature = "opensearch", feature = "s3vectors"))]
mod said;
mod stores;
mod sync;
#[cfg(feature = "test-util")]
pub mod testing;
mod text;

pub use error::{Blocked, BlockedStage, Error, ErrorKind, Result, Retryability};
pub use open::{StoreRegistry, open_store};
pub use pipeline::{
    CampaignPipeline, CampaignPipelineBuilder, Creatives, EditedPrompt, FindReferences, FoundReference,
    FoundReferences, Generate, Generated, IndexEvent, IndexFailure, IndexNote, IndexProgress, IndexReport,
    IndexRun, IndexSettings, Library, LibraryItem, PicturePolicy, Search,
};

/// The documents, so that the code in them is tested with the crate.
#[cfg(doctest)]
mod documentation {
    #[doc = include_str!("../README.md")]
    struct Readme;

    #[doc = include_str!("../docs/guide.md")]
    struct Guide;

    #[doc = include_str!("../docs/stores.md")]
    struct Stores;

    #[doc = include_str!("../docs/comps.md")]
    struct Comps;
}
