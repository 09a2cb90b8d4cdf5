//! One test per fault, through the door: is it tried again, how often, and what does the error say.

use std::time::{Duration, Instant};

use keyvisual::{
    BlockedStage, CampaignPipeline, Error, ErrorKind, Result,
    backends::bedrock::{Bedrock, BedrockConfig},
    calls::{Door, Policy},
    domain::PixelSize,
    roles::*,
};
use serde_json::{Value, json};

use super::{FakeBedrock, bedrock, bedrock_in, caller, config};

const CHAT: &str = "us.amazon.nova-pro-v1:0";
const EMBEDDER: &str = "amazon.titan-embed-image-v1";
const GENERATOR: &str = "stability.stable-image-core-v1:1";
const SHORT: Duration = Duration::from_millis(100);

/// Three attempts with next to no wait between them.
fn door() -> Door {
    let wait = Duration::from_millis(1);
    Door::new(Policy::default().with_attempts(3).with_waits(wait, wait))
}

async fn chat(bedrock: &Bedrock) -> Result<()> {
    let model = door().guard(bedrock.chat(CHAT)?);
    model.chat(ChatRequest::new(Message::user("Hello"))).await.map(drop)
}

async fn embed(bedrock: &Bedrock) -> Result<()> {
    let embedder = door().guard(bedrock.embedder(EMBEDDER)?);
    let request = EmbedRequest::new(vec![EmbedInput::Text("a red bicycle".into())], Purpose::Index);
    embedder.embed(request).await?.results.remove(0).map(drop)
}

async fn generate(bedrock: &Bedrock) -> Result<()> {
    let generator = door().guard(bedrock.generator(GENERATOR)?);
    let request = GenerateRequest::new("a red bicycle", PixelSize::new(1024, 1024));
    generator.generate(request).await.map(drop)
}

/// How many requests of `caller` reached the server.
fn requests(caller: &str) -> u64 {
    FakeBedrock::shared().calls(caller)["calls"].as_u64().unwrap()
}

/// Lets every role meet `faults`: the results with the requests each needed.
async fn meet(faults: &Value, change: impl Fn(BedrockConfig) -> BedrockConfig) -> Vec<(Result<()>, u64)> {
    let mut met = Vec::new();
    for role in 0..3 {
        let caller = caller();
        FakeBedrock::shared().set_faults(&caller, faults.clone());
        let bedrock = Bedrock::new(change(config(&caller))).await.unwrap();
        let result = match role {
            0 => chat(&bedrock).await,
            1 => embed(&bedrock).await,
            _ => generate(&bedrock).await,
        };
        met.push((result, requests(&caller)));
    }
    met
}

/// Every call fails by `fault`: all roles say the same, after `attempts` requests.
async fn check(fault: Value, kind: ErrorKind, attempts: u64, words: &str) {
    check_with(fault, kind, attempts, words, |config| config).await;
}

async fn check_with(
    fault: Value,
    kind: ErrorKind,
    attempts: u64,
    words: &str,
    change: impl Fn(BedrockConfig) -> BedrockConfig,
) {
    for (result, requests) in meet(&json!([fault, fault, fault]), change).await {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), requests), (kind, attempts), "{fault}: {error}");
        assert_eq!((error.is_transient(), error.was_sent()), (attempts > 1, true), "{fault}: {error}");
        assert!(error.message().contains(words), "{fault}: {error}");
        assert!(error.context("model").is_some() && error.context("region") == Some("us-west-2"), "{error}");
    }
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for (fault, kind, words) in [
        ("throttle", ErrorKind::RateLimited, "a minute"),
        ("not_ready", ErrorKind::RateLimited, "made ready"),
        ("unavailable", ErrorKind::Unavailable, "no capacity"),
        ("internal", ErrorKind::Unavailable, "Bedrock failed"),
        ("timeout", ErrorKind::Timeout, "took too long"),
        ("model_error", ErrorKind::Unavailable, "the model failed"),
        ("cut", ErrorKind::Unavailable, "connection broke"),
    ] {
        check(json!(fault), kind, 3, words).await;
        for (result, requests) in meet(&json!([fault, "none"]), |config| config).await {
            result.unwrap();
            assert_eq!(requests, 2, "{fault}");
        }
    }
}

#[tokio::test]
async fn what_lasts_is_not_tried_again_and_says_what_to_do() {
    for (fault, kind, words) in [
        ("quota", ErrorKind::PermissionDenied, "Service Quotas"),
        ("access_denied", ErrorKind::PermissionDenied, "allow bedrock:InvokeModel"),
        ("marketplace", ErrorKind::PermissionDenied, "agreement"),
        ("dead_model", ErrorKind::NotFound, "the model has ended"),
        ("dead_model_400", ErrorKind::NotFound, "does not know this"),
        ("expired_token", ErrorKind::Unauthenticated, "aws sso login"),
    ] {
        check(json!(fault), kind, 1, words).await;
    }
}

#[tokio::test]
async fn half_json_is_an_invalid_reply() {
    for (result, requests) in meet(&json!(["half_json"]), |config| config).await {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.was_sent(), requests), (ErrorKind::InvalidReply, true, 1), "{error}");
    }
}

#[tokio::test]
async fn a_slow_answer_ends_at_the_read_timeout() {
    let slow = json!({"slow_ms": 20_000});
    check_with(slow, ErrorKind::Timeout, 3, "read timeout", |config| config.with_read_timeout(SHORT)).await;
}

#[tokio::test]
async fn an_answer_that_stalls_ends_at_the_stall_timeout() {
    let change = |config: BedrockConfig| config.with_stall_timeout(SHORT);
    check_with(json!("stall"), ErrorKind::Timeout, 3, "stopped in the middle", change).await;
}

