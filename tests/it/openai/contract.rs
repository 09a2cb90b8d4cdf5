//! The contracts of chat models and embedders, on a server that answers what it is asked.

use keyvisual::conformance;
use wiremock::{Request, Respond};

use super::*;

const DIMENSIONS: usize = 64;

/// Answers chats in a word or by the schema, cut off at the token limit, and embeds texts by their letters.
struct Answers;

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        match body["input"].as_array() {
            Some(texts) => ok(embedded(texts)),
            None => ok(said(&body)),
        }
    }
}

fn said(body: &Value) -> Value {
    if body["response_format"].is_object() {
        return answer(r#"{"color": "ochre"}"#, "stop");
    }
    match body["max_tokens"].as_u64() {
        Some(..20) => answer("Once there was a cup of coffee that", "length"),
        _ => answer("Ochre", "stop"),
    }
}

fn embedded(texts: &[Value]) -> Value {
    let data: Vec<_> = (0..)
        .zip(texts)
        .map(|(index, text): (usize, _)| {
            let mut vector = [0.1_f32; DIMENSIONS];
            for three in text.as_str().unwrap().as_bytes().windows(3) {
                vector[three.iter().map(|byte| usize::from(*byte)).sum::<usize>() % DIMENSIONS] += 1.0;
            }
            json!({"index": index, "embedding": vector.to_vec()})
        })
        .collect();
    json!({"data": data, "usage": {"prompt_tokens": 5, "total_tokens": 5}})
}

async fn openai() -> (MockServer, OpenAi) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Answers).mount(&server).await;
    let openai = OpenAi::new(config(&server)).unwrap();
    (server, openai)
}

#[tokio::test]
async fn a_chat_model_keeps_the_contract_of_its_role() {
    let (_server, openai) = openai().await;
    conformance::chat_model::all(&openai.chat("m")).await;
    let blind = openai.chat("m").with_image_input(false).with_json_schema(false);
    conformance::chat_model::all(&blind).await;
}

#[tokio::test]
async fn an_embedder_keeps_the_contract_of_its_role() {
    let (_server, openai) = openai().await;
    conformance::embedder::all(&openai.embedder("e", DIMENSIONS).unwrap()).await;
}
