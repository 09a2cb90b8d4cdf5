//! The Bedrock backend against a strict server.

mod registry;
