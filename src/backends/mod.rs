//! Who plays the roles: one folder and one feature per backend, all laid out alike.

#[cfg(feature = "bedrock")]
pub mod bedrock;
pub mod local;
#[cfg(feature = "openai")]
pub mod openai;
#[cfg(feature = "opensearch")]
pub mod opensearch;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "qdrant")]
pub mod qdrant;
#[cfg(feature = "s3vectors")]
pub mod s3vectors;
