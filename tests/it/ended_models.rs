//! A pipeline is not built with a model that is gone, unless it is told so.

use keyvisual::{
    CampaignPipeline, CampaignPipelineBuilder, ErrorKind,
    domain::{Card, Lifecycle, Timestamp},
    roles::{ChatCapabilities, MockChatModel},
    testing::{
        ScriptedAssetStore, ScriptedCampaignStore, ScriptedDescriber, ScriptedEmbedder,
        ScriptedImageGenerator, ScriptedPromptWriter, ScriptedVectorStore,
    },
};

fn ends(at: &str) -> Card {
    let replacement = Some("stability.stable-image-core-v1:1".into());
    Card::new("aws.bedrock", "amazon.nova-canvas-v1:0")
        .with_lifecycle(Lifecycle::Ends { at: at.parse().unwrap(), replacement })
}

fn with_generator(card: Card) -> CampaignPipelineBuilder {
    CampaignPipeline::builder()
        .with_describer(ScriptedDescriber::new())
        .with_embedder(ScriptedEmbedder::new())
        .with_vector_store(ScriptedVectorStore::new())
        .with_prompt_writer(ScriptedPromptWriter::new())
        .with_image_generator(ScriptedImageGenerator::new().with_card(card))
        .with_campaign_store(ScriptedCampaignStore::new())
        .with_asset_store(ScriptedAssetStore::new())
}

#[test]
fn a_generator_that_has_ended_is_refused_with_what_to_move_to() {
    let error = with_generator(ends("2026-09-30T00:00:00Z")).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    for part in [
        "amazon.nova-canvas-v1:0",
        "2026-09-30",
        "move to stability.stable-image-core-v1:1",
        "with_ended_models",
    ] {
        assert!(error.message().contains(part), "{error}");
    }
}

#[test]
fn a_model_that_has_ended_is_built_with_when_that_is_asked_for() {
    with_generator(ends("2026-09-30T00:00:00Z")).with_ended_models().build().unwrap();
}

#[test]
fn a_generator_to_fall_back_on_that_has_ended_is_refused_too() {
    let fallback = || ScriptedImageGenerator::new().with_card(ends("2026-09-30T00:00:00Z"));
    let pipeline = || with_generator(Card::new("local", "main")).with_fallback_generator(fallback());
    let error = pipeline().build().unwrap_err();
    assert!(error.message().contains("amazon.nova-canvas-v1:0"), "{error}");
    pipeline().with_ended_models().build().unwrap();
}

#[test]
fn a_model_that_ends_later_is_built_with() {
    let later = Timestamp::from_millis(Timestamp::now().as_millis() + 60_000).unwrap();
    with_generator(ends(&later.to_string())).build().unwrap();
    with_generator(Card::new("aws.bedrock", "amazon.nova-canvas-v1:0")).build().unwrap();
}

#[test]
fn a_chat_model_that_has_ended_is_named_once_for_all_its_roles() {
    let mut chat = MockChatModel::new();
    chat.expect_card().return_const(ends("2026-09-14T00:00:00Z"));
    chat.expect_capabilities().return_const(ChatCapabilities::new());
    let pipeline = CampaignPipeline::builder()
        .with_chat_model(chat)
        .with_embedder(ScriptedEmbedder::new())
        .with_vector_store(ScriptedVectorStore::new())
        .with_image_generator(ScriptedImageGenerator::new())
        .with_campaign_store(ScriptedCampaignStore::new())
        .with_asset_store(ScriptedAssetStore::new());
    let error = pipeline.build().unwrap_err();
    assert_eq!(error.message().matches("amazon.nova-canvas-v1:0").count(), 1, "{error}");
}
