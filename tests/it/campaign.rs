//! A campaign step by step: what is kept, what is refused, and what it may cost.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, TryStreamExt};
use keyvisual::{
    CampaignPipeline, CampaignPipelineBuilder, Error, ErrorKind, FindReferences, Generate, LibraryItem,
    PicturePolicy,
    backends::local::Compositor,
    calls::{Event, Happening, Policy},
    domain::{
        Archetype, Brand, Brief, Campaign, CampaignId, Card, Channel, Color, CreativeId, Image, Kpi, Money,
        Palette, PixelSize, Prices, Product, Prompt, PromptAuthor, RankingPolicy, ReferenceId, Shortfall,
        Step,
    },
    imaging::{Encoding, Picture},
    roles::{Caption, GenerateRequest, GeneratorCapabilities, GetAssetRequest, Ground, GroundLine, Sizes},
    testing::{
        Calls, FakeImageGenerator, Scripted, ScriptedAssetStore, ScriptedCampaignStore, ScriptedDescriber,
        ScriptedEmbedder, ScriptedImageGenerator, ScriptedPromptWriter, ScriptedVectorStore,
    },
};

/// A pipeline of fakes, with handles on what is called.
struct House {
    pipeline: CampaignPipeline,
    writer: Calls,
    embedder: Calls,
    generator: Calls,
    assets: Calls,
}

impl House {
    fn new() -> Self {
        Self::with_generator(ScriptedImageGenerator::new())
    }

    fn with_generator(generator: ScriptedImageGenerator) -> Self {
        let (writer, embedder) = (ScriptedPromptWriter::new(), ScriptedEmbedder::new());
        let assets = ScriptedAssetStore::new();
        let calls = (writer.calls(), embedder.calls(), generator.calls(), assets.calls());
        let builder = Self::builder(generator, assets).with_prompt_writer(writer).with_embedder(embedder);
        let pipeline = builder.build().unwrap();
        Self { pipeline, writer: calls.0, embedder: calls.1, generator: calls.2, assets: calls.3 }
    }

    fn builder(generator: ScriptedImageGenerator, assets: ScriptedAssetStore) -> CampaignPipelineBuilder {
        CampaignPipeline::builder()
            .with_describer(ScriptedDescriber::new())
            .with_embedder(ScriptedEmbedder::new())
            .with_vector_store(ScriptedVectorStore::new())
            .with_prompt_writer(ScriptedPromptWriter::new())
            .with_image_generator(generator)
            .with_campaign_store(ScriptedCampaignStore::new())
            .with_asset_store(assets)
            .with_policy(Policy::once())
    }

    /// Calls that a provider would bill.
    fn billed(&self) -> usize {
        self.writer.count() + self.embedder.count() + self.generator.count()
    }

    /// Pictures for new customers, by the clicks they had and out of how many impressions.
    async fn stock(&self, results: &[(&str, f64, f64)]) {
        let items = results.iter().enumerate().map(|(place, (caption, clicks, impressions))| {
            let shade = u8::try_from(place * 20).unwrap();
            LibraryItem::new(*caption, picture([shade, 90, 120, 255]))
                .with_caption(Caption::new(*caption))
                .with_objective("clicks")
                .with_audience("new customers")
                .with_result(Kpi::rate_of("clicks", *clicks, "impressions", *impressions).unwrap())
        });
        let report = self.pipeline.library().index_list(items.collect()).await.unwrap();
        assert_eq!(report.indexed, results.len() as u64, "{report:?}");
    }

    async fn campaign(&self) -> CampaignId {
        self.pipeline.create(brief()).await.unwrap().id
    }

    /// A campaign that has a prompt.
    async fn prompted(&self) -> CampaignId {
        let id = self.campaign().await;
        self.pipeline.set_prompt(&id, "a cup of coffee on a wooden table").await.unwrap();
        id
    }
}

fn brief() -> Brief {
    Brief::new("Autumn coffee", "Slow mornings in the city, warm light")
        .with_objective("Clicks")
        .with_audience("New_Customers")
}

fn picture(colour: [u8; 4]) -> Image {
    Picture::filled(PixelSize::new(8, 8), colour).encode(Encoding::Png).unwrap()
}

/// A generator that makes one picture per call.
fn one_at_a_time() -> ScriptedImageGenerator {
    let limits =
        GeneratorCapabilities::new(Sizes::Any { min: 1, max: 64, multiple_of: 1 }, 1_000).with_seeds(0..=99);
    Scripted::of(FakeImageGenerator::new().with_capabilities(limits))
}

