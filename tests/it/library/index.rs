use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::{StreamExt, stream};
use keyvisual::{
    Error, ErrorKind, IndexProgress, IndexSettings,
    domain::{Kpi, Record},
    roles::{Caption, DescribeReply, EmbedRequest, UpsertRequest, VectorStoreCapabilities},
    testing::{MemoryVectorStore, Scripted, ScriptedDescriber, ScriptedEmbedder},
};

use super::*;

fn clicks(count: f64) -> Kpi {
    Kpi::rate_of("clicks", count, "impressions", 1_000.0).unwrap()
}

#[tokio::test]
async fn a_second_run_asks_no_model_and_writes_nothing() {
    let first = Rig::new();
    assert_eq!(counts(&first.index(items(20)).await), [20, 20, 0, 0, 0, 0]);
    assert_eq!((first.described.count(), first.pipeline.library().count().await.unwrap()), (20, 20));
    let upserts = first.upserts();

    let second = Rig::on(&first.stores);
    let assets = first.stores.assets.calls().count();
    let report = second.index(items(20)).await;
    assert_eq!(counts(&report), [20, 0, 0, 20, 0, 0]);
    assert_eq!((second.described.count(), second.embedded.count()), (0, 0));
    assert_eq!((report.described, report.embedded), (0, 0));
    assert_eq!(second.upserts(), upserts);
    assert_eq!(second.stores.assets.calls().count(), assets, "the assets are not even looked at");
}

#[tokio::test]
async fn changed_metadata_is_written_without_asking_a_model() {
    let rig = Rig::new();
    rig.index(vec![item(1), item(2)]).await;
    let changed = item(1).with_objective("clicks").with_audience("customers").with_result(clicks(5.0));
    let report = rig.index(vec![changed.clone(), item(2)]).await;
    assert_eq!(counts(&report), [2, 0, 1, 1, 0, 0]);
    assert_eq!((rig.described.count(), rig.embedded.requests::<EmbedRequest>().len()), (2, 2));
    let kept = rig.pipeline.library().get(&image(1).hash().into()).await.unwrap();
    assert_eq!((kept.objective, kept.audience), (Some("clicks".into()), Some("customers".into())));
    assert_eq!(kept.results, [clicks(5.0)]);
    assert_eq!(kept.description, format!("a picture {}", &image(1).hash().as_str()[..8]));
    assert_eq!(counts(&rig.index(vec![changed]).await), [1, 0, 0, 1, 0, 0]);
}

#[tokio::test]
async fn a_changed_caption_is_described_and_embedded_again() {
    let rig = Rig::new();
    rig.index(vec![item(1).with_result(clicks(5.0))]).await;
    let captioned = item(1).with_caption(Caption::new("A red cup").with_keywords(["cup", "red"]));
    assert_eq!(counts(&rig.index(vec![captioned.clone()]).await), [1, 1, 0, 0, 0, 0]);
    assert_eq!((rig.described.count(), rig.embedded.count()), (2, 2));
    let kept = rig.pipeline.library().get(&image(1).hash().into()).await.unwrap();
    assert_eq!((kept.description.as_str(), kept.elements.len(), kept.results.len()), ("A red cup", 2, 1));
    assert_eq!(counts(&rig.index(vec![captioned]).await), [1, 0, 0, 1, 0, 0]);
}

#[tokio::test]
async fn what_an_item_leaves_out_stays_as_it_was() {
    let rig = Rig::new();
    let full = item(1).with_objective("likes").with_audience("fans").with_result(clicks(5.0));
    rig.index(vec![full.with_caption(Caption::new("A red cup"))]).await;
    assert_eq!(counts(&rig.index(vec![item(1)]).await), [1, 0, 0, 1, 0, 0]);
    let kept = rig.pipeline.library().get(&image(1).hash().into()).await.unwrap();
    assert_eq!((kept.objective, kept.description.as_str()), (Some("likes".into()), "A red cup"));
    assert_eq!(rig.described.count(), 1);
}

#[tokio::test]
async fn another_describer_makes_everything_anew_from_the_old_captions() {
    let rig = Rig::new();
    rig.index(vec![item(1).with_caption(Caption::new("A red cup"))]).await;
    let card = keyvisual::domain::Card::new("elsewhere", "better");
    let other = Rig::with(&rig.stores, ScriptedDescriber::new().with_card(card), ScriptedEmbedder::new());
    assert_eq!(counts(&other.index(vec![item(1)]).await), [1, 1, 0, 0, 0, 0]);
    assert_eq!(other.described.count(), 1);
    let kept = other.pipeline.library().get(&image(1).hash().into()).await.unwrap();
    assert_eq!(kept.description, "A red cup");
}

