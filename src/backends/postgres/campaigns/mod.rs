//! The campaign store: heads in one table, entries in another.

mod schema;
mod statements;
mod store;

pub use store::PgCampaignStore;
