//! What goes wrong in the published systems and must not here; `docs/source-systems.md` names each test.

use futures_util::StreamExt;
use keyvisual::{
    CampaignPipeline, CampaignPipelineBuilder, Error, ErrorKind, Generate, LibraryItem, Search,
    backends::local::EmbeddedStore,
    domain::{Brief, Image, Kpi, KpiOrigin, Metric, PixelSize},
    imaging::{Encoding, Picture as Pixels},
    roles::{Caption, GenerateReply, GeneratorCapabilities, Picture, Sizes, WriteRequest},
    testing::{
        FakeImageGenerator, Scripted, ScriptedAssetStore, ScriptedCampaignStore, ScriptedDescriber,
        ScriptedEmbedder, ScriptedImageGenerator, ScriptedPromptWriter, ScriptedVectorStore,
    },
};

const SIZE: PixelSize = PixelSize::new(8, 8);

fn builder() -> CampaignPipelineBuilder {
    CampaignPipeline::builder()
        .with_describer(ScriptedDescriber::new())
        .with_embedder(ScriptedEmbedder::new())
        .with_vector_store(ScriptedVectorStore::new())
        .with_prompt_writer(ScriptedPromptWriter::new())
        .with_image_generator(ScriptedImageGenerator::new())
        .with_campaign_store(ScriptedCampaignStore::new())
        .with_asset_store(ScriptedAssetStore::new())
}

fn pipeline(writer: ScriptedPromptWriter, generator: ScriptedImageGenerator) -> CampaignPipeline {
    builder().with_prompt_writer(writer).with_image_generator(generator).build().unwrap()
}

fn fakes() -> CampaignPipeline {
    builder().build().unwrap()
}

/// A generator that takes prompts of 300 characters and seeds up to 99.
fn narrow() -> ScriptedImageGenerator {
    let limits =
        GeneratorCapabilities::new(Sizes::Any { min: 1, max: 64, multiple_of: 1 }, 300).with_seeds(0..=99);
    Scripted::of(FakeImageGenerator::new().with_capabilities(limits))
}

fn png(shade: u8) -> Image {
    Pixels::filled(SIZE, [shade, 90, 40, 128]).encode(Encoding::Png).unwrap()
}

fn pictured(name: &str, shade: u8, caption: &str, audience: &str) -> LibraryItem {
    LibraryItem::new(name, png(shade))
        .with_caption(Caption::new(caption).with_keywords(["salt, pepper", "cup"]))
        .with_objective("clicks")
        .with_audience(audience)
}

/// B2: globals survived from one request to the next.
#[tokio::test]
async fn what_happens_in_one_campaign_does_not_show_in_the_next() {
    let down = Error::new(ErrorKind::Blocked, "the filter said no").sent();
    let pipeline = pipeline(ScriptedPromptWriter::new(), ScriptedImageGenerator::new().then_fail(down));
    let first = pipeline.create(Brief::new("First", "a secret picnic")).await.unwrap().id;
    pipeline.concept(&first).await.unwrap();
    pipeline.suggest_prompt(&first, &[]).await.unwrap();
    let order = Generate::new(1).with_size(8, 8);
    assert!(pipeline.generate(&first, order.clone()).await.is_err());

    let second = pipeline.create(Brief::new("Second", "a bicycle")).await.unwrap().id;
    let fresh = serde_json::to_string(&pipeline.get(&second).await.unwrap()).unwrap();
    assert!(!fresh.contains("picnic"), "{fresh}");
    pipeline.set_prompt(&second, "a bicycle at a wall").await.unwrap();
    assert_eq!(pipeline.generate(&second, order).await.unwrap().creatives.len(), 1);
    assert_eq!(pipeline.get(&first).await.unwrap().creatives, []);
}

/// B6: the range of seeds was a typing error.
#[tokio::test]
async fn a_seed_beyond_the_models_range_is_refused_before_it_is_sent() {
    let generator = narrow();
    let calls = generator.calls();
    let pipeline = pipeline(ScriptedPromptWriter::new(), generator);
    let id = pipeline.create(Brief::new("Seeds", "a cup")).await.unwrap().id;
    pipeline.set_prompt(&id, "a cup").await.unwrap();
    let order = |seed| Generate::new(1).with_size(8, 8).with_seed(seed);
    let error = pipeline.generate(&id, order(100)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.was_sent(), calls.count()),
        (ErrorKind::Unsupported, false, 0),
        "{error}"
    );
    assert_eq!(pipeline.generate(&id, order(99)).await.unwrap().creatives[0].record.seed, Some(99));
}

/// B7: pictures were decoded, stripped of alpha and encoded again under a fixed extension.
#[tokio::test]
async fn a_delivered_picture_is_kept_byte_for_byte() {
    let image = Pixels::filled(SIZE, [200, 90, 40, 128]).encode(Encoding::WebP).unwrap();
    let reply = GenerateReply::new(vec![Ok(Picture::new(image.clone(), SIZE))]);
    let pipeline = pipeline(ScriptedPromptWriter::new(), ScriptedImageGenerator::new().then_reply(reply));
    let id = pipeline.create(Brief::new("Bytes", "a cup")).await.unwrap().id;
    pipeline.set_prompt(&id, "a cup").await.unwrap();
    let made = pipeline.generate(&id, Generate::new(1).with_size(8, 8)).await.unwrap();
    assert_eq!(made.creatives[0].image, *image.reference());
    assert_eq!(pipeline.creative_picture(&made.creatives[0]).await.unwrap().bytes(), image.bytes());
}

