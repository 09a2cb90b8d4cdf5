//! Faults, latency, limits and counters.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, png, tool, turn};

const LITE: &str = "us.amazon.nova-lite-v1:0";

fn hello() -> Value {
    json!({ "messages": [turn("hello", &[])] })
}

#[test]
fn planned_errors_have_their_documented_form() {
    let client = Client::new("us-east-1");
    let errors = [
        ("throttle", 429, "ThrottlingException"),
        ("not_ready", 429, "ModelNotReadyException"),
        ("unavailable", 503, "ServiceUnavailableException"),
        ("internal", 500, "InternalServerException"),
        ("timeout", 408, "ModelTimeoutException"),
        ("model_error", 424, "ModelErrorException"),
        ("quota", 400, "ServiceQuotaExceededException"),
        ("access_denied", 403, "AccessDeniedException"),
        ("marketplace", 403, "AccessDeniedException"),
        ("dead_model", 404, "ResourceNotFoundException"),
        ("dead_model_400", 400, "ValidationException"),
        ("expired_token", 403, "ExpiredTokenException"),
    ];
    client.admin("faults", &json!(errors.map(|(fault, ..)| fault)));
    for (_, status, kind) in errors {
        client.converse(LITE, &hello()).refused(status, kind, "");
    }
    client.converse(LITE, &hello()).ok();
    let calls = client.calls();
    assert_eq!(
        (&calls["calls"], &calls["statuses"]["429"], &calls["statuses"]["200"]),
        (&json!(13), &json!(2), &json!(1))
    );
}

#[test]
fn an_error_may_say_when_to_come_back() {
    let client = Client::new("us-east-1");
    client.admin("faults", &json!([{ "retry_after_ms": 50, "fault": "throttle" }, "model_error"]));
    assert_eq!(client.converse(LITE, &hello()).header("x-amz-retry-after"), Some("50"));
    let error = client.converse(LITE, &hello()).json();
    assert_eq!((&error["originalStatusCode"], &error["resourceName"]), (&json!(500), &json!(LITE)));
}

#[test]
fn replies_break_on_the_wire_as_planned() {
    let client = Client::new("us-east-1");
    client.admin("faults", &json!(["cut", "half_json", "wrong_shape", "none"]));
    let cut = client.converse(LITE, &hello());
    assert!(!cut.whole && !cut.body.is_empty());
    let half = client.converse(LITE, &hello());
    assert!(half.whole && serde_json::from_slice::<Value>(&half.body).is_err());
    assert_eq!(client.converse(LITE, &hello()).ok()["output"], Value::Null);
    assert_eq!(client.converse(LITE, &hello()).ok()["stopReason"], "end_turn");
}

#[test]
fn a_stalled_reply_stays_half() {
    let client = Client::new("us-east-1");
    client.admin("faults", &json!(["stall"]));
    let patience = Duration::from_millis(300);
    let before = Instant::now();
    let reply = Client { patience, ..client }.converse(LITE, &hello());
    assert!(reply.status == 200 && !reply.whole && !reply.body.is_empty());
    assert!(before.elapsed() >= patience, "the connection stays open");
}

#[test]
fn a_conversation_stops_for_the_planned_reason() {
    let client = Client::new("us-east-1");
    let reasons = [
        ("max_tokens", "max_tokens"),
        ("text_instead_of_tool", "end_turn"),
        ("malformed_tool_use", "malformed_tool_use"),
        ("content_filtered", "content_filtered"),
        ("guardrail", "guardrail_intervened"),
        ("none", "tool_use"),
    ];
    client.admin("faults", &json!(reasons.map(|(fault, _)| fault)));
    let schema = json!({ "type": "object", "properties": { "description": { "type": "string" } } });
    let body = json!({ "messages": [turn("A mug at the window", &[])], "toolConfig": tool(&schema) });
    for (_, reason) in reasons {
        assert_eq!(client.converse(LITE, &body).ok()["stopReason"], reason);
    }
}

