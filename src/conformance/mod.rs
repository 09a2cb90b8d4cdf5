//! The contracts of the roles as a test suite for backends. Not covered by semver.
//!
//! Each module has one function per promise, and `all`, which calls them one after another. They
//! panic with a message that says what must hold. A backend calls them from its own tests:
//!
//! ```
//! use keyvisual::{backends::local::FolderAssets, conformance};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> keyvisual::Result<()> {
//! # let folder = tempfile::tempdir()?;
//! let assets = FolderAssets::open(folder.path())?;
//! conformance::asset_store::all(&assets).await;
//! # Ok(())
//! # }
//! ```

pub mod asset_store;
pub mod campaign_store;
pub mod chat_model;
pub mod decomposer;
pub mod describer;
pub mod embedder;
pub mod image_generator;
pub mod judge;
pub mod planner;
pub mod prompt_writer;
mod sample;
pub mod scorer;
pub mod vector_store;

use crate::error::{Error, ErrorKind, Result};

fn kind<T>(result: &Result<T>) -> Option<ErrorKind> {
    result.as_ref().err().map(Error::kind)
}
