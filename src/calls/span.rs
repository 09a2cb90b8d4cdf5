//! One tracing span around all attempts of a call, named as OpenTelemetry names calls of models.
//!
//! Fields follow the OpenTelemetry semantic conventions for generative AI as of 2026 (status: development).
//! Prompts, pictures and replies are never recorded.

use tracing::{Span, field::Empty};

use crate::{
    domain::{Card, Usage},
    error::Error,
    roles::CallContext,
};

/// The conventions' name for an operation; none for what is no call of a model or a search.
fn gen_ai_operation(operation: &str) -> Option<&'static str> {
    match operation {
        "chat" | "describe" | "concept" | "write" | "decompose" | "plan" | "judge" => Some("chat"),
        "embed" => Some("embeddings"),
        "search" => Some("retrieval"),
        // There is no name for making pictures: it is told by the output type.
        "generate" => Some("generate_content"),
        _ => None,
    }
}

/// The span of a call, with all that sampling goes by already set.
pub(super) fn open(operation: &'static str, card: &Card, context: &CallContext) -> Span {
    let known = gen_ai_operation(operation);
    tracing::info_span!(
        "call",
        otel.name = %format_args!("{} {}", known.unwrap_or(operation), card.name),
        otel.kind = if card.is_local() { "internal" } else { "client" },
        gen_ai.operation.name = known,
        gen_ai.provider.name = card.provider.as_str(),
        gen_ai.request.model = card.name.as_str(),
        gen_ai.output.r#type = (operation == "generate").then_some("image"),
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        error.r#type = Empty,
        keyvisual.operation = operation,
        keyvisual.campaign = context.campaign.as_ref().map(|id| id.as_str()),
        keyvisual.step = context.step.map(|step| step.as_str()),
        keyvisual.attempts = Empty,
    )
}

/// Records how a call ended.
pub(super) fn close(span: &Span, attempts: u32, usage: Usage, error: Option<&Error>) {
    if span.is_disabled() {
        return;
    }
    span.record("keyvisual.attempts", attempts);
    if usage.input_tokens + usage.output_tokens > 0 {
        span.record("gen_ai.usage.input_tokens", usage.input_tokens);
        span.record("gen_ai.usage.output_tokens", usage.output_tokens);
    }
    if let Some(error) = error {
        span.record("error.type", error.kind().as_str());
    }
}