fn kind<T: std::fmt::Debug>(result: keyvisual::Result<T>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[tokio::test]
async fn a_campaign_goes_from_brief_to_library_in_plain_data() {
    let house = House::new();
    let pipeline = &house.pipeline;
    house.stock(&[("a cup of coffee", 30.0, 1e4), ("a bicycle", 20.0, 1e4), ("a cat", 10.0, 1e4)]).await;
    let id = house.campaign().await;
    let concept = pipeline.concept(&id).await.unwrap();
    let references = pipeline.references(&id, 2).await.unwrap();
    assert_eq!((references.hits.len(), &references.shortfall), (2, &None));
    assert_eq!(references.query, concept.image_description);
    pipeline.choose_references(&id, &references.top(1)).await.unwrap();
    let prompt = pipeline.suggest_prompt(&id, &references.top(1)).await.unwrap();
    assert!(prompt.text.contains(&references.hits[0].reference.description), "{prompt:?}");
    let made = pipeline.generate(&id, Generate::new(2).with_size(64, 48)).await.unwrap();
    let creative = &made.creatives[0];
    pipeline.approve(&id, &creative.id, Some("on brand")).await.unwrap();
    let promoted = pipeline.promote(&id, &creative.id).await.unwrap();

    let campaign = pipeline.get(&id).await.unwrap();
    let json = serde_json::to_string(&campaign).unwrap();
    assert_eq!(serde_json::from_str::<Campaign>(&json).unwrap(), campaign);
    assert_eq!(campaign.choices.len(), 1, "the same choice is kept once");
    assert_eq!(campaign.creatives.len(), 2);
    assert_eq!(campaign.creatives[0].promoted, Some(promoted.id));
    assert_eq!(campaign.unfinished, []);
}

#[tokio::test(start_paused = true)]
async fn five_generations_at_the_same_time_keep_all_five_pictures() {
    let house = House::with_generator(ScriptedImageGenerator::new().with_latency(Duration::from_secs(1)));
    let id = house.prompted().await;
    let calls =
        (0..5).map(|seed| house.pipeline.generate(&id, Generate::new(1).with_size(8, 8).with_seed(seed)));
    let made: Vec<_> = futures_util::future::join_all(calls).await;
    assert!(made.iter().all(|made| made.as_ref().is_ok_and(|made| made.creatives.len() == 1)), "{made:?}");
    let campaign = house.pipeline.get(&id).await.unwrap();
    let mut seeds: Vec<_> = campaign.creatives.iter().filter_map(|creative| creative.record.seed).collect();
    seeds.sort_unstable();
    assert_eq!(seeds, [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn an_unknown_campaign_costs_nothing() {
    let house = House::new();
    let (pipeline, id) = (&house.pipeline, CampaignId::new("nobody"));
    let creative = CreativeId::new("nothing");
    let kinds = [
        kind(pipeline.get(&id).await),
        kind(pipeline.concept(&id).await),
        kind(pipeline.references(&id, 5).await),
        kind(pipeline.choose_references(&id, &[]).await),
        kind(pipeline.suggest_prompt(&id, &[]).await),
        kind(pipeline.set_prompt(&id, "a prompt").await),
        kind(pipeline.generate(&id, Generate::new(1)).await),
        kind(pipeline.approve(&id, &creative, None).await),
        kind(pipeline.reject(&id, &creative, "dull").await),
        kind(pipeline.promote(&id, &creative).await),
        kind(pipeline.update_brief(&id, 1, brief()).await),
        kind(pipeline.delete(&id, PicturePolicy::Erase).await),
    ];
    assert_eq!(kinds, [ErrorKind::NotFound; 12]);
    assert_eq!(house.billed(), 0);
}

#[tokio::test]
async fn a_step_out_of_order_costs_nothing() {
    let house = House::new();
    let pipeline = &house.pipeline;
    let id = house.campaign().await;
    assert_eq!(kind(pipeline.choose_references(&id, &[]).await), ErrorKind::OutOfOrder);
    assert_eq!(kind(pipeline.suggest_prompt(&id, &[]).await), ErrorKind::OutOfOrder);
    assert_eq!(kind(pipeline.generate(&id, Generate::new(1)).await), ErrorKind::OutOfOrder);
    assert_eq!(house.billed(), 0);

    pipeline.set_prompt(&id, "a cup").await.unwrap();
    let made = pipeline.generate(&id, Generate::new(1).with_size(8, 8)).await.unwrap();
    let creative = &made.creatives[0].id;
    assert_eq!(kind(pipeline.promote(&id, creative).await), ErrorKind::OutOfOrder);
    pipeline.reject(&id, creative, "too dark").await.unwrap();
    assert_eq!(kind(pipeline.promote(&id, creative).await), ErrorKind::OutOfOrder);
}

#[tokio::test]
async fn a_reference_that_was_not_found_for_the_campaign_costs_nothing() {
    let house = House::new();
    house.stock(&[("a cup", 1.0, 10.0)]).await;
    let id = house.campaign().await;
    house.pipeline.references(&id, 1).await.unwrap();
    let before = house.billed();
    let stranger = [ReferenceId::new("stranger")];
    assert_eq!(kind(house.pipeline.choose_references(&id, &stranger).await), ErrorKind::NotFound);
    assert_eq!(kind(house.pipeline.suggest_prompt(&id, &stranger).await), ErrorKind::NotFound);
    assert_eq!(house.billed(), before);
    assert_eq!(house.pipeline.get(&id).await.unwrap().choices, []);
}

#[tokio::test]
async fn what_cannot_be_generated_is_refused_before_it_costs() {
    let house = House::new();
    let id = house.prompted().await;
    for what in [Generate::new(0), Generate::new(101), Generate::new(1).with_size(0, 100)] {
        assert_eq!(
            kind(house.pipeline.generate(&id, what.clone()).await),
            ErrorKind::InvalidInput,
            "{what:?}"
        );
    }
    let long = "word ".repeat(3_000);
    assert_eq!(kind(house.pipeline.set_prompt(&id, long).await), ErrorKind::InvalidInput);
    assert_eq!(kind(house.pipeline.set_prompt(&id, "  ").await), ErrorKind::InvalidInput);
    assert_eq!(kind(house.pipeline.references(&id, 101).await), ErrorKind::InvalidInput);
    assert_eq!(house.billed(), 0);
}

#[tokio::test]
async fn a_brief_is_checked_when_it_comes_in() {
    let house = House::new();
    let cases = [
        (Brief::new(" ", "about something"), "name"),
        (Brief::new("A name", ""), "description"),
        (Brief::new("A name", "x".repeat(100_000)), "100000"),
        (Brief::new("A name", "about").with_objective(" - "), "objective"),
        (Brief::new("A name", "about").with_product(Product::new("")), "product"),
        (Brief::new("A name", "about").with_language("Spanish, please"), "Spanish, please"),
        (Brief::new("A name", "about").with_language(""), "BCP 47"),
    ];
    for (brief, named) in cases {
        let error = house.pipeline.create(brief).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(named), "{error}");
    }
    let brief = Brief::new("קפה של סתיו ☕", "בקרים איטיים בעיר, אור חם — lento, cálido");
    let campaign = house.pipeline.create(brief.clone()).await.unwrap();
    house.pipeline.concept(&campaign.id).await.unwrap();
    assert_eq!(house.pipeline.get(&campaign.id).await.unwrap().brief, brief);
}

#[tokio::test]
async fn a_change_of_the_brief_from_an_old_revision_is_a_conflict() {
    let house = House::new();
    let id = house.campaign().await;
    let first = house.pipeline.update_brief(&id, 1, brief().with_language("en")).await.unwrap();
    assert_eq!(first.revision, 2);
    assert_eq!(kind(house.pipeline.update_brief(&id, 1, brief()).await), ErrorKind::Conflict);
    assert_eq!(house.pipeline.get(&id).await.unwrap().brief.language.as_deref(), Some("en"));
}

#[tokio::test]
async fn a_persons_prompt_stays_beside_the_suggestion() {
    let house = House::new();
    let id = house.campaign().await;
    house.pipeline.concept(&id).await.unwrap();
    let suggested = house.pipeline.suggest_prompt(&id, &[]).await.unwrap();
    let edited = house.pipeline.set_prompt(&id, "a red cup").await.unwrap();
    assert_eq!(edited.negative, suggested.negative, "what to leave out is not lost by an edit");
    let own = Prompt::suggested("a blue cup", "").with_negative("people");
    house.pipeline.set_prompt(&id, own).await.unwrap();
    let campaign = house.pipeline.get(&id).await.unwrap();
    let authors: Vec<_> = campaign.prompts.iter().map(|prompt| prompt.value.author).collect();
    assert_eq!(authors, [PromptAuthor::Suggested, PromptAuthor::Edited, PromptAuthor::Edited]);
    assert_eq!(campaign.prompts[0].value, suggested);
    let made = house.pipeline.generate(&id, Generate::new(1).with_size(8, 8)).await.unwrap();
    let record = &made.creatives[0].record;
    assert_eq!((record.prompt.as_str(), record.negative_prompt.as_deref()), ("a blue cup", Some("people")));
    assert_eq!(record.prompt_version, 3);
}

#[tokio::test]
async fn a_step_run_again_gives_a_new_version_and_keeps_the_old_one() {
    let house = House::new();
    let id = house.campaign().await;
    house.pipeline.concept(&id).await.unwrap();
    house.pipeline.concept(&id).await.unwrap();
    house.pipeline.references(&id, 3).await.unwrap();
    house.stock(&[("a cup", 1.0, 10.0)]).await;
    house.pipeline.references(&id, 3).await.unwrap();
    let campaign = house.pipeline.get(&id).await.unwrap();
    assert_eq!(campaign.concepts.iter().map(|concept| concept.version).collect::<Vec<_>>(), [1, 2]);
    let found: Vec<_> = campaign.references.iter().map(|found| found.value.hits.len()).collect();
    assert_eq!(found, [0, 1]);
}

#[tokio::test]
async fn the_record_says_how_a_picture_was_made() {
    let card = Card::new("test", "painter").with_prices(Prices::per_picture(Money::from_micros(40_000)));
    let house = House::with_generator(ScriptedImageGenerator::new().with_card(card));
    house.stock(&[("a cup", 1.0, 10.0)]).await;
    let packshot = house.pipeline.add_picture(&picture([9, 9, 9, 255])).await.unwrap();
    let palette = Palette { primary: Color::rgb(1, 2, 3), ..Palette::default() };
    let brief = brief()
        .with_brand(Brand::new("Roast").with_palette(palette))
        .with_product(Product::new("Mug").with_packshot(packshot.clone()))
        .with_channel(Channel::new("feed", 40, 30));
    let id = house.pipeline.create(brief).await.unwrap().id;
    let references = house.pipeline.references(&id, 1).await.unwrap();
    let prompt = house.pipeline.suggest_prompt(&id, &references.top(1)).await.unwrap();
    let made = house.pipeline.generate(&id, Generate::new(2).with_seed(7)).await.unwrap();
    for creative in &made.creatives {
        let record = &creative.record;
        assert_eq!(
            (record.prompt.as_str(), record.negative_prompt.clone()),
            (prompt.text.as_str(), prompt.negative.clone())
        );
        assert_eq!((record.provider.as_str(), record.model.as_str()), ("test", "painter"));
        assert_eq!((record.requested, record.delivered), (PixelSize::new(40, 30), PixelSize::new(40, 30)));
        assert_eq!((&record.references, &record.products), (&references.top(1), &vec![packshot.clone()]));
        assert_eq!((record.spend.cost, record.spend.usage.output_pictures), (Money::from_micros(40_000), 1));
        let image = house.pipeline.creative_picture(creative).await.unwrap();
        assert_eq!(image.reference(), &creative.image);
    }
    let seeds: Vec<_> = made.creatives.iter().filter_map(|creative| creative.record.seed).collect();
    assert_eq!(seeds.len(), 2);
    assert!(seeds.contains(&7) && seeds[0] != seeds[1], "{seeds:?}");
    let spend = house.pipeline.get(&id).await.unwrap().spend;
    assert_eq!((spend.cost, spend.usage.output_pictures), (Money::from_micros(80_000), 2));
}

#[tokio::test]
async fn a_ground_goes_with_its_reference_wherever_that_stands_among_the_chosen() {
    let house = House::new();
    house.stock(&[("a cup", 3.0, 1e3), ("a cat", 2.0, 1e3), ("a dog", 1.0, 1e3)]).await;
    let id = house.campaign().await;
    let references = house.pipeline.references(&id, 3).await.unwrap();
    let found = references.top(3);
    house.pipeline.suggest_prompt(&id, &[found[2].clone(), found[0].clone()]).await.unwrap();
    let what = Generate::new(1).with_size(8, 8);
    let table = GroundLine::new(0.8).between(0.1, 0.6);
    house.pipeline.generate(&id, what.clone().with_ground(found[0].clone(), table)).await.unwrap();
    let sent = house.generator.requests::<GenerateRequest>();
    assert_eq!(sent[0].grounds, [Ground::new(1, table)]);
    let before = house.billed();
    let refused = [
        (what.clone().with_ground(found[1].clone(), 0.8), found[1].as_str()),
        (what.clone().with_ground(found[0].clone(), 0.8).without_references(), "none of the 0"),
        (what.with_ground(found[0].clone(), 1.5), "row 1.5"),
    ];
    for (what, words) in refused {
        let error = house.pipeline.generate(&id, what).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.to_string().contains(words), "\"{words}\" is not in: {error}");
    }
    assert_eq!(house.billed(), before, "refused before anything is spent");
}

#[tokio::test]
async fn a_product_stands_in_a_chosen_reference_where_a_person_has_pointed() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let file = |name: &str| Image::new(std::fs::read(data.join(name)).unwrap()).unwrap();
    let builder = House::builder(ScriptedImageGenerator::new(), ScriptedAssetStore::new());
    let compositor = Compositor::new().with_archetypes([Archetype::FullBleed, Archetype::Split]);
    let pipeline = builder.with_image_generator(compositor).build().unwrap();
    let ridges = LibraryItem::new("ridges", file("library/low-sun-over-mountain-ridges.jpg"));
    let ridges = ridges.with_objective("clicks").with_audience("new customers");
    pipeline.library().index_list(vec![ridges]).await.unwrap();
    let packshot = pipeline.add_picture(&file("products/film-camera-cutout.png")).await.unwrap();
    let brief = brief().with_product(Product::new("Film camera").with_packshot(packshot));
    let id = pipeline.create(brief).await.unwrap().id;
    let references = pipeline.references(&id, 1).await.unwrap();
    pipeline.suggest_prompt(&id, &references.top(1)).await.unwrap();
    let what = Generate::new(2).with_size(400, 209).with_ground(references.top(1)[0].clone(), 0.93);
    for creative in pipeline.generate(&id, what).await.unwrap().creatives {
        let comp = creative.record.comp.unwrap();
        assert_eq!(comp.products[0].ground, Some(0), "{comp}");
    }
}

#[tokio::test]
async fn pictures_that_the_generator_does_not_take_are_counted_in_the_notes_and_not_read() {
    let limits = GeneratorCapabilities::new(Sizes::Any { min: 1, max: 64, multiple_of: 1 }, 1_000);
    let generator = Scripted::of(FakeImageGenerator::new().with_capabilities(limits.with_pictures(1, 0)));
    let house = House::with_generator(generator);
    house.stock(&[("a cup", 3.0, 1e3), ("a cat", 2.0, 1e3), ("a dog", 1.0, 1e3)]).await;
    let packshot = house.pipeline.add_picture(&picture([9, 9, 9, 255])).await.unwrap();
    let brief = brief().with_product(Product::new("Mug").with_packshot(packshot));
    let id = house.pipeline.create(brief).await.unwrap().id;
    let references = house.pipeline.references(&id, 3).await.unwrap();
    house.pipeline.suggest_prompt(&id, &references.top(3)).await.unwrap();
    let before = house.assets.requests::<GetAssetRequest>().len();
    let made = house.pipeline.generate(&id, Generate::new(1).with_size(8, 8)).await.unwrap();
    assert_eq!(house.assets.requests::<GetAssetRequest>().len() - before, 1, "one reference, no packshot");
    assert_eq!(
        made.creatives[0].record.notes,
        [
            "2 of 3 references were left out: this generator takes 1",
            "the products were left out: this generator takes none",
        ]
    );
}

#[tokio::test]
async fn a_step_that_is_under_way_shows_how_many_calls_it_may_make() {
    for (per_call, pictures, calls) in [(1, 3, 3), (4, 5, 2), (4, 3, 1), (2, 4, 2)] {
        let limits = GeneratorCapabilities::new(Sizes::Any { min: 1, max: 64, multiple_of: 1 }, 1_000);
        let limits = limits.with_max_count(per_call);
        let fake = || Scripted::of(FakeImageGenerator::new().with_capabilities(limits.clone()));
        for fallbacks in [0, 2] {
            let builder = House::builder(fake(), ScriptedAssetStore::new());
            let builder = (0..fallbacks).fold(builder, |builder, _| builder.with_fallback_generator(fake()));
            let pipeline = builder.build().unwrap();
            let id = pipeline.create(brief()).await.unwrap().id;
            pipeline.set_prompt(&id, "a cup").await.unwrap();
            drop(pipeline.generate_stream(&id, Generate::new(pictures).with_size(8, 8)).await.unwrap());
            let at_most = pipeline.get(&id).await.unwrap().unfinished[0].at_most;
            let all = u64::from(pictures) * (1 + fallbacks);
            assert_eq!(
                (at_most.requests, at_most.output_pictures),
                (calls + u64::from(pictures) * fallbacks, all)
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_first_generator_cannot_make_the_next_one_does_and_the_record_says_so() {
    let gone = Error::new(ErrorKind::NotFound, "this version has reached its end of life").sent();
    let first = ScriptedImageGenerator::new().with_card(Card::new("acme", "retired")).always_fail(gone);
    let sizes = Sizes::These(vec![PixelSize::new(64, 32), PixelSize::new(32, 64)]);
    let limits = GeneratorCapabilities::new(sizes, 1_000).with_seeds(0..=99);
    let next = Scripted::of(FakeImageGenerator::new().with_capabilities(limits))
        .with_card(Card::new("other", "current"));
    let pipeline =
        House::builder(first, ScriptedAssetStore::new()).with_fallback_generator(next).build().unwrap();
    let id = pipeline.create(brief()).await.unwrap().id;
    pipeline.set_prompt(&id, "a cup").await.unwrap();
    let made = pipeline.generate(&id, Generate::new(2).with_size(40, 20).with_seed(7)).await.unwrap();
    assert_eq!((made.creatives.len(), made.failed.len()), (2, 0));
    for creative in &made.creatives {
        let record = &creative.record;
        assert_eq!((record.provider.as_str(), record.model.as_str()), ("other", "current"));
        let (asked, made) = (PixelSize::new(40, 20), PixelSize::new(64, 32));
        assert_eq!((record.requested, record.made, record.delivered), (asked, Some(made), asked));
        assert_eq!(
            record.notes,
            [
                "retired was passed over: not found in generate: this version has reached its end of life",
                "made at 64x32, scaled to 40x20",
            ]
        );
        let image = pipeline.creative_picture(creative).await.unwrap();
        assert_eq!(keyvisual::imaging::probe(image.bytes()).unwrap(), asked);
        let original = pipeline.original_picture(creative).await.unwrap();
        assert_eq!(keyvisual::imaging::probe(original.bytes()).unwrap(), PixelSize::new(64, 32));
        assert_eq!(Some(original.reference()), record.original.as_ref());
    }
    let exact = pipeline.generate(&id, Generate::new(1).with_size(64, 32)).await.unwrap().creatives.remove(0);
    assert_eq!(exact.record.original, None, "one that has the size asked for is kept once");
    assert_eq!(pipeline.original_picture(&exact).await.unwrap().reference(), &exact.image);
}

#[tokio::test(start_paused = true)]
async fn what_a_filter_refused_goes_to_the_next_generator_only_when_told() {
    for (told, kind) in [(false, Some(ErrorKind::Blocked)), (true, None)] {
        let blocked = Error::new(ErrorKind::Blocked, "the filter said no").sent();
        let pipeline =
            House::builder(ScriptedImageGenerator::new().always_fail(blocked), ScriptedAssetStore::new())
                .with_fallback_generator(ScriptedImageGenerator::new())
                .with_fallback_when_blocked(told)
                .build()
                .unwrap();
        let id = pipeline.create(brief()).await.unwrap().id;
        pipeline.set_prompt(&id, "a cup").await.unwrap();
        let made = pipeline.generate(&id, Generate::new(1).with_size(8, 8)).await;
        assert_eq!(made.err().map(|error| error.kind()), kind);
    }
}

#[tokio::test]
async fn one_failed_picture_of_four_leaves_three() {
    let blocked = Error::new(ErrorKind::Blocked, "the filter said no").sent();
    let house = House::with_generator(one_at_a_time().then_answer().then_fail(blocked));
    let id = house.prompted().await;
    let made = house.pipeline.generate(&id, Generate::new(4).with_size(8, 8)).await.unwrap();
    assert_eq!(made.creatives.len(), 3);
    assert_eq!(made.failed.iter().map(Error::kind).collect::<Vec<_>>(), [ErrorKind::Blocked]);
    let campaign = house.pipeline.get(&id).await.unwrap();
    assert_eq!((campaign.creatives.len(), campaign.unfinished.len()), (3, 0));
}

#[tokio::test]
async fn when_no_picture_could_be_made_the_call_fails_and_the_step_has_ended() {
    let blocked = Error::new(ErrorKind::Blocked, "the filter said no").sent();
    let house = House::with_generator(ScriptedImageGenerator::new().always_fail(blocked));
    let id = house.prompted().await;
    assert_eq!(
        kind(house.pipeline.generate(&id, Generate::new(2).with_size(8, 8)).await),
        ErrorKind::Blocked
    );
    let campaign = house.pipeline.get(&id).await.unwrap();
    assert_eq!((campaign.creatives.len(), campaign.unfinished.len()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_keeps_the_pictures_it_saw_and_the_step_shows_as_unfinished() {
    let house = House::with_generator(one_at_a_time().then_answer().then_hang());
    let id = house.prompted().await;
    let mut stream = house.pipeline.generate_stream(&id, Generate::new(2).with_size(8, 8)).await.unwrap();
    let seen = stream.next().await.unwrap().unwrap();
    drop(stream);
    let campaign = house.pipeline.get(&id).await.unwrap();
    assert_eq!(campaign.creatives, [seen]);
    let unfinished: Vec<_> =
        campaign.unfinished.iter().map(|u| (u.step, u.at_most.output_pictures)).collect();
    assert_eq!(unfinished, [(Step::Generate, 2)]);
}

#[tokio::test]
async fn deleting_a_campaign_keeps_or_erases_its_pictures_as_told() {
    for (policy, stays) in [(PicturePolicy::Keep, true), (PicturePolicy::Erase, false)] {
        let house = House::new();
        let id = house.prompted().await;
        let made = house.pipeline.generate(&id, Generate::new(2).with_size(8, 8)).await.unwrap();
        let [kept, promoted] = &made.creatives[..] else { panic!("two pictures were asked for") };
        house.pipeline.approve(&id, &promoted.id, None).await.unwrap();
        house.pipeline.promote(&id, &promoted.id).await.unwrap();
        house.pipeline.delete(&id, policy).await.unwrap();
        assert_eq!(kind(house.pipeline.get(&id).await), ErrorKind::NotFound);
        assert_eq!(kind(house.pipeline.delete(&id, policy).await), ErrorKind::NotFound);
        assert_eq!(house.pipeline.creative_picture(kept).await.is_ok(), stays);
        assert!(house.pipeline.picture(&promoted.image).await.is_ok(), "the library has its own copy");
    }
}

#[tokio::test]
async fn a_rejection_has_a_reason_and_the_last_verdict_counts() {
    let house = House::new();
    let id = house.prompted().await;
    let made = house.pipeline.generate(&id, Generate::new(1).with_size(8, 8)).await.unwrap();
    let creative = &made.creatives[0].id;
    assert_eq!(kind(house.pipeline.reject(&id, creative, " ").await), ErrorKind::InvalidInput);
    house.pipeline.reject(&id, creative, "too dark").await.unwrap();
    house.pipeline.approve(&id, creative, None).await.unwrap();
    let campaign = house.pipeline.get(&id).await.unwrap();
    assert!(campaign.creative(creative).unwrap().verdict.as_ref().unwrap().approved);
    house.pipeline.promote(&id, creative).await.unwrap();
    assert_eq!(kind(house.pipeline.reject(&id, creative, "after all").await), ErrorKind::OutOfOrder);
}

#[tokio::test]
async fn a_promoted_picture_is_found_by_the_next_campaign_and_learns_from_its_results() {
    let house = House::new();
    house.stock(&[("a cup", 1.0, 1e4)]).await;
    let id = house.prompted().await;
    house.pipeline.concept(&id).await.unwrap();
    let made = house.pipeline.generate(&id, Generate::new(1).with_size(8, 8)).await.unwrap();
    let creative = &made.creatives[0].id;
    house.pipeline.approve(&id, creative, None).await.unwrap();
    let promoted = house.pipeline.promote(&id, creative).await.unwrap();
    assert_eq!(house.pipeline.promote(&id, creative).await.unwrap().id, promoted.id);

    let next = house.campaign().await;
    let find = FindReferences::new(5).with_policy(RankingPolicy::Blended { weight: 1.0 });
    let before = house.pipeline.references(&next, find).await.unwrap();
    assert_eq!(before.hits.len(), 2);
    let result = Kpi::rate_of("clicks", 500.0, "impressions", 1e4).unwrap();
    house.pipeline.library().update_results(&promoted.id, vec![result]).await.unwrap();
    let after = house.pipeline.references(&next, find).await.unwrap();
    assert_eq!(after.hits[0].reference.id, promoted.id, "{:?}", after.hits);
    assert_eq!(after.hits[0].result, Some(500.0));
}

#[tokio::test]
async fn references_meet_the_objective_and_the_audience_however_they_are_written() {
    let house = House::new();
    let item = |name: &str, shade, objective: &str, audience: &str| {
        LibraryItem::new(name, picture([shade, 0, 0, 255]))
            .with_caption(Caption::new(name))
            .with_objective(objective)
            .with_audience(audience)
    };
    let items = vec![
        item("both", 1, "CLICKS ", "new customers"),
        item("only the objective", 2, "clicks", "followers"),
        item("only the audience", 3, "likes", "New-Customers"),
    ];
    house.pipeline.library().index_list(items).await.unwrap();
    let id = house.campaign().await;
    let references = house.pipeline.references(&id, 3).await.unwrap();
    let names: Vec<_> = references.hits.iter().map(|hit| hit.reference.name.as_str()).collect();
    assert_eq!(names, ["both"]);
    assert_eq!(references.shortfall, Some(Shortfall::FewerMatch { matching: 1 }));
}

#[tokio::test]
async fn an_empty_library_is_a_reason_not_a_failure() {
    let house = House::new();
    let id = house.campaign().await;
    let references = house.pipeline.references(&id, 3).await.unwrap();
    assert_eq!((references.hits.len(), references.shortfall), (0, Some(Shortfall::EmptyStore)));
    house.pipeline.suggest_prompt(&id, &references.top(3)).await.unwrap();
}

#[tokio::test]
async fn a_brief_runs_through_all_steps_by_itself() {
    let house = House::new();
    house.stock(&[("a cup", 3.0, 1e3), ("a cat", 2.0, 1e3), ("a dog", 1.0, 1e3), ("a fig", 1.0, 1e3)]).await;
    let brief = brief().with_channel(Channel::new("feed", 20, 20)).with_channel(Channel::new("story", 9, 16));
    let campaign = house.pipeline.run(brief).await.unwrap();
    let sizes: Vec<_> = campaign.creatives.iter().map(|creative| creative.record.delivered).collect();
    assert_eq!(sizes, [[PixelSize::new(20, 20); 4], [PixelSize::new(9, 16); 4]].concat());
    assert_eq!(campaign.chosen().len(), 3);
}

#[tokio::test]
async fn campaigns_are_listed_by_time_of_creation() {
    let house = House::new();
    let mut ids = Vec::new();
    for number in 0..230 {
        ids.push(house.pipeline.create(Brief::new(format!("Campaign {number}"), "about")).await.unwrap().id);
    }
    let listed: Vec<_> = house.pipeline.list().map_ok(|head| head.id).try_collect().await.unwrap();
    assert_eq!(listed, ids);
}

#[tokio::test]
async fn calls_can_be_watched_by_campaign_and_step() {
    let house = House::new();
    let mut events = house.pipeline.events();
    let id = house.campaign().await;
    house.pipeline.concept(&id).await.unwrap();
    let finished = loop {
        match events.next().await.unwrap() {
            Event::Call(call) if call.operation == "concept" && call.happening == Happening::Finished => {
                break call;
            }
            _ => {}
        }
    };
    assert_eq!((finished.campaign, finished.step), (Some(id), Some(Step::Concept)));
}

#[tokio::test]
async fn a_picture_that_changed_on_the_disk_is_not_passed_on() {
    let house = House::new();
    let other = picture([1, 2, 3, 255]);
    let kept = house.pipeline.add_picture(&other).await.unwrap();
    assert_eq!(house.pipeline.picture(&kept).await.unwrap(), other);
    let mut wrong = kept;
    wrong.byte_len += 1;
    assert_eq!(kind(house.pipeline.picture(&wrong).await), ErrorKind::Corrupt);
}

#[test]
fn what_is_missing_is_named_at_build() {
    let error = CampaignPipeline::builder().with_embedder(ScriptedEmbedder::new()).build().unwrap_err();
    for role in
        ["describer", "vector store", "prompt writer", "image generator", "campaign store", "asset store"]
    {
        assert!(error.message().contains(role), "{error}");
    }
    assert!(!error.message().contains("embedder"), "{error}");
}

#[test]
fn a_role_can_be_shared_by_pipelines() {
    let embedder = Arc::new(ScriptedEmbedder::new());
    let build = || CampaignPipeline::builder().with_embedder(Arc::clone(&embedder)).build();
    assert!(build().is_err() && build().is_err());
}
