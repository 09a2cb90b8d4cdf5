//! What one call cannot do.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures_util::StreamExt;
use keyvisual::{
    Error, ErrorKind,
    adapt::{self, FallBack, Made},
    calls::{Door, Policy},
    domain::{Card, Embedding, EmbeddingSpace, Image, Money, Palette, PixelSize, Prices, Record, Schema},
    imaging::{self, Encoding},
    roles::*,
    testing::*,
};
use proptest::prelude::*;

const SIZE: PixelSize = PixelSize::new(16, 16);

fn down() -> Error {
    Error::new(ErrorKind::Unavailable, "down")
}

fn cup() -> GenerateRequest {
    GenerateRequest::new("a cup", SIZE)
}

fn one_at_a_time() -> GeneratorCapabilities {
    GeneratorCapabilities::new(Sizes::Any { min: 1, max: 4_096, multiple_of: 1 }, 1_000).with_seeds(0..=99)
}

fn generator(capabilities: GeneratorCapabilities) -> Scripted<FakeImageGenerator> {
    Scripted::of(FakeImageGenerator::new().with_capabilities(capabilities))
}

async fn all(generator: Scripted<FakeImageGenerator>, request: GenerateRequest, pictures: u32) -> Vec<Made> {
    let mut made: Vec<_> = adapt::fan_out(Arc::new(generator), request, pictures).unwrap().collect().await;
    made.sort_by_key(|made| made.place);
    made
}

