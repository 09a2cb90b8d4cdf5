//! Everything in this process: no key, no server, no model file.

mod campaigns;
mod compositor;
mod describer;
mod embedded;
mod embedder;
mod folder;
mod prompt_writer;
mod redb_error;
mod words;

use crate::blocking;
pub use campaigns::RedbCampaigns;
pub use compositor::Compositor;
pub use describer::MeasuringDescriber;
pub use embedded::{EmbeddedConfig, EmbeddedStore};
pub use embedder::LexicalEmbedder;
pub use folder::FolderAssets;
pub use prompt_writer::GrammarPromptWriter;