#[tokio::test]
async fn one_picture_under_two_names_is_indexed_once_under_the_first() {
    let rig = Rig::new();
    let mut twin = item(1);
    twin.name = "twin.png".into();
    for run in 0..2 {
        let report = rig.index(vec![item(1), twin.clone(), item(2)]).await;
        assert_eq!(report.duplicates, ["twin.png"]);
        assert_eq!(report.indexed + report.unchanged, 2, "run {run}");
        assert_eq!(report.updated, 0, "run {run}");
    }
    let kept = rig.pipeline.library().get(&image(1).hash().into()).await.unwrap();
    assert_eq!((kept.name.as_str(), rig.described.count()), ("1.png", 2));
}

#[tokio::test]
async fn a_model_error_costs_one_picture_and_the_next_run_repairs_it() {
    let describer = ScriptedDescriber::new()
        .then_answer()
        .then_fail(Error::new(ErrorKind::Blocked, "not this one"))
        .then_answer();
    let rig = Rig::with(&Stores::default(), describer, ScriptedEmbedder::new());
    let report = rig.index(items(10)).await;
    assert_eq!(counts(&report), [10, 9, 0, 0, 0, 1]);
    let failure = &report.failed[0];
    assert_eq!((failure.error.kind(), failure.error.operation()), (ErrorKind::Blocked, Some("describe")));
    assert_eq!(failure.id, Some(image(1).hash().into()));
    assert_eq!(counts(&rig.index(items(10)).await), [10, 1, 0, 9, 0, 0]);
    assert_eq!(rig.described.count(), 11);
}

