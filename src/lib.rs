//! From a campaign brief to on-brand pictures.

pub mod domain;
mod error;
pub mod imaging;

pub use error::{Error, ErrorKind, Result, Retryability};
