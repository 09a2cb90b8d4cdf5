//! What `Converse` answers.

use aws_sdk_bedrockruntime::{
    operation::converse::ConverseOutput,
    types::{ContentBlock, StopReason as Stop, TokenUsage},
};

use super::document;
use crate::{
    backends::bedrock::error,
    domain::Usage,
    error::{Error, Result, Retryability},
    roles::{ChatReply, ChatRequest, Request, StopReason},
};

/// The reply to `request`.
pub(super) fn read(output: ConverseOutput, request: &ChatRequest) -> Result<ChatReply> {
    let stop = stop(&output.stop_reason, request)?;
    let message = output.output.as_ref().and_then(|output| output.as_message().ok());
    let content = message.ok_or_else(|| error::reply("the answer has no message"))?.content();
    // The SDK gives zeros where the answer says nothing, and every answer was asked for with some tokens.
    let usage = output.usage.as_ref().map(usage).filter(|usage| usage.input_tokens > 0);
    let usage = usage.unwrap_or_else(|| request.at_most());
    Ok(ChatReply::new(text(content)).with_stop(stop).with_usage(usage))
}

/// Why the model stopped; an error where there is nothing to use.
fn stop(reason: &Stop, request: &ChatRequest) -> Result<StopReason> {
    Ok(match reason {
        Stop::EndTurn | Stop::StopSequence | Stop::ToolUse => StopReason::Done,
        Stop::MaxTokens => StopReason::MaxTokens,
        Stop::ContentFiltered | Stop::GuardrailIntervened => StopReason::Filtered,
        Stop::MalformedModelOutput | Stop::MalformedToolUse => {
            return Err(malformed(reason.as_str(), request));
        }
        Stop::ModelContextWindowExceeded => {
            return Err(Error::invalid(
                "the conversation and its answer are longer than the model's context: send less text, fewer pictures, or use a model with a longer one",
            )
            .sent());
        }
        other => StopReason::Other(other.as_str().to_owned()),
    })
}

/// A model that draws its words may draw better ones next time; one at temperature 0 writes the same again.
fn malformed(reason: &str, request: &ChatRequest) -> Error {
    let draws = request.temperature != Some(0.0);
    let error = error::reply(format!(
        "the model's answer broke its own form ({reason}): ask at temperature 0, or with more tokens"
    ));
    if draws { error.with_retryability(Retryability::Transient) } else { error }
}

/// The input of the first tool call as JSON; without a call, the words.
fn text(content: &[ContentBlock]) -> String {
    let call = content.iter().find_map(|block| block.as_tool_use().ok());
    if let Some(call) = call {
        return document::json(&call.input).to_string();
    }
    let texts = content.iter().filter_map(|block| block.as_text().ok().map(String::as_str));
    texts.collect::<Vec<_>>().join("\n")
}

fn usage(tokens: &TokenUsage) -> Usage {
    let count = |tokens: i32| u64::try_from(tokens).unwrap_or_default();
    let cached = [tokens.cache_read_input_tokens, tokens.cache_write_input_tokens];
    let cached: u64 = cached.into_iter().flatten().map(count).sum();
    Usage::REQUEST.with_tokens(count(tokens.input_tokens) + cached, count(tokens.output_tokens))
}