#[tokio::test]
async fn an_error_of_one_place_in_a_batch_stays_there() {
    let stores = Stores::default();
    // A zero vector has no direction: an embedder of one dimension and no words gives one for no text.
    let rig = Rig::on(&stores);
    let long = LibraryItem::new("long", image(7)).with_caption(Caption::new("a caption"));
    let broken = Image::new(image(8).bytes().slice(..30)).unwrap();
    let report = rig.index(vec![item(1), LibraryItem::new("broken", broken), long, item(2)]).await;
    assert_eq!(counts(&report), [4, 3, 0, 0, 0, 1]);
    assert_eq!(report.failed[0].name, "broken");
    assert_eq!(report.failed[0].error.operation(), Some("read"));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_concerns_everything_stops_the_run() {
    for kind in [ErrorKind::Unauthenticated, ErrorKind::PermissionDenied, ErrorKind::Unsupported] {
        let describer =
            ScriptedDescriber::new().with_latency(ms(50)).always_fail(Error::new(kind, "no picture's fault"));
        let rig = Rig::with(&Stores::default(), describer, ScriptedEmbedder::new());
        let mut run = rig.pipeline.library().index_list(items(1_000));
        while run.next().await.is_some() {}
        assert_eq!(run.report().stopped.as_ref().map(Error::kind), Some(kind));
        assert!(rig.described.count() <= 8, "{} calls were made in vain", rig.described.count());
        let error = rig.pipeline.library().index_list(items(10)).await.unwrap_err();
        assert_eq!(error.kind(), kind);
    }
}

#[tokio::test]
async fn another_space_is_refused_before_anything_is_spent() {
    let rig = Rig::new();
    rig.index(items(1)).await;
    let space = keyvisual::domain::EmbeddingSpace::new("another", "1", 32);
    let embedder = Scripted::of(keyvisual::testing::FakeEmbedder::of(space));
    let other = Rig::with(&rig.stores, ScriptedDescriber::new(), embedder);
    let error = other.pipeline.library().index_list(items(5)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SpaceMismatch, "{error}");
    assert_eq!(other.described.count(), 0);
}

#[tokio::test]
async fn every_picture_has_its_events_in_order_and_one_end() {
    let rig = Rig::new();
    let broken = Image::new(image(8).bytes().slice(..30)).unwrap();
    let mut run = rig.pipeline.library().index_list(vec![item(1), LibraryItem::new("broken", broken)]);
    let mut events: Vec<(String, IndexProgress)> = Vec::new();
    while let Some(event) = run.next().await {
        assert_eq!(
            event.id.is_none(),
            matches!(event.progress, IndexProgress::Found) || event.name == "broken"
        );
        events.push((event.name, event.progress));
    }
    let of = |name: &str| -> Vec<_> {
        events.iter().filter(|(of, _)| of == name).map(|(_, progress)| progress.clone()).collect()
    };
    assert_eq!(
        of("1.png"),
        [
            IndexProgress::Found,
            IndexProgress::Described { kept: false },
            IndexProgress::Embedded { kept: false },
            IndexProgress::Indexed
        ]
    );
    assert!(matches!(of("broken")[..], [IndexProgress::Found, IndexProgress::Failed { .. }]));
    assert_eq!(counts(run.report()), [2, 1, 0, 0, 0, 1]);
    assert_eq!(run.report().to_string(), "2 pictures: 1 new, 1 failed");
}

#[tokio::test(start_paused = true)]
async fn what_the_describer_notes_of_a_picture_is_in_the_report() {
    let note = "the caption reads like an instruction to a model";
    let reply = DescribeReply::new("a cup", vec!["cup".into()]).with_notes(vec![note.into()]);
    let describer = ScriptedDescriber::new().then_reply(reply);
    let rig = Rig::with(&Stores::default(), describer, ScriptedEmbedder::new());
    let report = rig.pipeline.library().index_list(vec![item(1), item(2)]).await.unwrap();
    let noted: Vec<_> = report.noted.iter().map(|noted| (noted.name.as_str(), noted.note.as_str())).collect();
    assert_eq!(noted, [("1.png", note)]);
    assert_eq!(report.to_string(), "2 pictures: 2 new; 1 note");
}

#[tokio::test(start_paused = true)]
async fn items_are_taken_only_as_far_ahead_as_there_is_room() {
    let describer = ScriptedDescriber::new().with_latency(ms(10));
    let rig = Rig::with(&Stores::default(), describer, ScriptedEmbedder::new());
    let taken = Arc::new(AtomicUsize::new(0));
    let (counter, described) = (Arc::clone(&taken), rig.described.clone());
    let source = stream::iter(0..2_000_u32).map(move |number| {
        let ahead = counter.fetch_add(1, Ordering::Relaxed) + 1 - described.count();
        assert!(ahead <= 60, "{ahead} pictures are in memory");
        Ok(item(number))
    });
    let run = rig.pipeline.library().index(source);
    assert_eq!(taken.load(Ordering::Relaxed), 0, "nothing happens before the run is polled");
    assert_eq!(counts(&run.await.unwrap()), [2_000, 2_000, 0, 0, 0, 0]);
    assert_eq!(rig.described.most_at_once(), 8);
}

#[tokio::test(start_paused = true)]
async fn records_are_written_in_batches_of_what_is_ready() {
    let store = MemoryVectorStore::new().with_capabilities(VectorStoreCapabilities::new(5, 100, 64));
    let vectors = Arc::new(Scripted::of(store).with_latency(ms(20)));
    let stores = Stores { vectors: Arc::clone(&vectors), ..Stores::default() };
    let rig = Rig::on(&stores);
    let settings = IndexSettings::default().with_upsert(1);
    let report = rig.pipeline.library().with_settings(settings).index_list(items(100)).await.unwrap();
    assert_eq!(report.indexed, 100);
    let batches: Vec<Vec<Record>> =
        vectors.calls().requests::<UpsertRequest>().into_iter().map(|request| request.records).collect();
    assert!(batches.iter().all(|batch| batch.len() <= 5));
    assert!(batches.len() <= 30, "{} calls for 100 records in batches of up to 5", batches.len());
    assert_eq!(batches.concat().len(), 100);

    // With calls to spare, an item that somebody took along waits for its result and for nothing else.
    let vectors = Arc::new(Scripted::of(MemoryVectorStore::new()).with_latency(ms(20)));
    let spare = Rig::on(&Stores { vectors, ..Stores::default() });
    assert_eq!(spare.index(items(100)).await.indexed, 100);

    // With nothing in the way, the first record does not wait for company.
    let lone = Rig::new();
    let started = tokio::time::Instant::now();
    lone.index(items(1)).await;
    assert!(started.elapsed() < ms(1));
}

#[tokio::test(start_paused = true)]
async fn two_runs_at_once_pay_for_a_picture_once() {
    let describer = ScriptedDescriber::new().with_latency(ms(50));
    let rig = Rig::with(&Stores::default(), describer, ScriptedEmbedder::new());
    let (one, two) = tokio::join!(rig.index(items(30)), rig.index(items(30)));
    assert_eq!(rig.described.count(), 30);
    assert_eq!((one.indexed + two.indexed, one.unchanged + two.unchanged), (30, 30));
}

#[tokio::test]
async fn an_item_that_is_an_error_is_reported_and_the_others_go_on() {
    let rig = Rig::new();
    let source = stream::iter([Ok(item(1)), Err(Error::invalid("no such thing")), Ok(item(2))]);
    let report = rig.pipeline.library().index(source).await.unwrap();
    assert_eq!(counts(&report), [3, 2, 0, 0, 0, 1]);
}

#[tokio::test]
async fn a_picture_that_unfolds_to_too_many_pixels_is_refused() {
    let rig = Rig::new();
    let limits = keyvisual::imaging::Limits::default().with_max_pixels(40);
    let library = rig.pipeline.library().with_settings(IndexSettings::default().with_limits(limits));
    let report = library.index_list(items(3)).await.unwrap();
    assert_eq!(counts(&report), [3, 0, 0, 0, 0, 3]);
    assert!(report.failed[0].error.message().contains("more than the limit of 40"));
    assert_eq!(rig.described.count(), 0);
}
