//! The bodies of the interface, as far as this crate uses them.

use serde::{Deserialize, Serialize};

use crate::roles::InOrder;

#[derive(Serialize)]
pub(super) struct ChatBody<'a> {
    pub(super) model: &'a str,
    pub(super) messages: Vec<MessageBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) temperature: Option<f32>,
}

#[derive(Serialize)]
pub(super) struct MessageBody<'a> {
    pub(super) role: &'static str,
    pub(super) content: Content<'a>,
}

/// Plain text is what every server takes; a list of parts only those that take pictures.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Content<'a> {
    Text(&'a str),
    Parts(Vec<PartBody<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum PartBody<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Serialize)]
pub(super) struct ImageUrl {
    pub(super) url: String,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ResponseFormat<'a> {
    JsonSchema { json_schema: JsonSchema<'a> },
}

#[derive(Serialize)]
pub(super) struct JsonSchema<'a> {
    pub(super) name: &'a str,
    pub(super) strict: bool,
    pub(super) schema: InOrder<'a>,
}

#[derive(Deserialize)]
pub(super) struct ChatAnswer {
    pub(super) choices: Vec<Choice>,
    pub(super) usage: Option<UsageBody>,
}

#[derive(Deserialize)]
pub(super) struct Choice {
    pub(super) message: MessageAnswer,
    pub(super) finish_reason: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct MessageAnswer {
    pub(super) content: Option<String>,
    pub(super) refusal: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct UsageBody {
    pub(super) prompt_tokens: u64,
    #[serde(default)]
    pub(super) completion_tokens: u64,
}

#[derive(Serialize)]
pub(super) struct EmbedBody<'a> {
    pub(super) model: &'a str,
    pub(super) input: Vec<&'a str>,
    pub(super) encoding_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dimensions: Option<usize>,
}

#[derive(Deserialize)]
pub(super) struct EmbedAnswer {
    pub(super) data: Vec<VectorBody>,
    pub(super) usage: Option<UsageBody>,
}

#[derive(Deserialize)]
pub(super) struct VectorBody {
    pub(super) index: usize,
    pub(super) embedding: Vec<f32>,
}
