//! Image models: one `InvokeModel` call for each request.

mod amazon;
mod generator;
mod json;
mod pictures;
mod plan;
mod reply;
mod rules;
mod settings;
mod stability;

pub use generator::BedrockGenerator;
