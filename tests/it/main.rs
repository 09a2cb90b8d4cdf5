//! The whole crate from outside: one binary, one module per theme.
#![allow(clippy::unwrap_used)]

mod assets;
mod campaign_store;
mod chat;
mod conformance;
mod imaging;
mod library;
mod local_describer;
mod ranking;
mod testing;
