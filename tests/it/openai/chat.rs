use keyvisual::{
    ErrorKind,
    backends::openai::{OpenAi, OpenAiChat, OpenAiConfig, TokenLimitField},
    chat::ChatPromptWriter,
    domain::{Brief, Image, Money, Prices, Usage},
    roles::*,
};
use serde_json::{Value, json};
use wiremock::MockServer;

use super::{answer, body, chat, chat_error, config, hello, ok, serve};

async fn sent(model: impl FnOnce(&MockServer) -> OpenAiChat, request: ChatRequest) -> Value {
    let server = serve(ok(answer("{}", "stop"))).await;
    model(&server).chat(request).await.unwrap();
    serde_json::from_str(&body(&server).await).unwrap()
}

fn model(server: &MockServer) -> OpenAiChat {
    OpenAi::new(config(server)).unwrap().chat("gpt-4o-mini")
}

#[tokio::test]
async fn a_conversation_with_a_picture_and_a_schema_is_sent_whole() {
    let image = Image::new(b"\x89PNG\r\n\x1a\nabc".as_slice()).unwrap();
    let schema = json!({
        "type": "object", "additionalProperties": false, "required": ["why", "answer"],
        "properties": {"answer": {"type": "string"}, "why": {"type": "string"}},
    });
    let request = ChatRequest::new(Message::user("What is this?").with_image(image))
        .with_system("Be brief.")
        .with_message(Message::assistant("A picture."))
        .with_message(Message::user("Of what?"))
        .with_schema(OutputSchema::new("answer", schema))
        .with_max_tokens(100)
        .with_temperature(0.5);
    insta::assert_json_snapshot!(sent(model, request).await);
}

#[tokio::test]
async fn a_plain_request_is_sent_without_optional_fields() {
    insta::assert_json_snapshot!(sent(model, hello()).await);
}

#[tokio::test]
async fn the_key_and_the_headers_go_along() {
    let server = serve(ok(answer("Hi", "stop"))).await;
    let config = config(&server).with_header("OpenAI-Project", "p-1");
    OpenAi::new(config).unwrap().chat("m").chat(hello()).await.unwrap();
    let request = &server.received_requests().await.unwrap()[0];
    assert_eq!(request.url.path(), "/v1/chat/completions");
    assert_eq!(request.headers["authorization"], "Bearer sk-secret");
    assert_eq!(request.headers["openai-project"], "p-1");
}

#[tokio::test]
async fn the_token_limit_and_the_temperature_go_as_the_server_wants_them() {
    let reasoning = |server: &MockServer| {
        let config = config(server).with_token_limit_field(TokenLimitField::MaxCompletionTokens);
        OpenAi::new(config).unwrap().chat("m").with_temperature_sent(false)
    };
    let body = sent(reasoning, hello().with_temperature(0.0).with_max_tokens(9)).await;
    assert_eq!(body["max_completion_tokens"], 9);
    assert!(body.get("max_tokens").is_none() && body.get("temperature").is_none());
}

/// Servers make the model write the fields in the order of the schema, so reasoning must stand first.
#[tokio::test]
async fn fields_of_a_schema_are_sent_in_the_order_of_required() {
    let text = r#"{"reasoning": "r", "campaign_concept": "c", "visual_concept": "v", "image_description": "A mug."}"#;
    let server = serve(ok(answer(text, "stop"))).await;
    let writer = ChatPromptWriter::new(model(&server));
    writer.concept(ConceptRequest::new(Brief::new("Tea", "Green tea"))).await.unwrap();
    let body = body(&server).await;
    let properties = &body[body.find(r#""properties":{"#).unwrap()..];
    let place = |field| properties.find(&format!("\"{field}\":{{")).unwrap();
    assert!(place("reasoning") < place("campaign_concept"));
    assert!(place("campaign_concept") < place("visual_concept"));
    assert!(place("visual_concept") < place("image_description"));
}

#[tokio::test]
async fn an_answer_comes_with_its_usage_and_stop_reason() {
    for (finish, stop) in [
        ("stop", StopReason::Done),
        ("length", StopReason::MaxTokens),
        ("content_filter", StopReason::Filtered),
        ("tool_calls", StopReason::Other("tool_calls".into())),
    ] {
        let reply = chat(ok(answer("Hi", finish))).await.unwrap();
        assert_eq!((reply.text.as_str(), reply.stop), ("Hi", stop));
        assert_eq!(reply.usage, Usage::REQUEST.with_tokens(12, 7));
    }
}

#[tokio::test]
async fn an_answer_cut_off_before_its_first_word_is_cut_off_not_broken() {
    let mut body = answer("", "length");
    body["choices"][0]["message"]["content"] = Value::Null;
    let reply = chat(ok(body)).await.unwrap();
    assert_eq!((reply.text.as_str(), reply.stop), ("", StopReason::MaxTokens));
}

#[tokio::test]
async fn usage_that_is_not_reported_is_taken_at_its_most() {
    let mut body = answer("Hi", "stop");
    body["usage"] = Value::Null;
    assert_eq!(chat(ok(body)).await.unwrap().usage, hello().at_most());
}

#[tokio::test]
async fn a_refusal_is_blocked() {
    let mut body = answer("", "stop");
    body["choices"][0]["message"] = json!({"content": null, "refusal": "I cannot help with that."});
    let error = chat_error(ok(body)).await;
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Blocked, true));
    assert!(error.message().contains("I cannot help"), "{error}");
}

#[tokio::test]
async fn what_the_model_cannot_do_is_refused_before_it_is_sent() {
    let server = serve(ok(answer("Hi", "stop"))).await;
    let picture = Image::new(b"\xff\xd8\xff\xe0".as_slice()).unwrap();
    let model = model(&server).with_image_input(false).with_json_schema(false).with_max_output_tokens(50);
    let hello = || hello().with_max_tokens(50);
    let schema = |name: &str| hello().with_schema(OutputSchema::new(name, json!({})));
    for (request, kind) in [
        (
            ChatRequest::new(Message::user("See").with_image(picture)).with_max_tokens(50),
            ErrorKind::Unsupported,
        ),
        (schema("s"), ErrorKind::Unsupported),
        (hello().with_max_tokens(51), ErrorKind::InvalidInput),
        (hello().with_temperature(2.5), ErrorKind::InvalidInput),
        (hello().with_temperature(f32::NAN), ErrorKind::InvalidInput),
        (hello().with_max_tokens(0), ErrorKind::InvalidInput),
        (hello().with_message(Message::assistant("Hi")), ErrorKind::InvalidInput),
        (hello().with_message(Message::user(" \n")), ErrorKind::InvalidInput),
    ] {
        let error = model.chat(request).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (kind, false), "{error}");
    }
    let error = model.with_json_schema(true).chat(schema("no spaces")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[test]
fn prices_come_from_the_application() {
    let openai = OpenAi::new(OpenAiConfig::openai("k")).unwrap();
    let usage = Usage::REQUEST.with_tokens(1_000_000, 0);
    assert_eq!(openai.chat("m").card().cost(usage), None);
    let prices = Prices::per_million_tokens(Money::from_micros(150_000), Money::from_micros(600_000));
    let model = openai.chat("m").with_card(|card| card.with_prices(prices));
    assert_eq!(model.card().cost(usage), Some(Money::from_micros(150_000)));
}
