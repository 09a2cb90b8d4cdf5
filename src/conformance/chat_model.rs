//! The contract of [`ChatModel`].

use serde_json::{Value, json};

use super::{kind, sample};
use crate::{
    error::ErrorKind,
    roles::{ChatModel, ChatRequest, Message, OutputSchema, StopReason},
};

/// Everything below. A provider bills about six short calls.
pub async fn all(model: &dyn ChatModel) {
    answers_in_text(model).await;
    answers_by_schema_or_refuses(model).await;
    looks_at_pictures_or_refuses(model).await;
    goes_on_with_a_conversation(model).await;
    says_when_it_is_cut_off(model).await;
    refuses_an_empty_conversation(model).await;
}

/// A question has an answer with what it used.
pub async fn answers_in_text(model: &dyn ChatModel) {
    let request = ChatRequest::new(Message::user("Name a colour in one word.")).with_max_tokens(64);
    let reply = model.chat(request).await.expect("an answer");
    assert!(!reply.text.trim().is_empty(), "the answer is not empty");
    assert!(reply.usage.requests >= 1, "a call counts as a request: {:?}", reply.usage);
}

/// With a schema the answer is JSON; a model that cannot be forced says `Unsupported`.
pub async fn answers_by_schema_or_refuses(model: &dyn ChatModel) {
    let schema = json!({
        "type": "object",
        "properties": { "color": { "type": "string" } },
        "required": ["color"],
        "additionalProperties": false
    });
    let request = ChatRequest::new(Message::user("Name a colour."))
        .with_schema(OutputSchema::new("color", schema))
        .with_max_tokens(256);
    let reply = model.chat(request).await;
    if model.capabilities().json_schema {
        let reply = reply.expect("an answer by the schema");
        assert_eq!(reply.stop, StopReason::Done, "the answer is whole");
        let value: Value = serde_json::from_str(&reply.text).expect("the answer is JSON");
        assert!(value["color"].is_string(), "the answer follows the schema: {value}");
    } else {
        assert_eq!(kind(&reply), Some(ErrorKind::Unsupported), "a schema is refused, not dropped");
    }
}

/// Pictures are looked at; a model that takes none says `Unsupported`.
pub async fn looks_at_pictures_or_refuses(model: &dyn ChatModel) {
    let message = Message::user("Which colours do you see? A few words.").with_image(sample::jpeg(1));
    let reply = model.chat(ChatRequest::new(message).with_max_tokens(128)).await;
    if model.capabilities().images {
        assert!(!reply.expect("an answer").text.is_empty(), "the answer is not empty");
    } else {
        assert_eq!(kind(&reply), Some(ErrorKind::Unsupported), "a picture is refused, not dropped");
    }
}

/// A conversation of three messages and a system text has an answer.
pub async fn goes_on_with_a_conversation(model: &dyn ChatModel) {
    let request = ChatRequest::new(Message::user("Name a colour."))
        .with_system("You are a painter. Answer in one word.")
        .with_message(Message::assistant("Ochre"))
        .with_message(Message::user("Another one."))
        .with_temperature(0.0)
        .with_max_tokens(64);
    let reply = model.chat(request).await.expect("an answer");
    assert!(!reply.text.trim().is_empty(), "the answer is not empty");
}

/// A long answer in a few tokens says that it was cut off.
pub async fn says_when_it_is_cut_off(model: &dyn ChatModel) {
    let question = "Write a story of five hundred words about a cup of coffee.";
    let reply = model.chat(ChatRequest::new(Message::user(question)).with_max_tokens(16)).await;
    let reply = reply.expect("an answer that is cut off is an answer");
    let short = reply.text.len() < 200;
    assert!(short, "sixteen tokens are not {} bytes", reply.text.len());
    // A fake may have said all it has to say.
    let whole = reply.stop == StopReason::Done && reply.usage.output_tokens < 16;
    assert!(reply.stop == StopReason::MaxTokens || whole || reply.text == question, "{:?}", reply.stop);
}

/// No messages are `InvalidInput`.
pub async fn refuses_an_empty_conversation(model: &dyn ChatModel) {
    let mut request = ChatRequest::new(Message::user("x"));
    request.messages.clear();
    assert_eq!(kind(&model.chat(request).await), Some(ErrorKind::InvalidInput), "there is nothing to answer");
}
