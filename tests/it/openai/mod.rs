//! The OpenAI backend against a server that misbehaves on demand.

mod chat;
mod config;
mod contract;
mod embeddings;
mod faults;
mod images;

use std::time::Duration;

use keyvisual::{
    Error, Result,
    backends::openai::{OpenAi, OpenAiConfig},
    roles::*,
};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

fn config(server: &MockServer) -> OpenAiConfig {
    OpenAiConfig::new(format!("{}/v1", server.uri())).with_key("sk-secret")
}

/// A server that answers everything with `response`.
async fn serve(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn answer(text: &str, finish: &str) -> Value {
    json!({
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19},
    })
}

fn hello() -> ChatRequest {
    ChatRequest::new(Message::user("Hello"))
}

/// What a chat gets from a server that answers with `response`.
async fn chat(response: ResponseTemplate) -> Result<ChatReply> {
    let server = serve(response).await;
    OpenAi::new(config(&server))?.chat("m").chat(hello()).await
}

async fn chat_error(response: ResponseTemplate) -> Error {
    chat(response).await.unwrap_err()
}

/// The body of the one request that `server` saw, as it was sent.
async fn body(server: &MockServer) -> String {
    let requests = server.received_requests().await.unwrap();
    let [request] = requests.as_slice() else { panic!("one request, not {}", requests.len()) };
    String::from_utf8(request.body.clone()).unwrap()
}

const SHORT: Duration = Duration::from_millis(200);
