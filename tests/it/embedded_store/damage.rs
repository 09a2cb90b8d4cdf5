use std::{fs, path::Path};

use keyvisual::{
    ErrorKind,
    domain::{Embedding, Filter},
    roles::{CountRequest, DeleteRequest, ScanRequest, SearchRequest, VectorStore},
};
use tempfile::tempdir;

use super::{get, open, put, record, segments, version};

/// Where row `row` begins: a header of 64 bytes, frames of 8 bytes and four numbers.
fn frame(row: usize) -> usize {
    64 + row * 24
}

/// A store with the records 0 to 9, closed, its bytes changed by `damage`.
async fn damaged(folder: &Path, damage: impl Fn(&mut Vec<u8>)) {
    let store = open(folder).await;
    put(&store, (0..10).map(|i| record(i, i)).collect()).await;
    drop(store);
    let path = &segments(folder)[0];
    let mut bytes = fs::read(path).unwrap();
    assert_eq!(bytes.len(), frame(10), "the file format has changed");
    damage(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Record `bad` is damaged, each call says so in its way, and everything else can be read.
async fn check_named(folder: &Path, bad: i64) {
    let store = open(folder).await;
    let name = bad.to_string();
    let error = get(&store, &name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
    assert_eq!(error.context("id"), Some(&*name), "{error}");

    let page = store.scan(ScanRequest::new(4)).await.unwrap();
    let rest = store.scan(ScanRequest::new(100).with_cursor(page.next.unwrap())).await.unwrap();
    let whole: Vec<_> = page.records.iter().chain(&rest.records).map(version).collect();
    assert_eq!(whole, (0..10).filter(|i| *i != bad).collect::<Vec<_>>(), "the others can be read");
    let named: Vec<_> = page.damaged.iter().chain(&rest.damaged).map(|(id, e)| (&**id, e.kind())).collect();
    assert_eq!(named, [(&*name, ErrorKind::Corrupt)], "a scan names the damaged record");

    let query = SearchRequest::new(Embedding::new(vec![1.0, 0.0, 0.0, 0.0]).unwrap(), 20);
    let error = store.search(query.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.context("id")), (ErrorKind::Corrupt, Some(&*name)), "{error}");
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 10, "it is there, though damaged");
}

/// Writing the record again or deleting it mends the store, also after it is opened anew.
async fn check_mended(folder: &Path, bad: i64, delete: bool) {
    let store = open(folder).await;
    if delete {
        store.delete(DeleteRequest::new(vec![bad.to_string()])).await.unwrap();
    } else {
        put(&store, vec![record(bad, bad)]).await;
    }
    drop(store);
    let store = open(folder).await;
    let query = SearchRequest::new(Embedding::new(vec![1.0, 0.0, 0.0, 0.0]).unwrap(), 20);
    assert_eq!(store.search(query).await.unwrap().hits.len(), if delete { 9 } else { 10 });
    assert!(store.scan(ScanRequest::new(100)).await.unwrap().damaged.is_empty());
}

#[tokio::test]
async fn a_flipped_byte_is_found_wherever_it_is() {
    for (byte, delete) in [(0, false), (3, true), (8, false), (15, true), (23, false)] {
        let folder = tempdir().unwrap();
        damaged(folder.path(), |bytes| bytes[frame(3) + byte] ^= 0x10).await;
        check_named(folder.path(), 3).await;
        check_mended(folder.path(), 3, delete).await;
    }
}

#[tokio::test]
async fn a_search_that_the_damaged_record_cannot_pass_is_answered() {
    let folder = tempdir().unwrap();
    damaged(folder.path(), |bytes| bytes[frame(3) + 9] ^= 1).await;
    let store = open(folder.path()).await;
    let query = SearchRequest::new(Embedding::new(vec![1.0, 0.0, 0.0, 0.0]).unwrap(), 20);
    let others = query.with_filter(Filter::at_least("version", 4));
    assert_eq!(store.search(others).await.unwrap().hits.len(), 6);
}

#[tokio::test]
async fn two_frames_in_each_others_place_are_both_found() {
    let folder = tempdir().unwrap();
    damaged(folder.path(), |bytes| {
        let (first, second) = bytes[frame(2)..frame(4)].split_at_mut(24);
        first.swap_with_slice(second);
    })
    .await;
    let store = open(folder.path()).await;
    for id in ["2", "3"] {
        assert_eq!(get(&store, id).await.unwrap_err().kind(), ErrorKind::Corrupt);
    }
    assert_eq!(version(&get(&store, "4").await.unwrap().unwrap()), 4);
}

#[tokio::test]
async fn rows_that_a_short_file_lacks_are_named() {
    let folder = tempdir().unwrap();
    damaged(folder.path(), |bytes| bytes.truncate(frame(9) + 20)).await;
    check_named(folder.path(), 9).await;
    check_mended(folder.path(), 9, false).await;
}

#[tokio::test]
async fn a_torn_tail_is_cut_off() {
    let folder = tempdir().unwrap();
    damaged(folder.path(), |bytes| bytes.extend([0xaa; 37])).await;
    fs::write(folder.path().join("segments/0000000077.vectors"), b"never published").unwrap();
    let store = open(folder.path()).await;
    let found = segments(folder.path());
    assert_eq!(found.len(), 1, "a segment that was never published goes");
    assert_eq!(fs::metadata(&found[0]).unwrap().len(), frame(10) as u64);
    put(&store, vec![record(10, 10)]).await;
    drop(store);
    let store = open(folder.path()).await;
    for i in 0..=10 {
        assert_eq!(version(&get(&store, &i.to_string()).await.unwrap().unwrap()), i);
    }
}

#[tokio::test]
async fn damaged_fields_are_found_too() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    put(&store, (0..10).map(|i| record(i, i).with_field("text", format!("needle-{i}-end"))).collect()).await;
    drop(store);
    let path = folder.path().join("catalog.redb");
    let mut bytes = fs::read(&path).unwrap();
    let needle = b"needle-3-end";
    let places: Vec<_> =
        (0..bytes.len() - needle.len()).filter(|at| bytes[*at..].starts_with(needle)).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at + 2] ^= 1;
    }
    fs::write(&path, bytes).unwrap();
    check_named(folder.path(), 3).await;
    check_mended(folder.path(), 3, false).await;
}
