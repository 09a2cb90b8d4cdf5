#![doc = include_str!("docs.md")]

mod client;
mod collection;
mod config;
mod error;
mod filter;
mod names;
mod params;
mod read;
mod row;
mod schema;
mod search;
mod store;
mod url;
mod write;

pub use config::PgVectorConfig;
pub use store::PgVectorStore;
