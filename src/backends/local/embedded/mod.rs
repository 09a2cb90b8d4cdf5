//! Vectors in one folder: exact search, durable, several readers beside one writer.
//!
//! | file | holds |
//! |---|---|
//! | `lock` | nothing; whoever holds its lock has the store open |
//! | `catalog.redb` | space and schema, and per id its fields and the place of its vector |
//! | `segments/N.vectors` | vectors, appended, each with a checksum ([`segment`]) |
//!
//! A write appends vectors and syncs them, then commits the catalog, then publishes a new [`snapshot`] to
//! readers. What the catalog does not name does not exist: [`recover`] cuts it off after a crash. Nothing is
//! ever overwritten in place; [`compact`] moves what lives out of segments that are mostly dead.

mod block;
mod bytes;
mod catalog;
mod codes;
mod coding;
mod compact;
mod draft;
mod error;
mod ids;
mod index;
mod load;
mod page;
mod partition;
mod probe;
mod query;
mod queue;
mod rebuild;
mod recover;
mod row;
mod run;
mod scan;
mod segment;
mod settle;
mod snapshot;
mod store;
mod tend;
mod writer;

pub use store::EmbeddedStore;