fn seeds(made: &[Made]) -> Vec<u64> {
    made.iter().map(|made| made.result.as_ref().unwrap().seed.unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_keeps_the_pictures_already_made() {
    let generator =
        generator(one_at_a_time()).then_slow(Duration::from_secs(60)).with_latency(Duration::from_secs(1));
    let calls = generator.calls();
    let door = Door::default();
    let mut pictures = adapt::fan_out(Arc::new(door.guard(generator)), cup(), 4).unwrap();
    let mut kept = Vec::new();
    let taking = async {
        while let Some(made) = pictures.next().await {
            kept.push(made.result.unwrap());
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(10), taking).await.is_err());
    drop(pictures);
    assert_eq!(kept.len(), 3);
    assert_eq!((calls.count(), calls.abandoned()), (4, 1));
}

#[tokio::test(start_paused = true)]
async fn a_failed_place_does_not_stop_the_others() {
    let generator =
        generator(one_at_a_time()).then_answer().then_fail(Error::new(ErrorKind::Blocked, "refused"));
    let made = all(generator, cup(), 3).await;
    assert_eq!(made.iter().map(|made| made.place).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(made.iter().map(|made| made.result.is_ok()).collect::<Vec<_>>(), [true, false, true]);
}

#[tokio::test(start_paused = true)]
async fn calls_run_at_the_same_time_but_not_all_of_them() {
    let generator = generator(one_at_a_time()).with_latency(Duration::from_secs(1));
    let calls = generator.calls();
    let start = tokio::time::Instant::now();
    assert_eq!(all(generator, cup(), 10).await.len(), 10);
    assert_eq!((calls.most_at_once(), start.elapsed()), (4, Duration::from_secs(3)));
}

#[tokio::test(start_paused = true)]
async fn every_picture_has_a_seed_of_its_own_that_the_generator_takes() {
    let check = async |per_call: u32, pictures: u32, seed: Option<u64>| {
        let mut request = cup();
        request.seed = seed;
        let made = all(generator(one_at_a_time().with_max_count(per_call)), request, pictures).await;
        let seeds = seeds(&made);
        assert!(seeds.iter().all(|seed| *seed <= 99), "{seeds:?}");
        assert_eq!(seeds.iter().collect::<HashSet<_>>().len(), pictures as usize, "{seeds:?}");
        seeds
    };
    assert_eq!(check(1, 4, Some(7)).await, [7, 8, 9, 10]);
    assert_eq!(check(1, 4, Some(98)).await, [98, 99, 0, 1]);
    assert_eq!(check(2, 5, Some(0)).await, [0, 1, 3, 4, 6]);
    assert_eq!(check(8, 3, Some(5)).await, [5, 6, 7]);
    check(1, 100, None).await;
    check(5, 100, None).await;
    let mut drawn = HashSet::new();
    for _ in 0..10 {
        drawn.insert(check(1, 5, None).await);
    }
    assert!(drawn.len() > 1, "drawn, not fixed: {drawn:?}");
}

#[tokio::test(start_paused = true)]
async fn more_pictures_than_seeds_are_refused_before_anything_is_sent() {
    let generator = Arc::new(generator(one_at_a_time()));
    let calls = generator.calls();
    assert_eq!(adapt::fan_out(generator, cup(), 101).err().unwrap().kind(), ErrorKind::InvalidInput);
    assert_eq!(calls.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_retry_within_a_call_never_uses_the_seed_of_another_call() {
    let picture = || Picture::new(Image::new(b"\xff\xd8\xff".as_slice()).unwrap(), SIZE);
    let partial = GenerateReply::new(vec![Ok(picture().with_seed(7)), Err(down())]);
    let generator = generator(one_at_a_time().with_max_count(2)).then_reply(partial);
    let calls = generator.calls();
    let door = Door::new(Policy::default());
    let made: Vec<_> =
        adapt::fan_out(Arc::new(door.guard(generator)), cup().with_seed(7), 4).unwrap().collect().await;
    assert_eq!(seeds(&made).into_iter().collect::<HashSet<_>>().len(), 4);
    assert_eq!(calls.count(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_spend_of_a_call_is_shared_out_among_its_pictures() {
    let card = Card::new("acme", "painter").with_prices(Prices::per_picture(Money::from_micros(1_001)));
    let generator = generator(one_at_a_time().with_max_count(3)).with_card(card);
    let tab = Arc::new(Tab::new());
    let request = cup().with_context(CallContext::new().with_tab(Arc::clone(&tab)));
    let made: Vec<_> =
        adapt::fan_out(Arc::new(Door::default().guard(generator)), request, 5).unwrap().collect().await;
    assert_eq!(tab.spent().cost, Money::from_micros(5 * 1_001));
    assert_eq!(made.iter().map(|made| made.spend.cost.as_micros()).sum::<u64>(), 5 * 1_001);
    assert_eq!(made.iter().map(|made| made.spend.usage.requests).sum::<u64>(), 2);
}

#[tokio::test]
async fn a_place_that_was_not_answered_has_an_error() {
    let generator = generator(one_at_a_time().with_max_count(3)).then_reply(GenerateReply::new(Vec::new()));
    for made in all(generator, cup(), 2).await {
        assert_eq!(made.result.unwrap_err().kind(), ErrorKind::InvalidReply);
    }
}

fn texts(count: usize) -> Vec<EmbedInput> {
    (0..count).map(|i| EmbedInput::Text(format!("word{i}"))).collect()
}

#[tokio::test]
async fn any_number_of_inputs_is_embedded_in_order_and_a_failed_batch_stands_at_its_places() {
    let space = EmbeddingSpace::new("acme/embed", "1", 64);
    let fake = FakeEmbedder::of(space);
    let alone = fake.embed(EmbedRequest::new(vec![texts(40).remove(39)], Purpose::Index)).await.unwrap();
    let embedder = Arc::new(Scripted::of(fake).then_answer().then_fail(down()));
    let calls = embedder.calls();
    let all: Vec<_> =
        adapt::embed_all(embedder, texts(40), Purpose::Index, CallContext::new()).collect().await;
    assert_eq!(
        calls.requests::<EmbedRequest>().iter().map(|r| r.inputs.len()).collect::<Vec<_>>(),
        [16, 16, 8]
    );
    let failed: Vec<_> =
        all.iter().enumerate().filter(|(_, result)| result.is_err()).map(|(i, _)| i).collect();
    assert_eq!(failed, (16..32).collect::<Vec<_>>());
    assert_eq!(all[39], alone.results[0]);
}

#[tokio::test(start_paused = true)]
async fn of_two_records_with_one_id_the_later_stays_also_across_batches() {
    let store = MemoryVectorStore::new().with_capabilities(VectorStoreCapabilities::new(2, 10, 8));
    let store = Arc::new(Scripted::of(store).then_answer().then_slow(Duration::from_secs(5)));
    let space = EmbeddingSpace::new("acme/embed", "1", 2);
    store.create(CreateRequest::new(space, Schema::new())).await.unwrap();
    let record = |id: &str, x: f32| Record::new(id, Embedding::new(vec![x, 0.0]).unwrap());
    let records = vec![record("a", 1.0), record("b", 1.0), record("a", -1.0)];
    let context = CallContext::new;
    let kept: Vec<_> = adapt::upsert_all(Arc::clone(&store), records, context()).collect().await;
    assert!(kept.iter().all(Result::is_ok) && kept.len() == 3);
    let ids = ["a", "b", "x"].map(String::from).to_vec();
    let read: Vec<_> = adapt::get_all(Arc::clone(&store), ids.clone(), context()).collect().await;
    let first =
        |place: usize| read[place].as_ref().unwrap().as_ref().map(|record| record.vector.as_slice()[0]);
    assert_eq!([first(0), first(1), first(2)], [Some(-1.0), Some(1.0), None]);
    let gone: Vec<_> = adapt::delete_all(Arc::clone(&store), ids, context()).collect().await;
    assert!(gone.iter().all(Result::is_ok));
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 0);
}

fn size(text: &str) -> PixelSize {
    let (width, height) = text.split_once('x').unwrap();
    PixelSize::new(width.parse().unwrap(), height.parse().unwrap())
}

#[test]
fn the_best_size_loses_least_and_has_no_pixels_to_spare() {
    let these = |sizes: &str| Sizes::These(sizes.split(' ').map(size).collect());
    let stability = || these("1024x1024 1344x768 768x1344 1216x832 832x1216 1536x640 640x1536");
    let grid = |multiple_of| Sizes::Any { min: 320, max: 2_048, multiple_of };
    for (sizes, wanted, best) in [
        (stability(), "1200x628", "1344x768"),
        (stability(), "1024x1024", "1024x1024"),
        (stability(), "300x250", "1216x832"),
        (stability(), "160x600", "640x1536"),
        (stability(), "2400x1256", "1344x768"),
        (grid(16), "1200x628", "1200x640"),
        (grid(1), "1200x628", "1200x628"),
        (grid(64), "100x100", "320x320"),
        (grid(64), "4000x2000", "2048x1024"),
    ] {
        assert_eq!(adapt::best_size(&sizes, size(wanted)).unwrap(), size(best), "{wanted} of {sizes:?}");
    }
    assert!(adapt::best_size(&stability(), PixelSize::new(0, 10)).is_err());
    let nothing = adapt::best_size(&Sizes::These(Vec::new()), SIZE).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Unsupported);
}

proptest! {
    #[test]
    fn the_best_size_is_one_that_is_delivered_and_covers_where_one_can(
        min in 1_u32..600, span in 0_u32..2_000, multiple_of in 1_u32..130, width in 1_u32..2_600, height in 1_u32..2_600,
    ) {
        let sizes = Sizes::Any { min, max: min + span, multiple_of };
        let wanted = PixelSize::new(width, height);
        let most = (min + span) / multiple_of * multiple_of;
        match adapt::best_size(&sizes, wanted) {
            Ok(best) => {
                prop_assert!(sizes.contains(best), "{best}");
                let can = width <= most && height <= most;
                prop_assert_eq!(best.width >= width && best.height >= height, can, "{} of {}", best, wanted);
            }
            Err(_) => prop_assert!(most < min, "no multiple of {multiple_of} from {min} to {}", min + span),
        }
    }
}

fn picture(size: PixelSize) -> Picture {
    let pixels = imaging::Picture::filled(size, [90, 120, 60, 255]);
    Picture::new(pixels.encode(Encoding::Png).unwrap(), size).with_seed(3)
}

#[tokio::test]
async fn a_picture_is_brought_to_the_size_and_says_what_was_done() {
    for (made, wanted, note) in [
        ("134x76", "120x62", Some("made at 134x76, cropped and scaled to 120x62")),
        ("64x64", "32x32", Some("made at 64x64, scaled to 32x32")),
        ("40x20", "80x40", Some("made at 40x20, enlarged 2.0 times to 80x40")),
        ("40x20", "40x20", None),
    ] {
        let picture = picture(size(made));
        let done = adapt::to_size(picture.clone(), size(wanted)).await.unwrap();
        assert_eq!(imaging::probe(done.image.bytes()).unwrap(), size(wanted));
        assert_eq!((done.size, done.seed), (size(wanted), Some(3)));
        assert_eq!(done.notes, note.into_iter().collect::<Vec<_>>());
        assert_eq!(done.image == picture.image, note.is_none(), "bytes stay when nothing is to do");
    }
}

#[test]
fn what_a_generator_cannot_take_is_noted_and_never_dropped_in_silence() {
    let images =
        |count: u8| (0..count).map(|i| Image::new(vec![0xff, 0xd8, 0xff, i]).unwrap()).collect::<Vec<_>>();
    let request = GenerateRequest::new("a cup", PixelSize::new(1_200, 628))
        .with_references(images(3))
        .with_products(images(1))
        .with_grounds(vec![Ground::new(0, 0.8), Ground::new(2, 0.9)])
        .with_palette(Palette::default())
        .with_negative_prompt("people, text")
        .with_count(9);
    let sizes = Sizes::These(vec![PixelSize::new(1_344, 768)]);
    let narrow = GeneratorCapabilities::new(sizes, 40).with_pictures(2, 0);
    let (fitted, notes) = adapt::fit_request(request.clone(), &narrow).unwrap();
    assert_eq!((fitted.size, fitted.count), (Some(PixelSize::new(1_344, 768)), 9));
    assert_eq!(fitted.references, images(2));
    assert_eq!((fitted.products, fitted.palette, fitted.negative_prompt), (Vec::new(), None, None));
    assert_eq!(fitted.prompt, "a cup\nWithout: people, text");
    assert_eq!(
        notes,
        [
            "1 of 3 references were left out: this generator takes 2",
            "the products were left out: this generator takes none",
            "the grounds were left out: this generator places no product in a reference",
            "the palette was left out: this generator keeps to none",
            "the negative prompt stands at the end of the prompt: this generator takes none of its own",
        ]
    );
    let two = narrow.clone().with_pictures(2, 1).with_grounds();
    let (fitted, notes) = adapt::fit_request(request.clone(), &two).unwrap();
    assert_eq!(fitted.grounds, [Ground::new(0, 0.8)]);
    assert_eq!(notes[1], "1 of 2 grounds were left out with their references");
    let nowhere = request.clone().with_grounds(vec![Ground::new(7, 0.8)]);
    let error = adapt::fit_request(nowhere, &two).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "what never was a reference is refused: {error}");
    let everything = FakeImageGenerator::new();
    let (same, notes) = adapt::fit_request(request.clone(), everything.capabilities()).unwrap();
    assert_eq!((same, notes), (request.clone(), Vec::new()));

    let (short, notes) =
        adapt::fit_request(request.clone().with_negative_prompt("x".repeat(40)), &narrow).unwrap();
    assert_eq!(short.prompt, "a cup");
    assert!(notes[4].contains("was left out"), "{notes:?}");
    for (capabilities, seed) in [(narrow.clone(), 0), (narrow.with_seeds(0..=6), 7)] {
        let error = adapt::fit_request(request.clone().with_seed(seed), &capabilities).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "a seed is honoured or refused");
    }
}

/// Generators under these names, with what they can do.
fn chain<const N: usize>(generators: [Scripted<FakeImageGenerator>; N]) -> FallBack<Arc<dyn ImageGenerator>> {
    let door = Door::new(Policy::default().with_attempts(2).with_waits(Duration::ZERO, Duration::ZERO));
    let mut all = generators.into_iter().zip(["first", "second", "third"]).map(|(generator, name)| {
        let card = Card::new("acme", name).with_prices(Prices::per_picture(Money::from_micros(1_000)));
        Arc::new(door.guard(generator.with_card(card))) as Arc<dyn ImageGenerator>
    });
    let first = FallBack::new(all.next().unwrap());
    all.fold(first, FallBack::then)
}

async fn fallen(
    chain: &FallBack<Arc<dyn ImageGenerator>>,
    request: GenerateRequest,
    pictures: u32,
) -> Vec<Made> {
    let order = chain.order(request, pictures).unwrap();
    let mut made: Vec<_> = order.make(CallContext::new()).collect().await;
    made.sort_by_key(|made| made.place);
    assert_eq!(made.len(), pictures as usize);
    made
}

fn names(made: &[Made]) -> Vec<&str> {
    made.iter().map(|made| made.by.name.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn the_next_generator_is_asked_where_it_can_help() {
    use ErrorKind as Kind;
    for (kind, blocked, falls) in [
        (Kind::NotFound, false, true),
        (Kind::PermissionDenied, false, true),
        (Kind::RateLimited, false, true),
        (Kind::Timeout, false, true),
        (Kind::Unavailable, false, true),
        (Kind::Unsupported, false, true),
        (Kind::Blocked, false, false),
        (Kind::Blocked, true, true),
        (Kind::InvalidInput, true, false),
        (Kind::Unauthenticated, true, false),
        (Kind::InvalidReply, true, false),
    ] {
        let failing = generator(one_at_a_time()).always_fail(Error::new(kind, "no"));
        let made =
            fallen(&chain([failing, generator(one_at_a_time())]).with_blocked(blocked), cup(), 1).await;
        assert_eq!(made[0].result.is_ok(), falls, "{kind}");
        assert_eq!(names(&made), [if falls { "second" } else { "first" }]);
        assert_eq!(made[0].passed_over.len(), usize::from(falls));
    }
}

#[tokio::test(start_paused = true)]
async fn only_the_pictures_that_failed_are_asked_of_the_next_each_with_a_seed_of_its_own() {
    let first = generator(one_at_a_time()).then_answer().then_fail(down()).then_answer().always_fail(down());
    let (first_calls, second) = (first.calls(), generator(one_at_a_time().with_max_count(4)));
    let second_calls = second.calls();
    let made = fallen(&chain([first, second]), cup().with_seed(10), 4).await;
    assert_eq!(seeds(&made), [10, 11, 12, 13]);
    let others = names(&made).iter().filter(|name| **name == "second").count();
    assert_eq!((others, second_calls.count()), (2, 2), "{:?}", names(&made));
    assert!(first_calls.count() >= 4);
    for made in made.iter().filter(|made| made.by.name == "second") {
        assert_eq!(made.passed_over, ["first was passed over: unavailable in generate: down (attempts: 2)"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_found_out_once_and_not_asked_again() {
    for (kind, most) in
        [(ErrorKind::NotFound, 4), (ErrorKind::PermissionDenied, 4), (ErrorKind::Unavailable, 80)]
    {
        let first = generator(one_at_a_time())
            .always_fail(Error::new(kind, "no"))
            .with_latency(Duration::from_secs(1));
        let calls = first.calls();
        let made = fallen(&chain([first, generator(one_at_a_time())]), cup(), 40).await;
        assert!(made.iter().all(|made| made.result.is_ok()));
        assert_eq!(calls.count(), most, "{kind}");
        assert_eq!(seeds(&made).into_iter().collect::<HashSet<_>>().len(), 40);
    }
}

#[tokio::test(start_paused = true)]
async fn every_generator_gets_the_request_that_fits_it() {
    let sizes = Sizes::These(vec![PixelSize::new(32, 16)]);
    let second = generator(GeneratorCapabilities::new(sizes, 30));
    let calls = second.calls();
    let made = chain([generator(one_at_a_time().with_negative_prompt()).always_fail(down()), second]);
    let request = cup().with_seed(90).with_negative_prompt("blur");
    let prompt = "A cup of tea on a table. Steam rises from it, and the sea is grey.";
    let made = fallen(&made, request.with_prompt(prompt), 2).await;
    for request in calls.requests::<GenerateRequest>() {
        assert_eq!((request.prompt.as_str(), request.seed), ("A cup of tea on a table.", None));
        assert_eq!((request.size, request.negative_prompt), (Some(PixelSize::new(32, 16)), None));
    }
    assert_eq!(made[0].request.prompt, "A cup of tea on a table.");
    assert_eq!(
        made[0].notes,
        [
            "the seed was left out: it is none of this generator's",
            "the prompt was cut: it has 66 characters, this generator takes 30",
            "the negative prompt was left out: this generator takes none, and the prompt has no room for it",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_generator_that_cannot_serve_the_request_is_passed_over_without_a_call() {
    let other = || generator(one_at_a_time().with_task(TaskKind::Upscale, PromptRule::Refused));
    let (first, second) = (other(), other());
    let calls = [first.calls(), second.calls()];
    let made = fallen(&chain([first, second, generator(one_at_a_time())]), cup(), 2).await;
    assert_eq!(names(&made), ["third", "third"]);
    assert_eq!(calls.map(|calls| calls.count()), [0, 0]);
    let passed: Vec<_> = made[0].passed_over.iter().map(|note| note.split(' ').next().unwrap()).collect();
    assert_eq!(passed, ["first", "second"]);

    let error = chain([other(), other()]).order(cup(), 1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "nobody can");
    let error =
        chain([generator(one_at_a_time()), generator(one_at_a_time())]).order(cup().with_prompt(" "), 1);
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput, "an empty prompt is nobody's to mend");
}

#[tokio::test(start_paused = true)]
async fn when_all_fail_the_error_names_all_and_the_tab_has_what_each_attempt_may_have_cost() {
    let timeout = Error::new(ErrorKind::Timeout, "no answer").sent();
    let first = generator(one_at_a_time()).always_fail(timeout.clone());
    let second = generator(one_at_a_time()).always_fail(timeout);
    let order =
        chain([first, second, generator(one_at_a_time()).always_fail(down())]).order(cup(), 2).unwrap();
    assert_eq!((order.at_most().requests, order.at_most().output_pictures), (6, 6));
    let tab = Arc::new(Tab::new());
    let made: Vec<_> = order.make(CallContext::new().with_tab(Arc::clone(&tab))).collect().await;
    let error = made[0].result.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    let before = error.context("before").unwrap();
    assert!(
        before.starts_with("first was passed over: timeout") && before.contains("; second was"),
        "{before}"
    );
    // Two pictures, two generators, two attempts that may have been carried out; the third was never reached.
    assert_eq!(tab.spent().cost, Money::from_micros(8 * 1_000));
    assert!(made.iter().all(|made| made.spend.cost == Money::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_picture_is_given_as_soon_as_it_is_there_while_others_fall_back() {
    let first = generator(one_at_a_time()).then_fail(Error::new(ErrorKind::NotFound, "gone").sent());
    let first = first.with_latency(Duration::from_secs(1)).then_answer().then_answer();
    let second = generator(one_at_a_time()).with_latency(Duration::from_secs(60));
    let start = tokio::time::Instant::now();
    let order = chain([first, second]).order(cup(), 3).unwrap();
    let mut pictures = order.make(CallContext::new());
    for seconds in [1, 1, 61] {
        assert!(pictures.next().await.unwrap().result.is_ok());
        assert_eq!(start.elapsed().as_secs(), seconds);
    }
}
