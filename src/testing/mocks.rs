//! The mocks, with card and capabilities already set.

use super::*;
use crate::domain::EmbeddingSpace;
use crate::roles::{
    AssetStore, CampaignStore, ChatModel, Decomposer, Describer, Embedder, ImageGenerator, Judge, Planner,
    PromptWriter, Scorer, VectorStore,
};
pub use crate::roles::{
    MockAssetStore, MockCampaignStore, MockChatModel, MockDecomposer, MockDescriber, MockEmbedder,
    MockImageGenerator, MockJudge, MockPlanner, MockPromptWriter, MockScorer, MockVectorStore,
};

macro_rules! presets {
    ($($preset:ident -> $mock:ident of $fake:ident as $role:ident;)+) => {$(
        #[doc = concat!("A [`", stringify!($mock), "`] with the card and the capabilities of [`", stringify!($fake), "`].")]
        #[must_use]
        pub fn $preset() -> $mock {
            let fake = $fake::new();
            let mut mock = $mock::new();
            mock.expect_card().return_const($role::card(&fake).clone());
            mock.expect_capabilities().return_const($role::capabilities(&fake).clone());
            mock
        }
    )+};
}

presets! {
    mock_asset_store -> MockAssetStore of MemoryAssetStore as AssetStore;
    mock_campaign_store -> MockCampaignStore of MemoryCampaignStore as CampaignStore;
    mock_chat_model -> MockChatModel of FakeChatModel as ChatModel;
    mock_decomposer -> MockDecomposer of FakeDecomposer as Decomposer;
    mock_describer -> MockDescriber of FakeDescriber as Describer;
    mock_image_generator -> MockImageGenerator of FakeImageGenerator as ImageGenerator;
    mock_judge -> MockJudge of FakeJudge as Judge;
    mock_planner -> MockPlanner of FakePlanner as Planner;
    mock_prompt_writer -> MockPromptWriter of FakePromptWriter as PromptWriter;
    mock_scorer -> MockScorer of FakeScorer as Scorer;
    mock_vector_store -> MockVectorStore of MemoryVectorStore as VectorStore;
}

/// A [`MockEmbedder`] of `space`, with the card and the other capabilities of [`FakeEmbedder`].
#[must_use]
pub fn mock_embedder(space: EmbeddingSpace) -> MockEmbedder {
    let fake = FakeEmbedder::of(space);
    let mut mock = MockEmbedder::new();
    mock.expect_card().return_const(fake.card().clone());
    mock.expect_capabilities().return_const(fake.capabilities().clone());
    mock
}
