//! What is sent.

use keyvisual::{
    backends::bedrock::{BedrockChat, Reasoning, registry::Tier},
    imaging::Encoding,
    roles::*,
};
use serde_json::{Value, json};

use super::{super::dot, CLAUDE, PRO, TWO_LITE, answer, answering, hello, model, picture, sent, verdict};

/// The body with which the strict server was asked, and answered.
async fn body(id: &str, set: impl FnOnce(BedrockChat) -> BedrockChat, request: ChatRequest) -> Value {
    let (caller, model) = model(id).await;
    set(model).chat(request).await.unwrap();
    let [body] = sent(&caller).try_into().unwrap();
    body
}

fn judge() -> ChatRequest {
    ChatRequest::new(Message::user("Does it pass?").with_image(dot()))
        .with_system("You judge pictures.")
        .with_schema(verdict())
        .with_max_tokens(300)
        .with_temperature(0.0)
}

#[tokio::test]
async fn nova_is_forced_by_a_tool_and_takes_the_likeliest_token_at_temperature_0() {
    insta::assert_json_snapshot!(body(PRO, |model| model, judge()).await);
}

#[tokio::test]
async fn nova_draws_its_words_at_any_other_temperature() {
    let body = body(PRO, |model| model, judge().with_temperature(0.5)).await;
    assert_eq!(body["inferenceConfig"]["temperature"], 0.5);
    assert!(body["additionalModelRequestFields"].is_null());
}

#[tokio::test]
async fn nova_2_is_told_how_much_to_reason() {
    let request = judge().with_temperature(0.7);
    insta::assert_json_snapshot!(
        body(TWO_LITE, |model| model.with_reasoning(Reasoning::Medium), request).await
    );
}

#[tokio::test]
async fn a_model_of_another_family_gets_the_fields_of_converse_only() {
    insta::assert_json_snapshot!(body(CLAUDE, |model| model, judge()).await);
}

#[tokio::test]
async fn a_plain_request_is_sent_without_optional_fields() {
    insta::assert_json_snapshot!(body(PRO, |model| model, hello()).await, @r#"
    {
      "inferenceConfig": {
        "maxTokens": 1024
      },
      "messages": [
        {
          "content": [
            {
              "text": "Hello"
            }
          ],
          "role": "user"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn settings_of_the_application_go_along() {
    let set = |model: BedrockChat| {
        model
            .with_service_tier(Tier::Flex)
            .with_guardrail("gr1234567890", "DRAFT")
            .with_request_metadata("team", "brand")
            .with_prompt_cache(true)
    };
    let body = body(PRO, set, hello().with_system("You are brief.")).await;
    let settings = ["serviceTier", "guardrailConfig", "requestMetadata", "system"].map(|name| &body[name]);
    let expected = [
        &json!({"type": "flex"}),
        &json!({"guardrailIdentifier": "gr1234567890", "guardrailVersion": "DRAFT"}),
        &json!({"team": "brand"}),
        &json!([{"text": "You are brief."}, {"cachePoint": {"type": "default"}}]),
    ];
    assert_eq!(settings, expected);
}

/// In the words of a message, each picture by its format: `[jpeg]`.
fn read(message: &Value) -> String {
    let blocks = message["content"].as_array().unwrap().iter();
    let words = blocks.map(|block| match block["text"].as_str() {
        Some(text) => text.to_owned(),
        None => format!("[{}]", block["image"]["format"].as_str().unwrap()),
    });
    words.collect::<Vec<_>>().join(" | ")
}

#[tokio::test]
async fn pictures_go_before_the_text_with_a_label_each() {
    let formats = [Encoding::Png, Encoding::Jpeg { quality: 80 }, Encoding::WebP];
    let [png, jpeg, webp] = formats.map(|encoding| picture(4, 4, encoding));
    let parts = |parts: Vec<Part>| {
        let mut message = Message::user("");
        message.parts = parts;
        ChatRequest::new(message)
    };
    let say = |text: &str| Part::Text(text.into());
    for (request, expected) in [
        (parts(vec![say("What?"), Part::Image(jpeg.clone())]), "[jpeg] | What?"),
        (
            parts(vec![say("Alike?"), Part::Image(png.clone()), Part::Image(webp.clone())]),
            "Image 1: | [png] | Image 2: | [webp] | Alike?",
        ),
        (
            parts(vec![say("Before:"), Part::Image(png.clone()), say("After:"), Part::Image(jpeg.clone())]),
            "Before: | [png] | After: | [jpeg]",
        ),
    ] {
        assert_eq!(read(&body(PRO, |model| model, request).await["messages"][0]), expected);
    }
    let conversation =
        ChatRequest::new(Message::user("One").with_image(png.clone()).with_image(jpeg.clone()))
            .with_message(Message::assistant("I see"))
            .with_message(Message::user("Two").with_image(webp).with_image(png));
    let body = body(PRO, |model| model, conversation).await;
    assert_eq!(read(&body["messages"][2]), "Image 3: | [webp] | Image 4: | [png] | Two");
}

/// Models fill the fields in the order they stand in, and the SDK's own type for a schema has none.
#[tokio::test]
async fn fields_of_the_forced_tool_are_sent_in_the_order_of_required_every_time() {
    let (server, model) = answering(answer(json!([{"text": "{}"}]), "end_turn")).await;
    for _ in 0..5 {
        model.chat(hello().with_schema(verdict())).await.unwrap();
    }
    for request in server.received_requests().await.unwrap() {
        let body = String::from_utf8(request.body).unwrap();
        let fields = r#""properties":{"reason":{"type":"string"},"pass":{"type":"boolean"},"a_note":{"type":"string"}}"#;
        assert!(body.contains(fields), "{body}");
    }
}
