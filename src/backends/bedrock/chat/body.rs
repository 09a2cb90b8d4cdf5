//! The body of `Converse`, written in one go.
//!
//! The SDK's own types are not used for it: they keep a schema in hash maps, so that its fields would come in
//! another order with every call, and copy each picture on its way to base64.

use std::borrow::Cow;

use super::{
    BedrockChat,
    settings::Settings,
    wire::{
        Block, Body, Extra, Guardrail, Inference, InputSchema, Performance, ServiceTier, Source, Tool,
        ToolChoice, ToolConfig, Turn,
    },
};
use crate::{
    backends::bedrock::{
        json::{self, Base64},
        registry::{Family, Tier},
    },
    domain::Image,
    error::{Error, Result},
    roles::{ChatRequest, Message, OutputSchema, Part, Speaker},
};

/// What the tool says of itself.
const TOOL: &str = "Hands in the answer. Call it once, with every field filled.";

/// Room for what stands round a text or a picture, its label included.
const PART: usize = 96;

/// Room for settings: request metadata alone may have 16 pairs of 512 characters.
const FRAME: usize = 16 << 10;

/// The bytes to send.
pub(super) fn write(request: &ChatRequest, chat: &BedrockChat) -> Result<Vec<u8>> {
    let Settings { tier, guardrail, metadata, cache, .. } = &chat.settings;
    let schema = request.schema.as_ref().map(|schema| taken(schema, chat.model.family));
    let body = Body {
        messages: turns(&request.messages),
        system: system(&request.system, *cache),
        inference_config: Inference { max_tokens: request.max_tokens, temperature: request.temperature },
        tool_config: schema.as_deref().map(tool),
        guardrail_config: guardrail
            .as_ref()
            .map(|(id, version)| Guardrail { guardrail_identifier: id, guardrail_version: version }),
        additional_model_request_fields: extra(chat, request),
        request_metadata: metadata,
        performance_config: (*tier == Tier::Optimized).then_some(Performance { latency: "optimized" }),
        service_tier: match tier {
            Tier::Flex => Some(ServiceTier { r#type: "flex" }),
            Tier::Priority => Some(ServiceTier { r#type: "priority" }),
            Tier::Standard | Tier::Optimized => None,
        },
    };
    let bytes = json::write(&body, room(request))?;
    let most = chat.model.entry.as_ref().and_then(|entry| entry.limits.payload_bytes);
    match most.filter(|most| bytes.len() as u64 > *most) {
        Some(most) => Err(Error::invalid(format!(
            "the request has {} bytes with its pictures in base64, the model takes {most}: send less",
            bytes.len()
        ))),
        None => Ok(bytes),
    }
}

/// The bytes a body with this request takes, rather too many.
fn room(request: &ChatRequest) -> usize {
    let parts = request.messages.iter().flat_map(|message| &message.parts);
    let parts = parts.map(|part| match part {
        Part::Text(text) => json::text_len(text),
        Part::Image(image) => json::image_len(image),
    });
    let schema = request.schema.as_ref().map_or(0, |schema| schema.schema.to_string().len());
    json::text_len(&request.system) + schema + parts.map(|part| part + PART).sum::<usize>() + FRAME
}

fn system(text: &str, cache: bool) -> Vec<Block<'_>> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::Text(text.into())];
    blocks.extend(cache.then_some(Block::CachePoint { r#type: "default" }));
    blocks
}

fn turns(messages: &[Message]) -> Vec<Turn<'_>> {
    let mut pictures = 0;
    let turns = messages.iter().map(|message| {
        let role = match message.speaker {
            Speaker::User => "user",
            Speaker::Assistant => "assistant",
        };
        Turn { role, content: blocks(&message.parts, &mut pictures) }
    });
    turns.collect()
}

/// The parts of a message; `pictures` counts those of the whole conversation, so that each label is there once.
fn blocks<'a>(parts: &'a [Part], pictures: &mut usize) -> Vec<Block<'a>> {
    let is_image = |part: &Part| matches!(part, Part::Image(_));
    let groups =
        parts.chunk_by(|a, b| is_image(a) == is_image(b)).filter(|group| is_image(&group[0])).count();
    let count = parts.iter().filter(|part| is_image(part)).count();
    // An application that puts texts between its pictures has labels of its own.
    let (labelled, mut parts) = (groups == 1 && count > 1, parts.iter().collect::<Vec<_>>());
    if groups == 1 {
        parts.sort_by_key(|part| !is_image(part));
    }
    let mut blocks = Vec::with_capacity(parts.len() + count);
    for part in parts {
        match part {
            Part::Text(text) if text.trim().is_empty() => {}
            Part::Text(text) => blocks.push(Block::Text(text.into())),
            Part::Image(image) => {
                *pictures += 1;
                blocks.extend(labelled.then(|| Block::Text(format!("Image {pictures}:").into())));
                blocks.push(block(image));
            }
        }
    }
    blocks
}

fn block(image: &Image) -> Block<'_> {
    Block::Image { format: image.media_type().name(), source: Source { bytes: Base64(image) } }
}

/// The schema as the family takes it: Nova takes three fields at its top and no other (its user guide: defining a tool).
fn taken(schema: &OutputSchema, family: Family) -> Cow<'_, OutputSchema> {
    if !matches!(family, Family::Nova) {
        return Cow::Borrowed(schema);
    }
    let mut schema = schema.clone();
    if let Some(top) = schema.schema.as_object_mut() {
        top.retain(|field, _| ["type", "properties", "required"].contains(&field.as_str()));
    }
    Cow::Owned(schema)
}

fn tool(schema: &OutputSchema) -> ToolConfig<'_> {
    let name = schema.name.as_str();
    let input_schema = InputSchema { json: schema.in_order() };
    ToolConfig {
        tools: [Tool::ToolSpec { name, description: TOOL, input_schema }],
        tool_choice: ToolChoice::Tool { name },
    }
}

/// Nova at temperature 0 is to take the likeliest token only (its user guide: tool use, vision), Nova 2 to reason as it is told.
fn extra(chat: &BedrockChat, request: &ChatRequest) -> Option<Extra> {
    match chat.model.family {
        Family::Nova if request.temperature == Some(0.0) => Some(Extra::InferenceConfig { top_k: 1 }),
        Family::Nova2 => chat
            .settings
            .reasoning
            .map(|effort| Extra::ReasoningConfig { r#type: "enabled", max_reasoning_effort: effort }),
        _ => None,
    }
}
