//! The server from outside, over HTTP, by a client of the tests' own.
#![allow(clippy::unwrap_used)]

mod answers;
mod client;
mod faults;
mod identity;
mod models;
mod pictures;
mod refusals;
