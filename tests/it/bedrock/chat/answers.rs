//! What comes back.

use keyvisual::{ErrorKind, domain::Usage, roles::*};
use serde_json::{Value, json};

use super::{FakeBedrock, PRO, answer, answering, hello, model, verdict};

async fn reply(answer: Value, request: ChatRequest) -> keyvisual::Result<ChatReply> {
    let (_server, model) = answering(answer).await;
    model.chat(request).await
}

#[tokio::test]
async fn every_stop_reason_has_its_meaning() {
    let text = json!([{"text": "Hi"}]);
    for (reason, stop) in [
        ("end_turn", StopReason::Done),
        ("stop_sequence", StopReason::Done),
        ("tool_use", StopReason::Done),
        ("max_tokens", StopReason::MaxTokens),
        ("content_filtered", StopReason::Filtered),
        ("guardrail_intervened", StopReason::Filtered),
        ("bored", StopReason::Other("bored".into())),
    ] {
        let reply = reply(answer(text.clone(), reason), hello()).await.unwrap();
        assert_eq!((reply.text.as_str(), reply.stop), ("Hi", stop), "{reason}");
        assert_eq!(reply.usage, Usage::REQUEST.with_tokens(12, 7));
    }
    // What cannot be used is an error; drawn again it may be whole, written greedily it will be the same.
    for (reason, temperature, kind, transient) in [
        ("malformed_model_output", None, ErrorKind::InvalidReply, true),
        ("malformed_tool_use", Some(0.7), ErrorKind::InvalidReply, true),
        ("malformed_tool_use", Some(0.0), ErrorKind::InvalidReply, false),
        ("model_context_window_exceeded", None, ErrorKind::InvalidInput, false),
    ] {
        let mut request = hello();
        request.temperature = temperature;
        let error = reply(answer(text.clone(), reason), request).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (kind, transient), "{error}");
        assert!(error.was_sent() && error.context("model") == Some(PRO), "{error}");
    }
}

#[tokio::test]
async fn what_the_tool_is_called_with_is_the_answer() {
    let input =
        json!({"reason": "it \"fits\"", "pass": true, "a_note": null, "of": [1, -2, 0.5, {"deep": []}]});
    let call = json!({"toolUse": {"toolUseId": "t-1", "name": "verdict", "input": input}});
    for content in [
        json!([call]),
        json!([{"text": "<thinking>Hm.</thinking>"}, call]),
        json!([{"reasoningContent": {"reasoningText": {"text": "[REDACTED]"}}}, call]),
    ] {
        let reply = reply(answer(content, "tool_use"), hello().with_schema(verdict())).await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&reply.text).unwrap(), input);
    }
}

#[tokio::test]
async fn words_in_place_of_a_call_come_back_as_they_are() {
    let content = json!([{"text": "I would say"}, {"text": "it passes."}]);
    let reply = reply(answer(content, "end_turn"), hello().with_schema(verdict())).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.stop), ("I would say\nit passes.", StopReason::Done));
}

#[tokio::test]
async fn tokens_of_the_cache_count_as_sent() {
    let mut body = answer(json!([{"text": "Hi"}]), "end_turn");
    body["usage"]["cacheReadInputTokens"] = 1_000.into();
    body["usage"]["cacheWriteInputTokens"] = 200.into();
    assert_eq!(reply(body, hello()).await.unwrap().usage, Usage::REQUEST.with_tokens(1_212, 7));
}

#[tokio::test]
async fn usage_that_is_not_reported_is_taken_at_its_most() {
    let mut body = answer(json!([{"text": "Hi"}]), "end_turn");
    body["usage"] = Value::Null;
    assert_eq!(reply(body, hello()).await.unwrap().usage, hello().at_most());
}

#[tokio::test]
async fn what_the_strict_server_does_on_purpose_has_its_meaning_too() {
    let (caller, model) = model(PRO).await;
    let fake = FakeBedrock::shared();
    for (fault, stop) in [
        ("max_tokens", StopReason::MaxTokens),
        ("content_filtered", StopReason::Filtered),
        ("guardrail", StopReason::Filtered),
        ("text_instead_of_tool", StopReason::Done),
    ] {
        fake.set_faults(&caller, json!([fault]));
        assert_eq!(model.chat(hello().with_schema(verdict())).await.unwrap().stop, stop, "{fault}");
    }
    fake.set_faults(&caller, json!(["malformed_tool_use"]));
    let error = model.chat(hello().with_schema(verdict())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidReply, "{error}");
}
