//! The message that comes back.

use serde_json::{Value, json};

use crate::{
    answers::{Material, fill},
    call::{Answer, Call, tokens},
    faults::Kind,
    refusal::Result,
};

/// Content and why it ends.
#[derive(Debug)]
pub(super) struct Reply {
    content: Vec<Value>,
    stop: &'static str,
    output_tokens: u64,
}

pub(super) fn reply(body: &Value, material: &Material, fault: Kind) -> Reply {
    let stopped = |text: &str, stop| Reply {
        content: vec![json!({ "text": text })],
        stop,
        output_tokens: tokens(text),
    };
    match fault {
        Kind::ContentFiltered | Kind::FilteredOutput => {
            return stopped(
                "The generated text has been blocked by our content filters.",
                "content_filtered",
            );
        }
        Kind::Guardrail => {
            return stopped("Sorry, the model cannot answer this question.", "guardrail_intervened");
        }
        _ => {}
    }
    let limit = body["inferenceConfig"]["maxTokens"].as_u64().unwrap_or(u64::MAX);
    let limit = if fault == Kind::MaxTokens { limit.min(8) } else { limit };
    let written = Written::new(body, material, fault);
    let text = written.text();
    let output_tokens = tokens(&text);
    if output_tokens > limit {
        let cut: String = text.chars().take(limit as usize * 4).collect();
        return Reply { content: vec![json!({ "text": cut })], stop: "max_tokens", output_tokens: limit };
    }
    match written {
        Written::Tool { .. } if fault == Kind::MalformedToolUse => Reply {
            content: vec![json!({ "text": &text[..text.len() / 2] })],
            stop: "malformed_tool_use",
            output_tokens,
        },
        Written::Tool { name, input } => {
            let id = format!("tooluse_{:022x}", fastrand::u128(..) >> 40);
            let block = json!({ "toolUse": { "toolUseId": id, "name": name, "input": input } });
            Reply { content: vec![block], stop: "tool_use", output_tokens }
        }
        Written::Text(text) => {
            let stops = body["inferenceConfig"]["stopSequences"].as_array().into_iter().flatten();
            let end = stops.filter_map(Value::as_str).filter_map(|stop| text.find(stop)).min();
            let (text, stop) = end.map_or((&text[..], "end_turn"), |end| (&text[..end], "stop_sequence"));
            stopped(text, stop)
        }
    }
}

/// What a model would write if nothing stopped it.
enum Written {
    Tool { name: String, input: Value },
    Text(String),
}

impl Written {
    fn new(body: &Value, material: &Material, fault: Kind) -> Self {
        let tool = tool(&body["toolConfig"]).filter(|_| fault != Kind::TextInsteadOfTool);
        if let Some(spec) = tool {
            let name = spec["name"].as_str().unwrap_or_default().to_owned();
            return Self::Tool { name, input: fill(&spec["inputSchema"]["json"], material) };
        }
        let schema = match body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]["schema"].as_str() {
            Some(schema) => serde_json::from_str(schema).ok(),
            None => schema_in(&material.system),
        };
        match schema.filter(|_| fault != Kind::TextInsteadOfTool) {
            Some(schema) => Self::Text(fill(&schema, material).to_string()),
            None => {
                let text = fill(&json!({ "type": "string" }), material);
                let picture = material.pictures.first().map(|picture| picture.text.clone());
                Self::Text(picture.unwrap_or_else(|| text.as_str().unwrap_or_default().to_owned()))
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Tool { input, .. } => input.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// The tool that is used: the one that is forced, else the first.
fn tool(config: &Value) -> Option<&Value> {
    let forced = config["toolChoice"]["tool"]["name"].as_str();
    let mut specs =
        config["tools"].as_array()?.iter().map(|tool| &tool["toolSpec"]).filter(|spec| spec.is_object());
    specs.find(|spec| forced.is_none_or(|name| spec["name"] == name))
}

/// A JSON schema that stands in a text.
fn schema_in(text: &str) -> Option<Value> {
    let starts = text.match_indices('{').map(|(at, _)| &text[at..]);
    let mut values =
        starts.filter_map(|text| serde_json::Deserializer::from_str(text).into_iter::<Value>().next()?.ok());
    values.find(|value| value["properties"].is_object())
}

pub(super) fn answer(reply: Reply, call: &Call<'_>, input_tokens: u64) -> Result<Answer> {
    let Reply { content, stop, output_tokens } = reply;
    let body = json!({
        "output": { "message": { "role": "assistant", "content": content } },
        "stopReason": stop,
        "usage": {
            "inputTokens": input_tokens,
            "outputTokens": output_tokens,
            "totalTokens": input_tokens + output_tokens,
        },
        "metrics": { "latencyMs": 1 },
    });
    Answer::new(&body, call.usage(input_tokens, output_tokens, 0))
}
