//! Which model is served where, when and to whom.

use fake_bedrock::Settings;
use serde_json::{Value, json};

use crate::client::{Client, serve, turn};

fn hello() -> Value {
    json!({ "messages": [turn("hello", &[])] })
}

#[test]
fn ids_profiles_and_arns_name_a_model() {
    for (region, id) in [
        ("us-east-1", "amazon.nova-pro-v1:0"),
        ("us-west-2", "us.amazon.nova-pro-v1:0"),
        ("eu-central-1", "eu.amazon.nova-lite-v1:0"),
        ("ap-southeast-2", "apac.amazon.nova-lite-v1:0"),
        ("ap-northeast-1", "jp.amazon.nova-2-lite-v1:0"),
        ("sa-east-1", "global.amazon.nova-2-lite-v1:0"),
        ("us-east-1", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"),
        ("us-west-2", "arn:aws:bedrock:us-west-2:111122223333:inference-profile/us.amazon.nova-pro-v1:0"),
        ("us-east-1", "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6"),
        ("eu-west-3", "arn:aws:bedrock:eu-west-3:111122223333:application-inference-profile/a1b2c3d4e5f6"),
    ] {
        Client::new(region).converse(id, &hello()).ok();
    }
}

#[test]
fn a_model_that_is_not_served_here_is_refused() {
    const INVALID: &str = "The provided model identifier is invalid.";
    for (region, id, words) in [
        ("us-east-1", "amazon.nova-ultra-v1:0", INVALID),
        ("ap-south-1", "amazon.nova-pro-v1:0", INVALID),
        ("eu-west-1", "us.amazon.nova-pro-v1:0", INVALID),
        ("us-east-1", "global.amazon.nova-pro-v1:0", INVALID),
        (
            "us-west-2",
            "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-pro-v1:0",
            INVALID,
        ),
        ("us-east-1", "amazon.nova-2-lite-v1:0", "on-demand throughput isn’t supported"),
        ("us-east-1", "amazon.titan-embed-image-v1", "This action doesn't support the model"),
    ] {
        Client::new(region).converse(id, &hello()).refused(400, "ValidationException", words);
    }
    let services = Client::new("us-west-1").invoke("us.stability.stable-fast-upscale-v1:0", &json!({}));
    services.refused(400, "ValidationException", INVALID);
}

#[test]
fn the_end_of_a_life_is_that_of_the_clock() {
    let generate = json!({ "taskType": "TEXT_IMAGE", "textToImageParams": { "text": "A mug" },
        "imageGenerationConfig": { "width": 320, "height": 320 } });
    let canvas = |client: &Client| client.invoke("amazon.nova-canvas-v1:0", &generate);
    let client = Client::new("us-east-1");
    canvas(&client).refused(404, "ResourceNotFoundException", "reached the end of its life");
    client.converse("us.amazon.nova-premier-v1:0", &hello()).refused(
        404,
        "ResourceNotFoundException",
        "end of its life",
    );

    let before = serve(Settings::new().with_now(jiff::civil::date(2026, 9, 29)));
    canvas(&Client { address: before, ..Client::new("us-east-1") }).ok();
    let private = serve(Settings::new().with_private_access(true));
    canvas(&Client { address: private, ..Client::new("us-east-1") }).ok();

    client.admin("private", &json!(true));
    canvas(&client).ok();
}

#[test]
fn the_lists_have_what_the_region_serves() {
    let listed = |region| {
        let list = Client::new(region).get("/foundation-models").ok();
        let ids =
            list["modelSummaries"].as_array().unwrap().iter().map(|model| model["modelId"].as_str().unwrap());
        ids.map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(listed("us-west-2").contains(&"stability.stable-image-core-v1:1".into()));
    assert_eq!(
        listed("ca-central-1"),
        [
            "amazon.nova-2-lite-v1:0",
            "anthropic.claude-sonnet-4-5-20250929-v1:0",
            "amazon.titan-embed-image-v1"
        ]
    );
    let one = Client::new("us-east-1").get("/foundation-models/amazon.titan-embed-image-v1").ok();
    assert_eq!(one["modelDetails"]["outputModalities"], json!(["EMBEDDING"]));
    assert_eq!(one["modelDetails"]["inferenceTypesSupported"], json!(["ON_DEMAND"]));
    let gone = Client::new("us-east-1").get("/foundation-models/amazon.nova-canvas-v1%3A0");
    gone.refused(404, "ResourceNotFoundException", "invalid");
    let profiles = Client::new("eu-west-1").get("/inference-profiles").ok();
    let profiles = profiles["inferenceProfileSummaries"].as_array().unwrap();
    let ids: Vec<_> =
        profiles.iter().map(|profile| profile["inferenceProfileId"].as_str().unwrap()).collect();
    assert!(ids.contains(&"eu.amazon.nova-pro-v1:0") && !ids.contains(&"us.amazon.nova-pro-v1:0"), "{ids:?}");
}

#[test]
fn a_legacy_model_says_when_it_ends() {
    let address = serve(Settings::new().with_now(jiff::civil::date(2026, 5, 1)));
    let client = Client { address, ..Client::new("us-east-1") };
    let canvas = client.get("/foundation-models/amazon.nova-canvas-v1%3A0").ok();
    let lifecycle = &canvas["modelDetails"]["modelLifecycle"];
    assert_eq!(
        (&lifecycle["status"], &lifecycle["endOfLifeTime"]),
        (&json!("LEGACY"), &json!("2026-09-30T00:00:00Z"))
    );
}
