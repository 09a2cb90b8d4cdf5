//! What a schema cannot say of a conversation.

use serde_json::Value;

use crate::{
    bodies::table::CONVERSE,
    models::{Family, Model},
    refusal::{Refusal, Result},
};

/// Turns, blocks and tools.
pub(super) fn conversation(body: &Value) -> Result<()> {
    let messages = body["messages"].as_array().map_or(&[][..], Vec::as_slice);
    if messages.first().is_some_and(|first| first["role"] != "user") {
        return refuse(
            "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
        );
    }
    if messages.windows(2).any(|pair| pair[0]["role"] == pair[1]["role"]) {
        return refuse(
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between \
             user and assistant roles and try again.",
        );
    }
    for (turn, message) in messages.iter().enumerate() {
        for (index, block) in message["content"].as_array().into_iter().flatten().enumerate() {
            check_block(message, block, &format!("messages.{turn}.content.{index}"))?;
        }
    }
    for (index, block) in body["system"].as_array().into_iter().flatten().enumerate() {
        check_text(block, "SystemContentBlock", &format!("system.{index}"))?;
    }
    check_tools(body)
}

fn check_block(message: &Value, block: &Value, at: &str) -> Result<()> {
    check_text(block, "ContentBlock", at)?;
    if message["role"] == "assistant" && !block["image"].is_null() {
        return refuse(format!(
            "The model that you are using requires image blocks in user messages: remove the image at {at} and try again."
        ));
    }
    Ok(())
}

fn check_text(block: &Value, kind: &str, at: &str) -> Result<()> {
    if block["text"].as_str().is_some_and(|text| text.trim().is_empty()) {
        return refuse(format!(
            "The text field in the {kind} object at {at} is blank. Add text to the text field, and try again."
        ));
    }
    Ok(())
}

fn check_tools(body: &Value) -> Result<()> {
    let config = &body["toolConfig"];
    let uses = |kind: &str| {
        let blocks = body["messages"].as_array().into_iter().flatten();
        blocks
            .flat_map(|message| message["content"].as_array().into_iter().flatten())
            .any(|block| !block[kind].is_null())
    };
    if config.is_null() {
        if uses("toolUse") || uses("toolResult") {
            return refuse(
                "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
            );
        }
        return Ok(());
    }
    let specs = config["tools"].as_array().into_iter().flatten().map(|tool| &tool["toolSpec"]);
    let specs: Vec<_> = specs.filter(|spec| !spec.is_null()).collect();
    for spec in &specs {
        let name = spec["name"].as_str().unwrap_or_default();
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
            return refuse(format!(
                "1 validation error detected: Value '{name}' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+"
            ));
        }
        if spec["inputSchema"]["json"]["type"] != "object" {
            return refuse(format!(
                "The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object. \
                 (tool {name})"
            ));
        }
    }
    let chosen = config["toolChoice"]["tool"]["name"].as_str();
    if let Some(chosen) = chosen.filter(|chosen| !specs.iter().any(|spec| spec["name"] == *chosen)) {
        return refuse(format!(
            "The tool {chosen} that toolConfig.toolChoice.tool.name names is not in toolConfig.tools. Add it and try again."
        ));
    }
    Ok(())
}

/// Numbers and extras of the model.
pub(super) fn settings(body: &Value, model: &Model) -> Result<()> {
    let limit = model.max_output;
    if body["inferenceConfig"]["maxTokens"].as_u64().is_some_and(|tokens| tokens > limit) {
        return refuse(format!(
            "The maximum tokens you requested exceeds the model limit of {limit}. Try again with a maximum tokens value that \
             is lower than {limit}."
        ));
    }
    let name = match model.body {
        Family::Nova => "nova",
        Family::Nova2 => "nova2",
        _ => return Ok(()),
    };
    if !body["outputConfig"].is_null() {
        return refuse(
            "This model doesn't support the outputConfig field. Remove outputConfig and try again.",
        );
    }
    if model.body == Family::Nova {
        check_nova_schemas(body)?;
    }
    let tools = body["toolConfig"]["tools"].as_array().into_iter().flatten();
    if tools.into_iter().any(|tool| tool["toolSpec"]["strict"] == true) {
        return refuse(
            "This model doesn't support the strict field in toolConfig.tools. Remove strict and try again.",
        );
    }
    let extras = &body["additionalModelRequestFields"];
    if extras.is_null() {
        return Ok(());
    }
    CONVERSE.check(name, extras)?;
    let config = &body["inferenceConfig"];
    let set = [&config["temperature"], &config["topP"], &extras["inferenceConfig"]["topK"]];
    let reasoning = &extras["reasoningConfig"];
    let high = reasoning["type"] == "enabled" && reasoning["maxReasoningEffort"] == "high";
    if high && set.iter().any(|value| !value.is_null()) {
        return refuse("temperature, topP and topK must be unset when maxReasoningEffort is high.");
    }
    Ok(())
}

/// Nova takes three fields at the top of a tool's schema; Nova 2 is not said to be so narrow.
fn check_nova_schemas(body: &Value) -> Result<()> {
    for (index, tool) in body["toolConfig"]["tools"].as_array().into_iter().flatten().enumerate() {
        let fields = tool["toolSpec"]["inputSchema"]["json"].as_object().into_iter().flatten();
        let mut others =
            fields.filter(|(field, _)| !["type", "properties", "required"].contains(&field.as_str()));
        if let Some((field, _)) = others.next() {
            return refuse(format!(
                "The model returned the following errors: Malformed input request: \
                 #/toolConfig/tools/{index}/toolSpec/inputSchema/json: extraneous key [{field}] is not permitted, please \
                 reformat your input and try again."
            ));
        }
    }
    Ok(())
}

fn refuse(message: impl Into<String>) -> Result<()> {
    Err(Refusal::validation(message))
}
