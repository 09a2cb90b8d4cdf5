#![doc = include_str!("docs.md")]

mod address;
mod client;
mod collection;
mod config;
mod error;
mod filter;
mod limits;
mod metadata;
mod read;
mod schema;
mod sdk;
mod search;
mod store;
mod tags;
mod url;
mod write;

pub use config::S3VectorsConfig;
pub use store::S3VectorsStore;