#[test]
fn filters_answer_in_the_way_of_each_family() {
    let client = Client::new("us-west-2");
    client.admin("faults", &json!(["filtered_prompt", "filtered_output", "filtered_input"]));
    for reason in ["prompt", "output image", "input image"] {
        let reply = client.invoke("stability.stable-image-core-v1:1", &json!({ "prompt": "A mug" })).ok();
        assert_eq!(reply, json!({ "finish_reasons": [format!("Filter reason: {reason}")] }));
    }
    let client = Client::new("us-east-1");
    client.admin("private", &json!(true));
    client.admin(
        "faults",
        &json!(["filtered_prompt", "filtered_input", "filtered_output", "filtered_prompt", "filtered_input"]),
    );
    let make = json!({ "taskType": "TEXT_IMAGE", "textToImageParams": { "text": "A mug" },
        "imageGenerationConfig": { "width": 320, "height": 320, "numberOfImages": 3 } });
    let canvas = || client.invoke("amazon.nova-canvas-v1:0", &make);
    canvas().refused(400, "ValidationException", "Please adjust your text prompt to submit a new request.");
    canvas().refused(400, "ValidationException", "Please adjust your input image to submit a new request.");
    let some = canvas().ok();
    assert_eq!(some["images"].as_array().unwrap().len(), 2);
    assert_eq!(some["error"], "Some of the generated images have been blocked by our content filters.");
    client.converse(LITE, &hello()).refused(400, "ValidationException", "blocked by our content filters");
    let embed = client.invoke("amazon.titan-embed-image-v1", &json!({ "inputText": "a" })).ok();
    assert!(embed["embedding"].is_null() && embed["message"].is_string());
}

#[test]
fn a_plan_without_meaning_is_said_so() {
    let client = Client::new("us-east-1");
    client.admin("faults", &json!(["guardrail"]));
    let embed = client.invoke("amazon.titan-embed-image-v1", &json!({ "inputText": "a" }));
    embed.refused(400, "ValidationException", "the fault Guardrail has no meaning");
    let reply = client.send("PUT", "/_fake/x/faults", &[], r#"["trottle"]"#);
    assert!(
        reply.status == 400
            && reply.json()["message"].as_str().unwrap().contains("unknown variant `trottle`")
    );
}

#[test]
fn calls_take_as_long_as_told() {
    let client = Client::new("us-east-1");
    client.admin("latency", &json!({ "converse": 60 }));
    client.admin("faults", &json!(["none", { "slow_ms": 60 }]));
    for least in [60, 120] {
        let before = Instant::now();
        client.converse(LITE, &hello()).ok();
        assert!(before.elapsed() >= Duration::from_millis(least), "{:?}", before.elapsed());
    }
}

#[test]
fn calls_beyond_the_limit_are_throttled() {
    let client = Client::new("us-east-1");
    client.admin("limits", &json!({ "amazon.nova-lite-v1:0": 2 }));
    for _ in 0..2 {
        client.converse(LITE, &hello()).ok();
    }
    client.converse(LITE, &hello()).refused(429, "ThrottlingException", "Too many requests");
    client.converse("us.amazon.nova-pro-v1:0", &hello()).ok();
}

#[test]
fn tokens_pictures_and_money_are_counted() {
    let client = Client::new("us-west-2");
    client.invoke("stability.stable-image-core-v1:1", &json!({ "prompt": "A mug" })).ok();
    client.invoke("us.stability.stable-outpaint-v1:0", &json!({ "image": png(80, 80), "left": 8 })).ok();
    let embedded =
        client.invoke("amazon.titan-embed-image-v1", &json!({ "inputText": "a mug on the table" }));
    assert_eq!(embedded.header("x-amzn-bedrock-input-token-count"), Some("5"));
    let said = client.converse(LITE, &hello()).ok();
    let (input, output) =
        (said["usage"]["inputTokens"].as_u64().unwrap(), said["usage"]["outputTokens"].as_u64().unwrap());
    let calls = client.calls();
    assert_eq!((&calls["pictures"], &calls["input_tokens"]), (&json!(2), &json!(input + 5)));
    let usd = 0.04 + 0.06 + 5.0 * 0.0008 / 1e3 + (input as f64 * 0.00006 + output as f64 * 0.00024) / 1e3;
    assert!((calls["usd"].as_f64().unwrap() - usd).abs() < 1e-8, "{} {usd}", calls["usd"]);
    let asked = &calls["requests"][0];
    assert_eq!(
        (&asked["operation"], &asked["region"], &asked["body"]["prompt"]),
        (&json!("invoke"), &json!("us-west-2"), &json!("A mug"))
    );
}

#[test]
fn a_global_profile_has_prices_of_its_own() {
    let [one, other] = ["us", "global"].map(|profile| {
        let client = Client::new("us-west-2");
        client.converse(&format!("{profile}.amazon.nova-2-lite-v1:0"), &hello()).ok();
        client.calls()["usd"].as_f64().unwrap()
    });
    assert!((one / other - 1.1).abs() < 1e-4, "{one} {other}");
}

#[test]
fn many_callers_are_served_at_once() {
    let client = Client::new("us-east-1");
    client.admin("latency", &json!({ "invoke": 400 }));
    std::thread::scope(|scope| {
        for number in 0..64 {
            let client = &client;
            scope.spawn(move || {
                client
                    .invoke("amazon.titan-embed-image-v1", &json!({ "inputText": format!("mug {number}") }))
                    .ok()
            });
        }
    });
    assert_eq!(client.calls()["peak_in_flight"], 64);
}
