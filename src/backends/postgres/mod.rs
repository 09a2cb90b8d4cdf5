#![doc = include_str!("docs.md")]

mod campaigns;
mod client;
mod config;
mod error;
mod names;
mod params;
mod tables;
mod url;
mod vectors;

pub use campaigns::PgCampaignStore;
pub use config::PostgresConfig;
pub use vectors::{PgVectorConfig, PgVectorStore};
