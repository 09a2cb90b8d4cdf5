use keyvisual::{
    ErrorKind, Result,
    backends::openai::OpenAi,
    domain::{Image, Usage},
    roles::*,
};
use serde_json::{Value, json};
use wiremock::MockServer;

use super::{body, config, ok, serve};

fn texts(texts: &[&str]) -> EmbedRequest {
    let inputs = texts.iter().map(|text| EmbedInput::Text((*text).into())).collect();
    EmbedRequest::new(inputs, Purpose::Index)
}

async fn embed(server: &MockServer, request: EmbedRequest) -> Result<EmbedReply> {
    OpenAi::new(config(server))?.embedder("e", 2)?.embed(request).await
}

fn data(vectors: &[(usize, &[f32])]) -> Value {
    let data: Vec<_> = vectors.iter().map(|(index, v)| json!({"index": index, "embedding": v})).collect();
    json!({"data": data, "usage": {"prompt_tokens": 5, "total_tokens": 5}})
}

#[tokio::test]
async fn vectors_come_in_the_order_of_the_texts_at_length_1() {
    let server = serve(ok(data(&[(1, &[0.0, 2.0]), (0, &[3.0, 4.0])]))).await;
    let reply = embed(&server, texts(&["a", "b"])).await.unwrap();
    let vectors: Vec<_> = reply.results.into_iter().map(|v| Vec::from(v.unwrap())).collect();
    assert_eq!(vectors, [vec![0.6, 0.8], vec![0.0, 1.0]]);
    assert_eq!(reply.usage, Usage::REQUEST.with_tokens(5, 0));
    insta::assert_snapshot!(body(&server).await, @r#"{"model":"e","input":["a","b"],"encoding_format":"float","dimensions":2}"#);
}

#[tokio::test]
async fn dimensions_are_not_named_to_a_server_that_refuses_them() {
    let server = serve(ok(data(&[(0, &[1.0, 0.0])]))).await;
    let embedder =
        OpenAi::new(config(&server)).unwrap().embedder("e", 2).unwrap().with_dimensions_sent(false);
    embedder.embed(texts(&["a"])).await.unwrap();
    assert!(!body(&server).await.contains("dimensions"));
}

#[tokio::test]
async fn an_empty_text_fails_at_its_place_and_is_not_sent() {
    let server = serve(ok(data(&[(0, &[1.0, 0.0])]))).await;
    let reply = embed(&server, texts(&[" ", "a", ""])).await.unwrap();
    let failed: Vec<_> = reply.results.iter().map(|r| r.as_ref().err().map(|e| e.kind())).collect();
    assert_eq!(failed, [Some(ErrorKind::InvalidInput), None, Some(ErrorKind::InvalidInput)]);
    assert!(body(&server).await.contains(r#""input":["a"]"#));

    let server = serve(ok(json!({}))).await;
    let reply = embed(&server, texts(&[""])).await.unwrap();
    assert_eq!((reply.results.len(), reply.usage), (1, Usage::NONE));
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_embedded_is_refused_before_it_is_sent() {
    let server = serve(ok(json!({}))).await;
    let picture = Image::new(b"\xff\xd8\xff\xe0".as_slice()).unwrap();
    let picture = EmbedRequest::new(vec![EmbedInput::Image(picture)], Purpose::Query);
    for (request, kind) in [
        (texts(&[]), ErrorKind::InvalidInput),
        (texts(&["a"; 257]), ErrorKind::InvalidInput),
        (picture, ErrorKind::Unsupported),
    ] {
        let error = embed(&server, request).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (kind, false));
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn vectors_that_do_not_fit_the_texts_are_refused() {
    for (wrong, why) in [
        (data(&[(0, &[1.0, 0.0])]), "fewer"),
        (data(&[(0, &[1.0, 0.0]), (0, &[1.0, 0.0])]), "given twice"),
        (data(&[(0, &[1.0, 0.0]), (2, &[1.0, 0.0])]), "out of range"),
        (data(&[(0, &[1.0, 0.0]), (1, &[1.0, 0.0]), (2, &[1.0, 0.0])]), "out of range"),
        (data(&[(0, &[1.0, 0.0]), (1, &[1.0])]), "1 dimensions"),
        (json!({"data": [{"index": 0, "embedding": "AACAPw=="}]}), "not the JSON"),
    ] {
        let server = serve(ok(wrong)).await;
        let error = embed(&server, texts(&["a", "b"])).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidReply, true));
        assert!(error.message().contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_vector_without_direction_fails_at_its_place() {
    let server = serve(ok(data(&[(0, &[0.0, 0.0]), (1, &[1.0, 0.0])]))).await;
    let reply = embed(&server, texts(&["a", "b"])).await.unwrap();
    assert_eq!(reply.results[0].as_ref().unwrap_err().kind(), ErrorKind::InvalidReply);
    assert!(reply.results[1].is_ok());
}
