//! Vectors in one folder: durable, several readers beside one writer, searched by codes of one bit a dimension.
//!
//! | file | holds |
//! |---|---|
//! | `lock` | nothing; whoever holds its lock has the store open |
//! | `catalog.redb` | space and schema, per id its fields and the place of its vector; codes and lists |
//! | `segments/N.vectors` | vectors, appended, each with a checksum ([`segment`]) |
//!
//! A write appends vectors and syncs them, then commits the catalog, then publishes a new [`snapshot`] to
//! readers. What the catalog does not name does not exist: [`recover`] cuts it off after a crash. Nothing is
//! ever overwritten in place; [`compact`] moves what lives out of segments that are mostly dead.
//!
//! Rows come in granules of 1,024. New ones are a [`run`]: ids, codes about one centre, bitmaps of filterable values,
//! in the order of writing. In the background ([`tend`]) granules are joined to a [`block`], in the order of
//! the lists of a [`coding`], and blocks to larger ones. Runs and blocks are in memory and in the catalog; what is missing
//! there is made again from vectors and fields ([`rebuild`]). A search ([`query`]) looks at the
//! codes of rows where neighbours may be ([`probe`]), takes those that may be among the best ([`pool`]), and reads their vectors ([`best`]).

mod best;
mod block;
mod bytes;
mod catalog;
mod codes;
mod coding;
mod compact;
mod config;
mod draft;
mod error;
mod ids;
mod index;
mod load;
mod ordered;
mod page;
mod partition;
mod passing;
mod pool;
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

pub use config::EmbeddedConfig;
pub use store::EmbeddedStore;
