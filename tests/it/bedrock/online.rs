//! The lists of models and profiles, and where the registry differs from them.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_bedrockruntime::config::{Credentials, SharedCredentialsProvider};
use keyvisual::backends::bedrock::{Bedrock, BedrockConfig, Registry};
use serde_json::json;

use super::{FakeBedrock, SECRET, bedrock_in, caller};

#[tokio::test]
async fn the_configuration_of_an_application_s_own_sdk_is_enough() {
    let keys = Credentials::new(caller(), SECRET, None, None, "vault of the team");
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-west-2"))
        .endpoint_url(FakeBedrock::shared().url())
        .credentials_provider(SharedCredentialsProvider::new(keys));
    let bedrock = Bedrock::from_sdk(&sdk.build(), BedrockConfig::new()).unwrap();
    assert_eq!(bedrock.region(), "us-west-2");
    assert_eq!(bedrock.credentials_source().await.unwrap(), "the standard chain: vault of the team");
    assert!(!bedrock.models_online().await.unwrap().models.is_empty());
}

#[tokio::test]
async fn the_lists_agree_with_the_registry() {
    for region in ["us-west-2", "us-east-1", "eu-west-1"] {
        let online = bedrock_in(&caller(), region).await.models_online().await.unwrap();
        assert!(!online.models.is_empty(), "{region}");
        let differences = online.differences(&Registry::builtin().unwrap(), region);
        assert_eq!(differences, Vec::<String>::new(), "{region}");
    }
}

#[tokio::test]
async fn what_the_registry_has_otherwise_is_named() {
    let online = bedrock_in(&caller(), "us-west-2").await.models_online().await.unwrap();
    assert!(online.profiles.iter().any(|profile| profile.id == "us.amazon.nova-pro-v1:0"));
    for (change, words) in [
        (json!({"id": "stability.stable-image-core-v1:1", "regions": ["eu-west-1"]}), "served in us-west-2"),
        (json!({"id": "amazon.nova-pro-v1:0", "profiles": {"us": null}}), "a profile \"us.\""),
        (json!({"id": "amazon.nova-lite-v1:0", "profiles": {"jp": ["us-west-2"]}}), "\"jp.\" is not listed"),
        (
            json!({"id": "amazon.nova-2-multimodal-embeddings-v1:0", "regions": ["us-west-2"]}),
            "not listed in us-west-2",
        ),
    ] {
        let overrides = json!({"models": [change]}).to_string();
        let registry = Registry::builtin().unwrap().with_overrides(&overrides).unwrap();
        let differences = online.differences(&registry, "us-west-2");
        assert!(differences.iter().any(|line| line.contains(words)), "{words}: {differences:?}");
    }
}
