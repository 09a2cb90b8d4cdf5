#![doc = include_str!("docs.md")]

mod chat;
mod client;
mod config;
mod embedder;
mod error;
mod generator;
mod image_body;
mod image_models;
mod image_reply;
mod multipart;
mod wire;

pub use chat::OpenAiChat;
pub use client::OpenAi;
pub use config::{OpenAiConfig, TokenLimitField};
pub use embedder::OpenAiEmbedder;
pub use generator::OpenAiGenerator;
pub use image_models::ImageDelivery;