#[tokio::test]
async fn an_answer_slower_than_a_stall_may_be_is_waited_for() {
    let slow = json!([{"slow_ms": 400}]);
    for (result, requests) in meet(&slow, |config| config.with_stall_timeout(SHORT)).await {
        result.unwrap();
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn the_wait_bedrock_asks_for_is_kept() {
    let faults = json!([{"fault": "throttle", "retry_after_ms": 300}]);
    let caller = caller();
    FakeBedrock::shared().set_faults(&caller, faults);
    let began = Instant::now();
    chat(&bedrock(&caller).await).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(300));
    assert_eq!(requests(&caller), 2);
}

/// The error of a chat that meets `fault`.
async fn refused(fault: &str) -> Error {
    let caller = caller();
    FakeBedrock::shared().set_faults(&caller, json!([fault]));
    let error = chat(&bedrock(&caller).await).await.unwrap_err();
    assert_eq!(requests(&caller), 1, "a refusal is not tried again");
    error
}

#[tokio::test]
async fn a_content_filter_says_where_it_refused() {
    for (fault, stage) in
        [("filtered_prompt", BlockedStage::Prompt), ("filtered_input", BlockedStage::InputImage)]
    {
        let error = refused(fault).await;
        assert_eq!(error.kind(), ErrorKind::Blocked, "{error}");
        let blocked = error.blocked().unwrap();
        assert_eq!((blocked.stage, blocked.charged), (stage, None));
        assert!(blocked.reason.contains("content filters"), "{error}");
        assert!(error.was_sent() && error.context("request_id").is_some(), "{error}");
    }
}

#[tokio::test]
async fn wrong_credentials_are_named_as_such() {
    let caller = caller();
    let wrong_key = config(&caller).with_keys(&caller, "not-the-secret", None);
    let wrong_token = config(&caller).with_bearer_token("not-a-token");
    for config in [wrong_key, wrong_token] {
        let error = chat(&Bedrock::new(config).await.unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated, "{error}");
        assert!(error.message().contains("does not accept"), "{error}");
        assert!(!format!("{error:?}").contains("not-a-token"), "{error:?}");
    }
}

#[tokio::test]
async fn a_bearer_token_is_enough() {
    let caller = caller();
    let token = super::fake_bedrock::bearer_token(&caller);
    let bedrock =
        Bedrock::new(config(&caller).with_region("us-east-1").with_bearer_token(token)).await.unwrap();
    chat(&bedrock).await.unwrap();
    assert_eq!(requests(&caller), 1);
}

/// The registry as it would be if it knew less.
fn unchecked(id: &str) -> BedrockConfig {
    let overrides = json!({"models": [{"id": id, "more_regions": true}]}).to_string();
    let registry =
        keyvisual::backends::bedrock::Registry::builtin().unwrap().with_overrides(&overrides).unwrap();
    config(&caller()).with_registry(registry)
}

async fn generate_error(config: BedrockConfig, id: &str) -> Error {
    let generator = Bedrock::new(config).await.unwrap().generator(id).unwrap();
    let request = GenerateRequest::new("a red bicycle", PixelSize::new(1024, 1024));
    generator.generate(request).await.unwrap_err()
}

#[tokio::test]
async fn a_wrong_region_is_refused_before_the_network_or_explained_after_it() {
    let caller = caller();
    let error = bedrock_in(&caller, "eu-west-1").await.generator(GENERATOR).unwrap_err();
    assert_eq!((error.kind(), error.was_sent(), requests(&caller)), (ErrorKind::InvalidInput, false, 0));
    assert!(error.message().contains("us-west-2"), "{error}");

    let error = generate_error(unchecked(GENERATOR).with_region("eu-west-1"), GENERATOR).await;
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::NotFound, true), "{error}");
    assert!(error.message().contains("it is served in us-west-2"), "{error}");
}

#[tokio::test]
async fn a_model_that_needs_a_profile_names_it() {
    let bare = "amazon.nova-2-lite-v1:0";
    let error = bedrock(&caller()).await.chat(bare).unwrap_err();
    assert!(!error.was_sent() && error.message().contains("\"us.amazon.nova-2-lite-v1:0\""), "{error}");

    let model = Bedrock::new(unchecked(bare)).await.unwrap().chat(bare).unwrap();
    let error = model.chat(ChatRequest::new(Message::user("Hello"))).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidInput, true), "{error}");
    assert!(error.message().contains("\"us.amazon.nova-2-lite-v1:0\""), "{error}");
}

#[tokio::test]
async fn a_dead_model_says_what_to_move_to() {
    let error = generate_error(config(&caller()).with_region("us-east-1"), "amazon.nova-canvas-v1:0").await;
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::NotFound, false), "{error}");
    assert!(error.message().contains("move to stability.stable-image-core-v1:1"), "{error}");
}

#[tokio::test]
async fn a_pipeline_is_not_built_with_a_dead_model() {
    let folder = tempfile::tempdir().unwrap();
    let canvas = bedrock_in(&caller(), "us-east-1").await.generator("amazon.nova-canvas-v1:0").unwrap();
    let pipeline =
        || CampaignPipeline::builder().with_image_generator(canvas.clone()).with_folder(folder.path());
    let error = pipeline().build().unwrap_err();
    assert!(error.message().contains("move to stability.stable-image-core-v1:1"), "{error}");
    pipeline().with_ended_models().build().unwrap();
}

#[tokio::test]
async fn an_unknown_model_says_what_to_check() {
    let model = bedrock(&caller()).await.chat("maker.unheard-of-v1:0").unwrap();
    let error = model.chat(ChatRequest::new(Message::user("Hello"))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(error.message().contains("check the id and the region"), "{error}");
}
