use std::{fs, path::Path};

use futures_util::future::join_all;
use keyvisual::{
    domain::{Filter, Value},
    roles::{CountRequest, DeleteRequest, ScanRequest, SearchRequest, VectorStore},
};
use tempfile::tempdir;

use super::{get, open, put, record, segments, version};

/// A frame of four numbers.
const FRAME: u64 = 24;

fn bytes(folder: &Path) -> u64 {
    segments(folder).iter().map(|path| fs::metadata(path).unwrap().len()).sum()
}

/// Writes go on until the background has nothing left to do: a compaction waits in the same line.
#[tokio::test]
async fn space_of_old_versions_comes_back_by_itself() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    for round in 0..8 {
        for batch in 0..3 {
            put(&store, (batch * 1000..(batch + 1) * 1000).map(|i| record(i, round)).collect()).await;
        }
    }
    drop(store);
    let store = open(folder.path()).await;
    put(&store, vec![record(0, 7)]).await;
    for i in [0, 1, 1_500, 2_999] {
        assert_eq!(version(&get(&store, &i.to_string()).await.unwrap().unwrap()), 7);
    }
    assert!(
        bytes(folder.path()) < 3 * 3_000 * FRAME,
        "eight versions of 3,000 records take {}",
        bytes(folder.path())
    );
}

#[tokio::test]
async fn compact_gives_everything_back() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    for batch in 0..5 {
        put(&store, (batch * 1000..(batch + 1) * 1000).map(|i| record(i, 1)).collect()).await;
    }
    let removed = |i: &i64| i % 5 < 2;
    for batch in (0..5_000).filter(removed).collect::<Vec<_>>().chunks(1000) {
        store.delete(DeleteRequest::new(batch.iter().map(i64::to_string).collect())).await.unwrap();
    }
    let before = bytes(folder.path());
    let given_back = store.compact().await.unwrap();
    assert_eq!(before - bytes(folder.path()), given_back, "the reply says how much came back");
    assert!(bytes(folder.path()) <= 3_000 * FRAME + 64 * 8, "3,000 records take {}", bytes(folder.path()));
    assert_eq!(store.compact().await.unwrap(), 0, "a second time there is nothing to give back");
    drop(store);
    let store = open(folder.path()).await;
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 3_000);
    for i in (0..5_000).step_by(77) {
        assert_eq!(get(&store, &i.to_string()).await.unwrap().is_some(), !removed(&i), "{i}");
    }
}

/// A batch is one commit: a page that holds all records shows one version of them, whatever is written,
/// removed and compacted meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_see_one_state_as_a_whole() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    put(&store, (0..500).map(|i| record(i, 0)).collect()).await;
    let write = async {
        for round in 1..12 {
            put(&store, (0..500).map(|i| record(i, round)).collect()).await;
            if round % 4 == 0 {
                store.compact().await.unwrap();
            }
        }
    };
    let read = async {
        let mut last = 0;
        while last < 11 {
            let page = store.scan(ScanRequest::new(500)).await.unwrap();
            let seen: Vec<_> = page.records.iter().map(version).collect();
            assert_eq!(seen, vec![seen[0]; 500], "one version of every record");
            assert!(seen[0] >= last, "a later read sees no earlier state");
            last = seen[0];
            let query =
                SearchRequest::new(record("", last).vector, 500).with_filter(Filter::exists("version"));
            let hits = store.search(query).await.unwrap().hits;
            let first = hits[0].fields.get("version").unwrap();
            assert!(hits.len() == 500 && hits.iter().all(|hit| hit.fields.get("version") == Some(first)));
            assert!(matches!(first, Value::Integer(version) if *version >= last), "reads its own past");
        }
    };
    tokio::join!(write, read);
}

/// Upserts that come one by one while others are on their way are all there.
#[tokio::test]
async fn a_hundred_upserts_at_once_are_all_kept() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    join_all((0..100).map(|i| put(&store, vec![record(i, i)]))).await;
    drop(store);
    let store = open(folder.path()).await;
    for i in 0..100 {
        assert_eq!(version(&get(&store, &i.to_string()).await.unwrap().unwrap()), i);
    }
}
