//! The fields of `Converse`, as far as this crate uses them.

use std::{borrow::Cow, collections::BTreeMap};

use serde::Serialize;

use super::Reasoning;
use crate::{backends::bedrock::json::Base64, roles::InOrder};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    pub(super) messages: Vec<Turn<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) system: Vec<Block<'a>>,
    pub(super) inference_config: Inference,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tool_config: Option<ToolConfig<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) guardrail_config: Option<Guardrail<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additional_model_request_fields: Option<Extra>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) request_metadata: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) performance_config: Option<Performance>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) service_tier: Option<ServiceTier>,
}

#[derive(Serialize)]
pub(super) struct Turn<'a> {
    pub(super) role: &'static str,
    pub(super) content: Vec<Block<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Block<'a> {
    Text(Cow<'a, str>),
    Image { format: &'static str, source: Source<'a> },
    CachePoint { r#type: &'static str },
}

#[derive(Serialize)]
pub(super) struct Source<'a> {
    pub(super) bytes: Base64<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Inference {
    pub(super) max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) temperature: Option<f32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToolConfig<'a> {
    pub(super) tools: [Tool<'a>; 1],
    pub(super) tool_choice: ToolChoice<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Tool<'a> {
    ToolSpec { name: &'a str, description: &'static str, input_schema: InputSchema<'a> },
}

#[derive(Serialize)]
pub(super) struct InputSchema<'a> {
    pub(super) json: InOrder<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum ToolChoice<'a> {
    Tool { name: &'a str },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Guardrail<'a> {
    pub(super) guardrail_identifier: &'a str,
    pub(super) guardrail_version: &'a str,
}

/// The fields of a family beside those of `Converse`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Extra {
    InferenceConfig { top_k: u32 },
    ReasoningConfig { r#type: &'static str, max_reasoning_effort: Reasoning },
}

#[derive(Serialize)]
pub(super) struct Performance {
    pub(super) latency: &'static str,
}

#[derive(Serialize)]
pub(super) struct ServiceTier {
    pub(super) r#type: &'static str,
}
