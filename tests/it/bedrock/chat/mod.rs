//! Chat models over `Converse`.

mod answers;
mod bodies;
mod limits;
mod roles;

use keyvisual::{
    backends::bedrock::{Bedrock, BedrockChat, BedrockConfig},
    domain::{Image, PixelSize},
    imaging::{Encoding, Picture},
    roles::*,
};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use super::{FakeBedrock, bedrock, caller};

const PRO: &str = "us.amazon.nova-pro-v1:0";
const TWO_LITE: &str = "us.amazon.nova-2-lite-v1:0";
const CLAUDE: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

/// The model `id` on the shared strict server, for a caller of its own.
async fn model(id: &str) -> (String, BedrockChat) {
    let caller = caller();
    let model = bedrock(&caller).await.chat(id).unwrap();
    (caller, model)
}

/// What `caller` sent, in order.
fn sent(caller: &str) -> Vec<Value> {
    let calls = FakeBedrock::shared().calls(caller);
    let requests = calls["requests"].as_array().unwrap();
    requests.iter().map(|request| request["body"].clone()).collect()
}

/// A server that answers every `Converse` with `answer`, and Nova Pro on it.
async fn answering(answer: Value) -> (MockServer, BedrockChat) {
    let server = MockServer::start().await;
    let response = ResponseTemplate::new(200).set_body_json(answer);
    Mock::given(any()).respond_with(response).mount(&server).await;
    let config = BedrockConfig::new().with_region("us-east-1").with_keys("AKIDEXAMPLE", "secret", None);
    let bedrock = Bedrock::new(config.with_endpoint(server.uri())).await.unwrap();
    (server, bedrock.chat(PRO).unwrap())
}

/// An answer of `Converse` with this content.
fn answer(content: Value, stop: &str) -> Value {
    json!({
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": {"inputTokens": 12, "outputTokens": 7, "totalTokens": 19},
        "metrics": {"latencyMs": 1},
    })
}

fn hello() -> ChatRequest {
    ChatRequest::new(Message::user("Hello"))
}

fn verdict() -> OutputSchema {
    let schema = json!({
        "type": "object", "additionalProperties": false, "required": ["reason", "pass", "a_note"],
        "properties": {"a_note": {"type": "string"}, "pass": {"type": "boolean"}, "reason": {"type": "string"}},
    });
    OutputSchema::new("verdict", schema)
}

fn picture(width: u32, height: u32, encoding: Encoding) -> Image {
    Picture::filled(PixelSize::new(width, height), [200, 90, 40, 255]).encode(encoding).unwrap()
}
