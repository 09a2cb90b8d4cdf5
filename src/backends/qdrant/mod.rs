#![doc = include_str!("docs.md")]

mod client;
mod collection;
mod config;
mod error;
mod filter;
mod float;
mod keys;
mod payload;
mod read;
mod scan;
mod schema;
mod search;
mod store;
mod url;
mod write;

pub use config::{QdrantConfig, Quantization};
pub use store::QdrantStore;
