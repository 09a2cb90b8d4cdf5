#![doc = include_str!("docs.md")]

mod campaigns;
mod client;
mod config;
mod error;
mod names;
mod params;
mod tables;
mod tls;
mod url;
mod vectors;

pub use campaigns::PgCampaignStore;
pub use config::PostgresConfig;
pub use tls::Tls;
pub use vectors::{PgVectorConfig, PgVectorStore};
