//! A strict wire-level Amazon Bedrock: InvokeModel, Converse and the lists of the control plane over HTTP.
//!
//! It refuses what the real one refuses, with the same status, header and message: a wrong signature, a model that
//! the region does not serve, an unknown field, a number out of range, a picture too large. What it takes it answers
//! with content that is true to the form asked for and depends on the input. No model is behind it.
//!
//! Every access key id is a caller of its own, with its own faults, latency, limits and counters.
//!
//! ```no_run
//! use fake_bedrock::{Server, Settings};
//!
//! # #[tokio::main]
//! # async fn main() -> std::io::Result<()> {
//! let server = Server::bind(0, Settings::new()).await?;
//! println!("{}", server.url());
//! server.serve().await
//! # }
//! ```

mod admin;
mod answers;
mod auth;
mod bodies;
mod call;
mod callers;
mod control;
mod faults;
mod memo;
mod models;
mod pictures;
mod refusal;
mod route;
mod schema;
mod send;
mod server;
mod settings;
mod sigv4;

pub use server::Server;
pub use settings::Settings;
pub use sigv4::SECRET;
