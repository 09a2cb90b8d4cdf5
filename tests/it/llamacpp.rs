//! The OpenAI backend and the language roles against a real server: llama.cpp on a model of random
//! weights, so the words are nonsense and everything else is real. Start it with `tests/servers/all.sh`.

use keyvisual::{
    ErrorKind,
    backends::openai::{OpenAi, OpenAiChat, OpenAiConfig},
    chat::{ChatDecomposer, ChatDescriber},
    domain::Image,
    roles::*,
};
use serde_json::json;

fn server(variable: &str) -> Option<OpenAi> {
    let url = crate::servers::address(variable)?;
    Some(OpenAi::new(OpenAiConfig::new(url).with_provider("llama.cpp")).unwrap())
}

fn chat() -> Option<OpenAiChat> {
    server("KEYVISUAL_OPENAI_URL").map(|server| server.chat("random"))
}

/// A schema whose answer is short whatever the model writes.
fn verdict() -> OutputSchema {
    let schema = json!({
        "type": "object", "additionalProperties": false, "required": ["outcome", "certain"],
        "properties": {"certain": {"type": "boolean"}, "outcome": {"type": "string", "enum": ["pass", "fail"]}},
    });
    OutputSchema::new("verdict", schema)
}

#[tokio::test]
async fn a_free_answer_has_usage_and_a_stop_reason() {
    let Some(model) = chat() else { return };
    let request = ChatRequest::new(Message::user("Say something.")).with_max_tokens(8);
    let reply = model.chat(request).await.unwrap();
    assert_eq!(reply.stop, StopReason::MaxTokens);
    assert_eq!((reply.usage.requests, reply.usage.output_tokens), (1, 8));
    assert!(reply.usage.input_tokens > 0);
}

#[tokio::test]
async fn a_schema_forces_the_answer_with_its_fields_in_order() {
    let Some(model) = chat() else { return };
    for _ in 0..5 {
        let request = ChatRequest::new(Message::user("Judge.")).with_schema(verdict()).with_max_tokens(200);
        let reply = model.chat(request).await.unwrap();
        assert_eq!(reply.stop, StopReason::Done, "{}", reply.text);
        let value: serde_json::Value = serde_json::from_str(&reply.text).unwrap();
        assert!(value["certain"].is_boolean(), "{value}");
        assert!(reply.text.find("outcome") < reply.text.find("certain"), "{}", reply.text);
    }
}

/// The grammar makes the form right; how long nonsense gets is chance, so an answer may be cut off.
#[tokio::test]
async fn a_language_role_gets_an_answer_of_the_right_form() {
    let Some(model) = chat() else { return };
    let decomposer = ChatDecomposer::new(model).with_temperature(1.0).with_reasoning_tokens(0);
    match decomposer.decompose(DecomposeRequest::new("a mug in the snow")).await {
        Ok(reply) => assert_eq!(reply.usage.requests, 1, "{reply:?}"),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Truncated, "{error}"),
    }
}

#[tokio::test]
async fn a_picture_for_a_model_without_eyes_is_a_clear_error() {
    let Some(model) = chat() else { return };
    let picture = Image::new(b"\x89PNG\r\n\x1a\n".as_slice()).unwrap();
    let error = ChatDescriber::new(model).describe(DescribeRequest::new(picture)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unsupported, false), "{error}");
    assert!(error.message().contains("image input is not supported"), "{error}");
}

#[tokio::test]
async fn a_conversation_too_long_for_the_model_is_invalid() {
    let Some(model) = chat() else { return };
    let request = ChatRequest::new(Message::user("long ".repeat(2_000)));
    let error = model.chat(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}

#[tokio::test]
async fn texts_get_vectors_of_length_1_in_their_order() {
    let Some(server) = server("KEYVISUAL_OPENAI_EMBEDDING_URL") else { return };
    let embedder = server.embedder("random", 64).unwrap().with_dimensions_sent(false);
    let embed = async |texts: &[&str]| {
        let inputs = texts.iter().map(|text| EmbedInput::Text((*text).into())).collect();
        let reply = embedder.embed(EmbedRequest::new(inputs, Purpose::Index)).await.unwrap();
        assert!(reply.usage.input_tokens > 0);
        reply.results.into_iter().map(Result::unwrap).collect::<Vec<_>>()
    };
    let words = ["a green mug", "snow"];
    let together = embed(&words).await;
    for (place, vector) in together.iter().enumerate() {
        assert!((vector.dot(vector).unwrap() - 1.0).abs() < 1e-6);
        let alone = &embed(&[words[place]]).await[0];
        let (own, other) = (vector.dot(alone).unwrap(), together[1 - place].dot(alone).unwrap());
        assert!(own > other, "{}: {own} {other}", words[place]);
    }
}

#[tokio::test]
async fn a_length_the_model_does_not_have_is_refused() {
    let Some(server) = server("KEYVISUAL_OPENAI_EMBEDDING_URL") else { return };
    let embedder = server.embedder("random", 32).unwrap().with_dimensions_sent(false);
    let request = EmbedRequest::new(vec![EmbedInput::Text("mug".into())], Purpose::Query);
    let error = embedder.embed(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidReply, "{error}");
}

#[tokio::test]
async fn embeddings_from_a_server_that_only_chats_are_unsupported() {
    let Some(server) = server("KEYVISUAL_OPENAI_URL") else { return };
    let embedder = server.embedder("random", 64).unwrap();
    let request = EmbedRequest::new(vec![EmbedInput::Text("mug".into())], Purpose::Query);
    let error = embedder.embed(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
}
