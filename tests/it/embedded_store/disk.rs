use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use keyvisual::{
    ErrorKind,
    backends::local::EmbeddedStore,
    domain::Record,
    roles::{CountRequest, DeleteRequest, ScanRequest, SearchRequest, UpsertRequest, VectorStore},
};
use tempfile::tempdir;

use super::{get, open, put, record, version};

#[tokio::test]
async fn a_second_handle_is_told_that_the_store_is_open() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    let error = EmbeddedStore::open(folder.path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Locked);
    assert!(error.to_string().contains("open already"), "{error}");
    put(&store, vec![record("a", 1)]).await;
    drop(store);
    assert_eq!(version(&get(&open(folder.path()).await, "a").await.unwrap().unwrap()), 1);
}

#[tokio::test]
async fn a_store_can_be_opened_as_soon_as_it_was_dropped() {
    let folder = tempdir().unwrap();
    for round in 0..10 {
        let store = open(folder.path()).await;
        let write = store.upsert(UpsertRequest::new((0..50).map(|i| record(i, round)).collect()));
        // The write is under way or not; its future goes first, then the store.
        drop(tokio::time::timeout(std::time::Duration::from_millis(1), write).await);
    }
}

#[tokio::test]
async fn a_file_in_place_of_the_folder_is_an_error_that_names_it() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("a file");
    fs::write(&path, "text").unwrap();
    let error = EmbeddedStore::open(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    assert!(error.to_string().contains("a file"), "{error}");
}

#[tokio::test]
async fn a_read_only_folder_is_permission_denied() {
    let folder = tempdir().unwrap();
    drop(open(folder.path()).await);
    let Some(_mount) = Mount::new(&["--bind", "-o", "ro"], folder.path(), folder.path()) else { return };
    let error = EmbeddedStore::open(folder.path()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
}

/// Whether the vectors or the catalog is what meets the end of the disk, depends on the size of the fields.
#[tokio::test]
async fn a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room() {
    for text in [0, 3_000] {
        let folder = tempdir().unwrap();
        let Some(mount) = Mount::new(&["-t", "tmpfs", "-o", "size=5m"], Path::new("tmpfs"), folder.path())
        else {
            return;
        };
        let wide = |id: i64| -> Record { record(id, id).with_field("text", "x".repeat(text)) };
        let store = open(folder.path()).await;
        let mut kept = 0;
        let error = loop {
            let batch = (kept..kept + 100).map(wide).collect();
            match store.upsert(UpsertRequest::new(batch)).await {
                Ok(reply) => assert!(reply.results.iter().all(Result::is_ok)),
                Err(error) => break error,
            }
            kept += 100;
        };
        assert_eq!(error.kind(), ErrorKind::StorageFull, "{error:?}");
        assert!(kept > 0, "something fits");
        check_kept(&store, kept).await;
        // The catalog was opened again and may have given room back; what is said of a write holds either way.
        match store.upsert(UpsertRequest::new((0..1000).map(wide).collect())).await {
            Ok(_) => kept = kept.max(1000),
            Err(again) => assert_eq!(again.kind(), ErrorKind::StorageFull, "{again:?}"),
        }
        check_kept(&store, kept).await;

        mount.resize("24m");
        put(&store, (kept..kept + 100).map(wide).collect()).await;
        check_kept(&store, kept + 100).await;
        store.delete(DeleteRequest::new(vec![(kept + 99).to_string()])).await.unwrap();
        drop(store);
        let store = open(folder.path()).await;
        check_kept(&store, kept + 99).await;
        drop(store);
    }
}

/// Exactly the records 0 to `kept` can be read, found and counted.
async fn check_kept(store: &EmbeddedStore, kept: i64) {
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, kept as u64);
    let mut found = Vec::new();
    let mut request = ScanRequest::new(500);
    loop {
        let page = store.scan(request.clone()).await.unwrap();
        assert!(page.damaged.is_empty());
        found.extend(page.records.iter().map(version));
        let Some(next) = page.next else { break };
        request = request.with_cursor(next);
    }
    found.sort_unstable();
    assert_eq!(found, (0..kept).collect::<Vec<_>>());
    let query = record("query", 0).vector;
    let hits = store.search(SearchRequest::new(query, 1)).await.unwrap().hits;
    assert_eq!(hits[0].id, "0");
}

/// A mount that goes with its scope. There is none where this user may not mount; the test then says so.
struct Mount<'a>(&'a Path);

impl<'a> Mount<'a> {
    fn new(arguments: &[&str], what: &Path, target: &'a Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        let status = mount.args(arguments).arg(what).arg(target).stderr(Stdio::null()).status();
        if status.is_ok_and(|status| status.success()) {
            return Some(Self(target));
        }
        eprintln!("not tested: this user may not mount a file system");
        None
    }

    fn resize(&self, size: &str) {
        let options = format!("remount,size={size}");
        assert!(Command::new("mount").args(["-o", &options]).arg(self.0).status().unwrap().success());
    }
}

impl Drop for Mount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}
