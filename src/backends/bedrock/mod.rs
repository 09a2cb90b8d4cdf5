#![doc = include_str!("docs.md")]

mod chat;
mod client;
mod config;
mod embedder;
mod error;
mod image;
mod json;
mod online;
mod picture;
mod refusal;
pub mod registry;
mod sdk;
mod verdict;

pub use chat::{BedrockChat, Reasoning};
pub use client::Bedrock;
pub use config::BedrockConfig;
pub use embedder::{BedrockEmbedder, Pairing, Searched, TextOverflow};
pub use image::BedrockGenerator;
pub use online::{OnlineModel, OnlineModels, OnlineProfile};
pub use picture::PictureOverflow;
pub use registry::Registry;
