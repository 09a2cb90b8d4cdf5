#![doc = include_str!("docs.md")]

mod chat;
mod client;
mod config;
mod embedder;
mod error;
mod wire;

pub use chat::OpenAiChat;
pub use client::OpenAi;
pub use config::{OpenAiConfig, TokenLimitField};
pub use embedder::OpenAiEmbedder;
