//! What comes back.

use keyvisual::{Error, ErrorKind, Result, domain::Embedding, roles::*};
use serde_json::{Value, json};

use super::{NOVA, TITAN, answering, ask, text};

/// 256 numbers that begin with these.
fn numbers(first: &[f64]) -> Value {
    first.iter().copied().chain(std::iter::repeat(0.0)).take(256).collect()
}

fn titan(embedding: Value) -> Value {
    json!({"embedding": embedding, "inputTextTokenCount": 4, "message": null})
}

fn nova(embedding: Value) -> Value {
    json!({"embeddings": [{"embeddingType": "TEXT", "embedding": embedding}]})
}

async fn reply(id: &str, answer: Value) -> Result<EmbedReply> {
    let (_server, embedder) = answering(id, answer).await;
    ask(&embedder, text("a red cup"), Purpose::Index).await
}

/// The vector, or the error at its place or of the whole call.
async fn vector(id: &str, answer: Value) -> Result<Embedding, Error> {
    reply(id, answer).await.and_then(|mut reply| reply.results.remove(0))
}

#[tokio::test]
async fn vectors_are_brought_to_length_1() {
    for (id, answer) in [(TITAN, titan(numbers(&[3.0, 4.0]))), (NOVA, nova(numbers(&[3.0, 4.0])))] {
        let vector = vector(id, answer).await.unwrap();
        assert_eq!(vector.as_slice()[..3], [0.6, 0.8, 0.0]);
    }
}

#[tokio::test]
async fn a_vector_that_cannot_be_compared_is_an_invalid_reply() {
    let short = json!([1.0, 0.0]);
    for (bad, why) in [(short, "2 dimensions, 256 were asked for"), (numbers(&[]), "no direction")] {
        for answer in [(TITAN, titan(bad.clone())), (NOVA, nova(bad.clone()))] {
            let reply = reply(answer.0, answer.1).await.unwrap();
            let error = reply.results[0].as_ref().unwrap_err();
            assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidReply, true), "{error}");
            assert!(error.message().contains(why), "{error}");
            assert_eq!(reply.usage.requests, 1, "it is billed all the same");
        }
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_is_an_invalid_reply() {
    let two = json!({"embeddings": [{"embedding": []}, {"embedding": []}]});
    for (id, answer) in [
        (TITAN, json!({"embedding": null})),
        (TITAN, json!({"embedding": "AACAPw=="})),
        (TITAN, titan(numbers(&[1e39]))),
        (TITAN, json!([])),
        (NOVA, json!({"embeddings": []})),
        (NOVA, two),
        (NOVA, json!({"embedding": [1.0]})),
    ] {
        let error = vector(id, answer).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidReply, true), "{error}");
        assert_eq!((error.operation(), error.context("model")), (Some("embed"), Some(id)));
    }
}

#[tokio::test]
async fn what_titan_says_beside_the_vector_is_passed_on() {
    let said = |embedding: Value| json!({"embedding": embedding, "message": "The picture is too dark."});
    let error = vector(TITAN, said(Value::Null)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidReply);
    assert!(error.message().contains("too dark"), "{error}");
    let reply = reply(TITAN, said(numbers(&[1.0]))).await.unwrap();
    assert!(reply.results[0].is_ok() && reply.notes[0].contains("too dark"), "{:?}", reply.notes);
}

#[tokio::test]
async fn a_filter_that_titan_tells_of_in_its_answer_is_a_refusal() {
    let words = "This request has been blocked by our content filters.";
    let error = vector(TITAN, json!({"embedding": null, "message": words})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Blocked);
    assert_eq!(error.blocked().unwrap().reason, words);
}

#[tokio::test]
async fn what_nova_cut_off_is_passed_on() {
    let mut answer = nova(numbers(&[1.0]));
    answer["embeddings"][0]["truncatedCharLength"] = 8_000.into();
    let reply = reply(NOVA, answer).await.unwrap();
    assert!(reply.results[0].is_ok() && reply.notes[0].contains("8000"), "{:?}", reply.notes);
}
