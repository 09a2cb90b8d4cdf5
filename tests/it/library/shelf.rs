use futures_util::TryStreamExt;
use keyvisual::{
    ErrorKind, IndexSettings, PicturePolicy, Search,
    domain::{Kpi, Reference, ReferenceId, Shortfall, Timestamp, Window},
    roles::{AssetStore, Caption, ListAssetsRequest},
    testing::{MemoryVectorStore, Scripted},
};

use super::*;

fn day(day: u32) -> Window {
    let at = |time| format!("2026-09-{day:02}T{time}Z").parse::<Timestamp>().unwrap();
    Window { from: at("00:00:00"), to: at("23:59:59") }
}

fn clicks(count: f64) -> Kpi {
    Kpi::rate_of("clicks", count, "impressions", 1_000.0).unwrap()
}

fn id(number: u32) -> ReferenceId {
    image(number).hash().into()
}

#[tokio::test]
async fn everything_known_of_a_picture_comes_back() {
    let rig = Rig::new();
    let item = item(1)
        .with_objective("Brand_Awareness")
        .with_audience("Nuevos Clientes")
        .with_caption(Caption::new("Een kop \"koffie\"\n— ☕").with_keywords(["kop", "koffie"]))
        .with_result(clicks(0.1 + 0.2).with_window(day(1)))
        .with_result(Kpi::total("likes", 1e15).unwrap().synthetic());
    let added = rig.pipeline.library().add(item.clone()).await.unwrap();
    let kept = rig.pipeline.library().get(&id(1)).await.unwrap();
    assert_eq!(kept, added);
    assert_eq!(kept.results, item.results);
    assert_eq!(kept.objective.unwrap().as_str(), "awareness");
    assert_eq!(kept.audience.unwrap().as_str(), "new customers");
    assert_eq!((kept.name.as_str(), kept.elements.len()), ("1.png", 2));
    assert_eq!(&kept.image, image(1).reference());
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let library = Rig::new().pipeline.library();
    let unknown = ReferenceId::new("nobody");
    let errors = [
        library.get(&unknown).await.map(|_| ()),
        library.delete(&unknown, PicturePolicy::Erase).await,
        library.update_results(&unknown, vec![]).await.map(|_| ()),
    ];
    for error in errors {
        assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert_eq!(library.count().await.unwrap(), 0);
    assert_eq!(library.list().try_collect::<Vec<_>>().await.unwrap(), []);
}

#[tokio::test]
async fn the_list_has_every_picture_once_over_all_pages() {
    let rig = Rig::new();
    rig.index(items(250)).await;
    let listed: Vec<Reference> = rig.pipeline.library().list().try_collect().await.unwrap();
    let mut wanted: Vec<_> = (0..250).map(id).collect();
    wanted.sort();
    assert_eq!(listed.into_iter().map(|reference| reference.id).collect::<Vec<_>>(), wanted);
}

#[tokio::test]
async fn results_replace_those_of_their_metric_and_window_only() {
    let rig = Rig::new();
    rig.index(items(1)).await;
    let library = rig.pipeline.library();
    let (monday, tuesday) = (clicks(1.0).with_window(day(7)), clicks(2.0).with_window(day(8)));
    library.update_results(&id(0), vec![monday.clone(), tuesday.clone()]).await.unwrap();
    let corrected = clicks(3.0).with_window(day(7));
    let likes = Kpi::total("likes", 9.0).unwrap();
    let after = library.update_results(&id(0), vec![corrected.clone(), likes.clone()]).await.unwrap();
    assert_eq!(after.results, [corrected, tuesday, likes]);
    assert_eq!(library.get(&id(0)).await.unwrap(), after);
    assert_eq!(rig.described.count(), 1, "no model is asked");
}

#[tokio::test]
async fn a_bad_figure_is_refused_and_nothing_is_written() {
    let rig = Rig::new();
    rig.index(items(1)).await;
    let mut bad = clicks(1.0);
    bad.numerator = f64::NAN;
    let error = rig.pipeline.library().update_results(&id(0), vec![clicks(5.0), bad]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(rig.pipeline.library().get(&id(0)).await.unwrap().results, []);
}

#[tokio::test(start_paused = true)]
async fn callers_at_once_lose_no_figures() {
    let vectors = Arc::new(Scripted::of(MemoryVectorStore::new()).with_latency(ms(10)));
    let stores = Stores { vectors, ..Stores::default() };
    let rig = Rig::on(&stores);
    rig.index(items(1)).await;
    let library = rig.pipeline.library();
    let other = rig.pipeline.clone().library().with_settings(IndexSettings::default());
    let update = |library: keyvisual::Library, on: u32| async move {
        library.update_results(&id(0), vec![clicks(f64::from(on)).with_window(day(on))]).await.unwrap();
    };
    tokio::join!(
        update(library.clone(), 1),
        update(other.clone(), 2),
        async { rig.index(vec![item(0).with_result(clicks(3.0).with_window(day(3)))]).await },
        update(library.clone(), 4),
        update(other, 5),
    );
    assert_eq!(library.get(&id(0)).await.unwrap().results.len(), 5);
}

#[tokio::test]
async fn deleting_keeps_or_erases_the_bytes_as_told() {
    for (policy, kept, asked_again) in [(PicturePolicy::Keep, 3, 0), (PicturePolicy::Erase, 0, 1)] {
        let rig = Rig::new();
        rig.index(items(1)).await;
        let library = rig.pipeline.library();
        library.delete(&id(0), policy).await.unwrap();
        assert_eq!(library.get(&id(0)).await.unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(library.count().await.unwrap(), 0);
        let keys = rig.stores.assets.list(ListAssetsRequest::new("")).await.unwrap().keys;
        assert_eq!(keys.len(), kept, "{policy:?}: {keys:?}");
        let again = Rig::on(&rig.stores);
        assert_eq!(again.index(items(1)).await.indexed, 1);
        assert_eq!(again.described.count(), asked_again, "{policy:?}");
    }
}

#[tokio::test]
async fn a_search_keeps_to_objective_and_audience_and_says_why_it_is_short() {
    let rig = Rig::new();
    let of = |number: u32, caption: &str, objective: &str| {
        item(number).with_caption(Caption::new(caption)).with_objective(objective).with_audience("customers")
    };
    rig.index(vec![
        of(1, "a red cup of coffee", "clicks"),
        of(2, "a dog at a window", "clicks"),
        of(3, "a red cup of coffee on a table", "likes"),
    ])
    .await;
    let library = rig.pipeline.library();
    let found = library.search(Search::text("red cup of coffee", 2).with_objective("CLICKS")).await.unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.reference.id.clone()).collect::<Vec<_>>(), [id(1), id(2)]);
    assert!(found.hits[0].similarity > found.hits[1].similarity && found.shortfall.is_none());

    let short = Search::text("red cup", 2).with_objective("likes").with_audience("customers");
    let found = library.search(short).await.unwrap();
    assert_eq!((found.hits.len(), found.shortfall), (1, Some(Shortfall::FewerMatch { matching: 1 })));

    let cut = library.search(Search::text("red cup", 5_000)).await.unwrap();
    assert_eq!(cut.hits.len(), 3);
    let near = library.search(Search::image(image(2), 1)).await.unwrap();
    assert_eq!(near.hits.len(), 1);
    let error = library.search(Search::text(" ", 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_search_in_an_empty_library_says_that_it_is_empty() {
    let found = Rig::new().pipeline.library().search(Search::text("a cup", 3)).await.unwrap();
    assert_eq!((found.hits.len(), found.shortfall), (0, Some(Shortfall::EmptyStore)));
}