/// B8: prompts were written to one model's limit and sent to another.
#[tokio::test]
async fn a_suggested_prompt_is_written_to_the_generators_limit_and_a_longer_edit_is_refused() {
    let (writer, generator) = (ScriptedPromptWriter::new(), narrow());
    let (written, generated) = (writer.calls(), generator.calls());
    let pipeline = pipeline(writer, generator);
    let id = pipeline.create(Brief::new("Limits", "a cup")).await.unwrap().id;
    pipeline.concept(&id).await.unwrap();
    pipeline.suggest_prompt(&id, &[]).await.unwrap();
    let asked: Vec<_> =
        written.requests::<WriteRequest>().iter().map(|r| (r.max_chars, r.negative)).collect();
    assert_eq!(asked, [(300, false)]);
    let error = pipeline.set_prompt(&id, "x".repeat(301)).await.unwrap_err();
    assert_eq!((error.kind(), generated.count()), (ErrorKind::InvalidInput, 0), "{error}");
}

/// B11, B26: payloads were logged.
#[tokio::test]
async fn no_picture_and_no_prompt_is_in_what_watchers_and_debug_show() {
    let pipeline = fakes();
    let mut events = pipeline.events();
    pipeline.library().add(pictured("cup.png", 1, "a cup", "customers")).await.unwrap();
    let id = pipeline.create(Brief::new("Quiet", "a secret picnic")).await.unwrap().id;
    pipeline.set_prompt(&id, "a secret picnic, soft light").await.unwrap();
    pipeline.generate(&id, Generate::new(1).with_size(8, 8)).await.unwrap();
    drop(pipeline);
    let mut seen = 0;
    while let Some(event) = events.next().await {
        let shown = format!("{event:?} {}", serde_json::to_string(&event).unwrap());
        assert!(!shown.contains("picnic") && shown.len() < 2_000, "{shown}");
        seen += 1;
    }
    assert!(seen > 0);
    let shown = format!("{:?}", png(1));
    assert!(shown.starts_with("Image(") && shown.len() < 80, "{shown}");
}

/// B12: keys were file stems cut at the first dot, and lists were joined by commas.
#[tokio::test]
async fn pictures_of_one_name_stay_two_and_a_comma_splits_no_element() {
    let library = fakes().library();
    for (name, shade) in [("a/hero.png", 1), ("b/hero.png", 2), ("v1.2-hero.png", 3), ("v1.3-hero.png", 4)] {
        library.add(pictured(name, shade, "a cup", "customers")).await.unwrap();
    }
    assert_eq!(library.count().await.unwrap(), 4);
    let again = library.add(pictured("another name.png", 1, "a cup", "customers")).await.unwrap();
    assert_eq!(library.count().await.unwrap(), 4, "the same bytes are the same picture");
    let kept = library.get(&again.id).await.unwrap();
    assert!(kept.elements.iter().any(|element| element == "salt, pepper"), "{:?}", kept.elements);
}

/// B14: the filter came after the search, so five asked for were often one or none.
#[tokio::test]
async fn a_filter_is_applied_before_the_nearest_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(folder.path()).await.unwrap();
    let library = builder().with_vector_store(store).build().unwrap().library();
    let near = (0..30).map(|i| pictured("near", i, "an espresso on a wooden table", "followers"));
    let far = (0..5).map(|i| pictured("far", 100 + i, "a bicycle at a wall", "customers"));
    library.index_list(near.chain(far).collect()).await.unwrap();
    let search = Search::text("an espresso on a wooden table", 5).with_audience("customers");
    let found = library.search(search).await.unwrap();
    assert_eq!((found.hits.len(), found.shortfall), (5, None));
    assert!(found.hits.iter().all(|hit| hit.reference.name == "far"));
}

/// B23, B29: sample results were noise that nobody could tell from results, and a fraction ended the step unseen.
#[tokio::test]
async fn a_fractional_synthetic_result_goes_through_a_campaign_as_both() {
    let pipeline = fakes();
    let result = Kpi::rate_of("clicks", 12.5, "impressions", 1_000.25).unwrap().synthetic();
    pipeline.library().add(pictured("cup.png", 1, "a cup", "customers").with_result(result)).await.unwrap();
    let brief = Brief::new("Fractions", "a cup").with_objective("clicks").with_audience("customers");
    let id = pipeline.create(brief).await.unwrap().id;
    pipeline.references(&id, 1).await.unwrap();
    let campaign = pipeline.get(&id).await.unwrap();
    let hit = &campaign.current_references().unwrap().hits[0];
    let kpi = hit.reference.result(&Metric::new("clicks")).unwrap();
    assert_eq!(
        (hit.result, kpi.rate(), kpi.origin),
        (Some(12.5), Some(12.5 / 1_000.25), KpiOrigin::Synthetic)
    );
}

/// B32: error replies had the wrong shape, so what went wrong reached nobody.
#[test]
fn an_error_survives_being_written_down() {
    let wait = std::time::Duration::from_secs(7);
    let error = Error::new(ErrorKind::RateLimited, "slow down")
        .with_context("model", "m")
        .with_retry_after(wait)
        .sent();
    let read: Error = serde_json::from_str(&serde_json::to_string(&error).unwrap()).unwrap();
    assert_eq!(read.to_string(), error.to_string());
    assert_eq!(
        (read.kind(), read.retry_after(), read.was_sent()),
        (ErrorKind::RateLimited, Some(wait), true)
    );
}
