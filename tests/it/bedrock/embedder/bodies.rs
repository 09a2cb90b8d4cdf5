//! What is sent.

use keyvisual::{
    ErrorKind,
    backends::bedrock::{BedrockEmbedder, Pairing, Searched, TextOverflow},
    domain::Usage,
    roles::*,
};
use serde_json::{Value, json};

use super::{super::dot, NOVA, TITAN, ask, embedder, pair, sent, text};

/// The body with which the strict server was asked, and answered.
async fn body(
    id: &str,
    set: impl FnOnce(BedrockEmbedder) -> BedrockEmbedder,
    input: EmbedInput,
    purpose: Purpose,
) -> Value {
    let (caller, embedder) = embedder(id).await;
    ask(&set(embedder), input, purpose).await.unwrap().results.remove(0).unwrap();
    let [body] = sent(&caller).try_into().unwrap();
    body
}

#[tokio::test]
async fn titan_gets_a_text_a_picture_or_both() {
    let shorter = |embedder: BedrockEmbedder| embedder.with_dimensions(256).unwrap();
    let bodies = [
        body(TITAN, shorter, text("a red cup"), Purpose::Query).await,
        body(TITAN, |embedder| embedder, EmbedInput::Image(dot()), Purpose::Index).await,
        body(TITAN, |embedder| embedder, pair("a red cup", dot()), Purpose::Index).await,
    ];
    insta::assert_json_snapshot!(bodies);
}

#[tokio::test]
async fn nova_gets_one_of_them_and_what_it_is_for() {
    let as_is = |embedder: BedrockEmbedder| embedder;
    let refusing = |embedder: BedrockEmbedder| {
        embedder.with_text_overflow(TextOverflow::Refuse).with_dimensions(1_024).unwrap()
    };
    let bodies = [
        body(NOVA, as_is, text("a red cup"), Purpose::Query).await,
        body(NOVA, as_is, EmbedInput::Image(dot()), Purpose::Index).await,
        body(NOVA, refusing, text("a red cup"), Purpose::Index).await,
    ];
    insta::assert_json_snapshot!(bodies);
}

#[tokio::test]
async fn nova_is_told_what_a_query_looks_for() {
    for (searched, purpose) in [
        (Searched::Pictures, "IMAGE_RETRIEVAL"),
        (Searched::Texts, "TEXT_RETRIEVAL"),
        (Searched::Mixed, "GENERIC_RETRIEVAL"),
    ] {
        let set = |embedder: BedrockEmbedder| embedder.with_searched(searched).unwrap();
        for (asked, expected) in [(Purpose::Query, purpose), (Purpose::Index, "GENERIC_INDEX")] {
            let body = body(NOVA, set, text("a red cup"), asked).await;
            assert_eq!(body["singleEmbeddingParams"]["embeddingPurpose"], expected);
        }
    }
}

#[tokio::test]
async fn a_pair_is_embedded_as_the_application_says() {
    for (id, pairing, words, note) in [
        (TITAN, Pairing::Joint, json!(["a red cup", true]), None),
        (TITAN, Pairing::PictureOnly, json!([null, true]), Some("the text was left out")),
        (TITAN, Pairing::TextOnly, json!(["a red cup", false]), Some("the picture was left out")),
        (NOVA, Pairing::PictureOnly, json!([null, true]), Some("the text was left out")),
        (NOVA, Pairing::TextOnly, json!(["a red cup", false]), Some("the picture was left out")),
    ] {
        let (caller, embedder) = embedder(id).await;
        let embedder = embedder.with_pairing(pairing).unwrap();
        assert!(embedder.capabilities().both);
        let reply = ask(&embedder, pair("a red cup", dot()), Purpose::Index).await.unwrap();
        let notes = reply.notes.iter().any(|said| note.is_some_and(|note| said.contains(note)));
        assert_eq!((notes, reply.notes.len()), (note.is_some(), note.iter().count()), "{:?}", reply.notes);
        let body = &sent(&caller)[0];
        let nova = &body["singleEmbeddingParams"];
        let (text, image) = match id {
            TITAN => (&body["inputText"], &body["inputImage"]),
            _ => (&nova["text"]["value"], &nova["image"]),
        };
        assert_eq!(json!([text, !image.is_null()]), words, "{pairing:?}");
        let pictures = u64::from(!image.is_null());
        assert_eq!((reply.usage.requests, reply.usage.input_pictures), (1, pictures));
    }
    let (caller, embedder) = embedder(NOVA).await;
    assert!(!embedder.capabilities().both, "so that the library knows");
    let error = ask(&embedder, pair("a red cup", dot()), Purpose::Index).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unsupported, false), "{error}");
    assert!(sent(&caller).is_empty());
}

#[tokio::test]
async fn what_the_model_cannot_do_is_refused_when_it_is_asked_for() {
    let [titan, nova] = [embedder(TITAN).await.1, embedder(NOVA).await.1];
    for (refused, kind) in [
        (titan.clone().with_dimensions(3_072), ErrorKind::InvalidInput),
        (nova.clone().with_dimensions(512), ErrorKind::InvalidInput),
        (titan.with_searched(Searched::Texts), ErrorKind::Unsupported),
        (nova.with_pairing(Pairing::Joint), ErrorKind::Unsupported),
    ] {
        assert_eq!(refused.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn usage_is_what_the_model_says_or_an_estimate() {
    let input = || pair("a red cup", dot());
    let titan = embedder(TITAN).await.1;
    let usage = ask(&titan, input(), Purpose::Index).await.unwrap().usage;
    assert_eq!(usage, Usage::REQUEST.with_tokens(3, 0).with_input_pictures(1));
    let nova = embedder(NOVA).await.1.with_pairing(Pairing::TextOnly).unwrap();
    let usage = ask(&nova, input(), Purpose::Index).await.unwrap().usage;
    assert_eq!(usage, Usage::REQUEST.with_tokens(3, 0));
}
