use futures_util::StreamExt;
use keyvisual::{
    IndexProgress,
    roles::{AssetStore, DescribeRequest, GetAssetRequest, ListAssetsRequest, PutAssetRequest},
    testing::{ScriptedDescriber, ScriptedEmbedder},
};

use super::*;

fn slow(stores: &Stores) -> Rig {
    let describer = ScriptedDescriber::new().with_latency(ms(50));
    Rig::with(stores, describer, ScriptedEmbedder::new().with_latency(ms(20)))
}

/// Stops a run after any number of events and begins again: every answer is paid for once.
#[tokio::test(start_paused = true)]
async fn a_run_that_was_dropped_goes_on_where_it_was() {
    const PICTURES: u32 = 40;
    for events in [0, 1, 45, 60, 90, 130, 155] {
        let stores = Stores::default();
        let first = slow(&stores);
        let mut run = first.pipeline.library().index_list(items(PICTURES));
        for _ in 0..events {
            run.next().await.unwrap();
        }
        drop(run);
        assert_eq!(
            (first.described.in_flight(), first.embedded.in_flight()),
            (0, 0),
            "dropping stops the work"
        );

        let second = slow(&stores);
        let report = second.index(items(PICTURES)).await;
        assert_eq!(report.indexed + report.unchanged, u64::from(PICTURES), "after {events} events");
        let answered = first.described.count() - first.described.abandoned();
        assert_eq!(
            answered + second.described.count(),
            PICTURES as usize,
            "after {events} events: an answer that came is not asked for again"
        );
        assert_eq!(second.pipeline.library().count().await.unwrap(), u64::from(PICTURES));
    }
}

#[tokio::test(start_paused = true)]
async fn a_kept_description_is_used_although_the_embedder_failed() {
    let stores = Stores::default();
    let failing = ScriptedEmbedder::new()
        .always_fail(keyvisual::Error::new(keyvisual::ErrorKind::InvalidReply, "half a vector"));
    let first = Rig::with(&stores, ScriptedDescriber::new(), failing);
    assert_eq!(counts(&first.index(items(3)).await), [3, 0, 0, 0, 0, 3]);

    let second = Rig::on(&stores);
    let mut run = second.pipeline.library().index_list(items(3));
    let mut kept = 0;
    while let Some(event) = run.next().await {
        kept += usize::from(event.progress == IndexProgress::Described { kept: true });
    }
    assert_eq!(
        (kept, second.described.count(), second.embedded.requests::<DescribeRequest>().len()),
        (3, 0, 0)
    );
    assert_eq!(counts(run.report()), [3, 3, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_kept_result_that_cannot_be_read_is_made_anew() {
    let stores = Stores::default();
    let failing = ScriptedEmbedder::new()
        .always_fail(keyvisual::Error::new(keyvisual::ErrorKind::InvalidReply, "half a vector"));
    Rig::with(&stores, ScriptedDescriber::new(), failing).index(items(1)).await;
    let assets = &stores.assets;
    let keys = assets.list(ListAssetsRequest::new("library/")).await.unwrap().keys;
    let [key] = &keys[..] else { panic!("one result is kept: {keys:?}") };
    assets.delete(keyvisual::roles::DeleteAssetRequest::new(key)).await.unwrap();
    assets.put(PutAssetRequest::new(key, "{ half".as_bytes())).await.unwrap();

    let rig = Rig::on(&stores);
    assert_eq!(counts(&rig.index(items(1)).await), [1, 1, 0, 0, 0, 0]);
    assert_eq!(rig.described.count(), 1);
    let kept = assets.get(GetAssetRequest::new(key)).await.unwrap().bytes.unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&kept).is_ok(), "the good result takes its place");
}

#[tokio::test]
async fn the_picture_is_kept_as_it_came() {
    let rig = Rig::new();
    rig.index(items(1)).await;
    let image = image(0);
    let kept = rig.pipeline.picture(image.reference()).await.unwrap();
    assert_eq!(kept.bytes(), image.bytes());
}
