//! The vector store: one collection in a table of its own.

mod collection;
mod config;
mod filter;
mod names;
mod read;
mod row;
mod schema;
mod search;
mod store;
mod version;
mod write;

pub use config::PgVectorConfig;
pub use store::PgVectorStore;
