//! Every backend that needs no server keeps the contracts of its roles, and so do the fakes.

use keyvisual::{
    backends::local::{
        Compositor, EmbeddedStore, FolderAssets, GrammarPromptWriter, LexicalEmbedder, MeasuringDescriber,
        RedbCampaigns,
    },
    chat::{ChatDecomposer, ChatJudge, ChatPlanner},
    conformance,
    domain::{Image, PixelSize},
    imaging::{Encoding, Picture},
    roles::GenerateRequest,
    testing::{
        FakeChatModel, FakeDecomposer, FakeEmbedder, FakeImageGenerator, FakeJudge, FakePlanner,
        FakePromptWriter, FakeScorer, MemoryAssetStore, MemoryCampaignStore, MemoryVectorStore,
    },
};
use tempfile::tempdir;

/// A picture with something to look at: a bright disc on a ramp.
fn photo() -> Image {
    let picture = Picture::from_fn(PixelSize::new(640, 480), |x, y| {
        let inside = x.abs_diff(400).pow(2) + y.abs_diff(250).pow(2) < 90 * 90;
        if inside { [220, 70, 40, 255] } else { [(x / 4) as u8, (y / 3) as u8, 120, 255] }
    });
    picture.encode(Encoding::Jpeg { quality: 92 }).unwrap()
}

#[tokio::test]
async fn folder_assets() {
    let folder = tempdir().unwrap();
    conformance::asset_store::all(&FolderAssets::open(folder.path()).unwrap()).await;
}

#[tokio::test]
async fn redb_campaigns() {
    let folder = tempdir().unwrap();
    conformance::campaign_store::all(&RedbCampaigns::open(folder.path().join("c.redb")).unwrap()).await;
}

#[tokio::test]
async fn measuring_describer() {
    conformance::describer::all(&MeasuringDescriber::new()).await;
}

#[tokio::test]
async fn lexical_embedder() {
    conformance::embedder::all(&LexicalEmbedder::new()).await;
}

#[tokio::test]
async fn grammar_prompt_writer() {
    conformance::prompt_writer::all(&GrammarPromptWriter::new()).await;
}

#[tokio::test]
async fn chat_roles_that_need_no_sense() {
    conformance::decomposer::all(&ChatDecomposer::new(FakeChatModel::new())).await;
    conformance::judge::all(&ChatJudge::new(FakeChatModel::new())).await;
    conformance::planner::all(&ChatPlanner::new(FakeChatModel::new())).await;
}

#[tokio::test]
async fn compositor() {
    let request = GenerateRequest::new("a cup of coffee at the window", PixelSize::new(320, 200));
    conformance::image_generator::all(&Compositor::new(), request.with_references(vec![photo()])).await;
}

#[tokio::test]
async fn memory_stores() {
    conformance::asset_store::all(&MemoryAssetStore::new()).await;
    conformance::campaign_store::all(&MemoryCampaignStore::new()).await;
    conformance::vector_store::all(async |_name| MemoryVectorStore::new()).await;
}

#[tokio::test]
async fn fake_models() {
    conformance::chat_model::all(&FakeChatModel::new()).await;
    conformance::decomposer::all(&FakeDecomposer::new()).await;
    conformance::embedder::all(&FakeEmbedder::new()).await;
    conformance::judge::all(&FakeJudge::new()).await;
    conformance::planner::all(&FakePlanner::new()).await;
    conformance::prompt_writer::all(&FakePromptWriter::new()).await;
    conformance::scorer::all(&FakeScorer::new()).await;
    let request = GenerateRequest::new("a cup of coffee", PixelSize::new(64, 48));
    conformance::image_generator::all(&FakeImageGenerator::new(), request).await;
}

#[tokio::test]
async fn embedded_store() {
    let folder = tempdir().unwrap();
    conformance::vector_store::all(async |name| EmbeddedStore::open(folder.path().join(name)).await.unwrap())
        .await;
}
