//! The whole crate from outside: one binary, one module per theme.
#![allow(clippy::unwrap_used)]

mod adapt;
mod assets;
#[cfg(feature = "bedrock")]
mod bedrock;
mod campaign;
mod campaign_store;
mod chat;
mod compositor;
mod conformance;
mod contracts;
mod copy;
mod copy_space;
mod door;
mod embedded_store;
mod ended_models;
mod filters;
mod imaging;
mod library;
#[cfg(feature = "openai")]
mod llamacpp;
mod local_describer;
mod local_embedder;
mod local_prompt_writer;
#[cfg(feature = "openai")]
mod openai;
#[cfg(feature = "opensearch")]
mod opensearch;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "qdrant")]
mod qdrant;
mod ranking;
#[cfg(feature = "s3vectors")]
mod s3vectors;
#[cfg(any(
    feature = "openai",
    feature = "opensearch",
    feature = "postgres",
    feature = "qdrant",
    feature = "s3vectors"
))]
mod servers;
mod spans;
mod stores;
mod testing;
mod upstream;
mod vector_store;
