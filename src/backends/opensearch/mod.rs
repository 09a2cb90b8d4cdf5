#![doc = include_str!("docs.md")]

mod answer;
mod auth;
mod batch;
mod client;
mod collection;
mod config;
mod document;
mod error;
mod filter;
mod flavour;
mod identity;
mod read;
mod schema;
mod search;
mod serverless;
mod settings;
mod store;
mod url;
mod write;

pub use config::OpenSearchConfig;
pub use flavour::Flavour;
pub use settings::{Engine, Refresh};
pub use store::OpenSearchStore;
