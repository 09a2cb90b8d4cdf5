//! Codes and lists are kept beside the vectors, follow every change, and can be made again.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use keyvisual::{
    ErrorKind,
    backends::local::EmbeddedStore,
    domain::{Embedding, EmbeddingSpace, FieldType, Filter, Record, Schema},
    roles::{CountRequest, CreateRequest, DeleteRequest, SearchRequest, VectorStore},
};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use tempfile::tempdir;

use super::{get, put};

const DIMENSIONS: usize = 24;
const FOLDER: &str = "KEYVISUAL_TEST_KILLED_LISTS";

async fn open(folder: &Path) -> EmbeddedStore {
    let store = EmbeddedStore::open(folder).await.unwrap();
    let schema = Schema::new().with_filterable("number", FieldType::Integer);
    store
        .create(CreateRequest::new(EmbeddingSpace::new("test/codes", "1", DIMENSIONS), schema))
        .await
        .unwrap();
    store
}

/// A vector of its own for each number and version.
fn vector(number: i64, version: u64) -> Embedding {
    let mut random = fastrand::Rng::with_seed(number as u64 ^ version << 40);
    Embedding::new((0..DIMENSIONS).map(|_| random.f32() - 0.5).collect::<Vec<_>>()).unwrap()
}

fn records(numbers: std::ops::Range<i64>, version: u64) -> Vec<Record> {
    numbers
        .map(|number| Record::new(number.to_string(), vector(number, version)).with_field("number", number))
        .collect()
}

async fn put_all(store: &EmbeddedStore, numbers: std::ops::Range<i64>, version: u64) {
    for records in records(numbers, version).chunks(1000) {
        put(store, records.to_vec()).await;
    }
}

/// Each of `numbers` is the best answer to its own vector, with a filter and without.
async fn check_found(store: &EmbeddedStore, numbers: impl Iterator<Item = i64>, version: u64) {
    for number in numbers {
        for filter in [None, Some(Filter::at_least("number", number))] {
            let mut request = SearchRequest::new(vector(number, version), 2);
            request.filter = filter;
            let hits = store.search(request).await.unwrap().hits;
            assert_eq!(hits[0].id, number.to_string(), "{hits:?}");
            assert!(hits[0].score > 0.999_999, "{hits:?}");
            assert!(hits.len() < 2 || hits[1].score < 0.999, "an old version is found too: {hits:?}");
        }
    }
}

#[tokio::test]
async fn what_was_written_a_moment_ago_is_found() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    put_all(&store, 0..3_000, 0).await;
    store.settle().await.unwrap();
    put_all(&store, 2_990..3_100, 1).await;
    check_found(&store, [2_990, 2_999, 3_000, 3_099].into_iter(), 1).await;
    check_found(&store, [0, 1_023, 1_024, 2_989].into_iter(), 0).await;
}

#[tokio::test]
async fn upserts_deletes_and_compaction_keep_lists_right() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    put_all(&store, 0..9_000, 0).await;
    store.settle().await.unwrap();
    put_all(&store, 0..3_000, 1).await;
    let gone = (3_000..5_000).map(|number| number.to_string()).collect::<Vec<_>>();
    for ids in gone.chunks(1000) {
        store.delete(DeleteRequest::new(ids.to_vec())).await.unwrap();
    }
    check_changed(&store).await;
    store.settle().await.unwrap();
    check_changed(&store).await;
    store.compact().await.unwrap();
    check_changed(&store).await;
    drop(store);
    let store = open(folder.path()).await;
    check_changed(&store).await;
    store.settle().await.unwrap();
    check_changed(&store).await;
}

async fn check_changed(store: &EmbeddedStore) {
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 7_000);
    let filter =
        Filter::And(vec![Filter::at_least("number", 2_000_i64), Filter::at_most("number", 5_999_i64)]);
    assert_eq!(store.count(CountRequest::new().with_filter(filter)).await.unwrap().count, 2_000);
    check_found(store, (0..3_000).step_by(311), 1).await;
    check_found(store, (5_000..9_000).step_by(311), 0).await;
    let hits = store.search(SearchRequest::new(vector(4_000, 0), 7_000)).await.unwrap().hits;
    assert_eq!(hits.len(), 7_000, "every record is found once");
    assert!(hits[0].score < 0.999, "what was removed is not found");
}

/// More rows than runs are put into one block: the blocks that they make are joined, but for what is small against one.
#[tokio::test]
async fn rows_that_were_settled_at_different_times_come_to_lie_together() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    put_all(&store, 0..35_000, 0).await;
    store.settle().await.unwrap();
    put_all(&store, 35_000..70_000, 0).await;
    put_all(&store, 0..50, 1).await;
    store.settle().await.unwrap();
    check_joined(&store).await;
    drop(store);
    let mut sizes = BTreeMap::<u32, usize>::new();
    for (number, _, bytes) in pieces(folder.path()) {
        *sizes.entry(number).or_default() += bytes;
    }
    let mut sizes: Vec<usize> = sizes.into_values().collect();
    sizes.sort_unstable();
    let mut smaller = 0;
    for size in &sizes {
        assert!(*size > 3 * smaller, "two of these should be one: {sizes:?}");
        smaller += size;
    }
    check_joined(&open(folder.path()).await).await;
}

/// A process may be killed between two commits of a block. Its pieces are none of the next block of that number.
#[tokio::test]
async fn pieces_of_a_block_that_was_never_finished_are_left_out() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    put_all(&store, 0..3_000, 0).await;
    store.settle().await.unwrap();
    drop(store);
    let catalog = Database::open(folder.path().join("catalog.redb")).unwrap();
    let write = catalog.begin_write().unwrap();
    {
        let mut blocks = write.open_table(TableDefinition::<(u32, u32), &[u8]>::new("blocks")).unwrap();
        let last = blocks.last().unwrap().unwrap().0.value().0;
        let begun = blocks.get((last, 0)).unwrap().unwrap().value().to_vec();
        for piece in [0, 1, 2, 40] {
            blocks.insert((last + 1, piece), &*begun).unwrap();
        }
    }
    write.commit().unwrap();
    drop(catalog);

    let store = open(folder.path()).await;
    check_found(&store, (0..3_000).step_by(311), 0).await;
    put_all(&store, 3_000..7_000, 0).await;
    store.settle().await.unwrap();
    drop(store);
    let mut next = BTreeMap::<u32, u32>::new();
    for (number, piece, _) in pieces(folder.path()) {
        let next = next.entry(number).or_default();
        assert_eq!(piece, *next, "of block {number}");
        *next += 1;
    }
    check_found(&open(folder.path()).await, (0..7_000).step_by(311), 0).await;
}

/// Number, piece and bytes of every piece of a block in a store that nobody has open.
fn pieces(folder: &Path) -> Vec<(u32, u32, usize)> {
    let catalog = Database::open(folder.join("catalog.redb")).unwrap();
    let read = catalog.begin_read().unwrap();
    let blocks = read.open_table(TableDefinition::<(u32, u32), &[u8]>::new("blocks")).unwrap();
    let piece = |(key, bytes): (redb::AccessGuard<'_, (u32, u32)>, redb::AccessGuard<'_, &[u8]>)| {
        let (number, piece) = key.value();
        (number, piece, bytes.value().len())
    };
    blocks.iter().unwrap().map(|entry| piece(entry.unwrap())).collect()
}

async fn check_joined(store: &EmbeddedStore) {
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 70_000);
    let filter = Filter::at_least("number", 34_990_i64);
    assert_eq!(store.count(CountRequest::new().with_filter(filter)).await.unwrap().count, 35_010);
    check_found(store, (0..50).step_by(7), 1).await;
    check_found(store, (50..70_000).step_by(4_999), 0).await;
}

fn remove_codes(folder: &Path) {
    let catalog = Database::open(folder.join("catalog.redb")).unwrap();
    let write = catalog.begin_write().unwrap();
    write.delete_table(TableDefinition::<u32, &[u8]>::new("dead")).unwrap();
    write.delete_table(TableDefinition::<u32, &[u8]>::new("codings")).unwrap();
    write.delete_table(TableDefinition::<(u32, u32), &[u8]>::new("chunks")).unwrap();
    write.delete_table(TableDefinition::<(u32, u32), &[u8]>::new("blocks")).unwrap();
    write.commit().unwrap();
}

/// Writes the fields of all rows as versions before did.
fn write_fields_as_json(folder: &Path) {
    let catalog = Database::open(folder.join("catalog.redb")).unwrap();
    let write = catalog.begin_write().unwrap();
    {
        let mut rows = write.open_table(TableDefinition::<&str, &[u8]>::new("records")).unwrap();
        let row = |(id, row): (redb::AccessGuard<'_, &str>, redb::AccessGuard<'_, &[u8]>)| {
            let mut bytes = row.value()[..12].to_vec();
            let number: i64 = id.value().parse().unwrap();
            bytes.extend(format!(r#"{{"number":{{"type":"integer","value":{number}}}}}"#).as_bytes());
            let checksum = crc32fast::hash(&[id.value().as_bytes(), &bytes[4..]].concat());
            bytes[..4].copy_from_slice(&checksum.to_le_bytes());
            (id.value().to_owned(), bytes)
        };
        let old: Vec<_> = rows.iter().unwrap().map(|entry| row(entry.unwrap())).collect();
        for (id, row) in old {
            rows.insert(&*id, &*row).unwrap();
        }
    }
    write.commit().unwrap();
}

/// A store of the version before codes is one without the tables that hold them, and its fields are JSON.
#[tokio::test]
async fn a_store_without_codes_gets_them() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    put_all(&store, 0..2_500, 0).await;
    put_all(&store, 100..200, 1).await;
    store.settle().await.unwrap();
    drop(store);
    remove_codes(folder.path());
    write_fields_as_json(folder.path());
    for _ in 0..2 {
        let store = open(folder.path()).await;
        let record = get(&store, "7").await.unwrap().unwrap();
        assert_eq!(record.fields, records(7..8, 0)[0].fields);
        assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 2_500);
        check_found(&store, (0..100).step_by(13).chain((200..2_500).step_by(97)), 0).await;
        check_found(&store, (100..200).step_by(9), 1).await;
        store.settle().await.unwrap();
    }
}

/// Codes that were made while a file of vectors was away say nothing; when it is back, no record is found twice.
#[tokio::test]
async fn vectors_that_come_back_are_found_once() {
    let folder = tempdir().unwrap();
    let store = open(folder.path()).await;
    put_all(&store, 0..2_500, 0).await;
    store.settle().await.unwrap();
    drop(store);
    let segment = folder.path().join("segments/0000000000.vectors");
    let away = folder.path().join("away");
    std::fs::rename(&segment, &away).unwrap();
    remove_codes(folder.path());
    let store = open(folder.path()).await;
    let lost = store.search(SearchRequest::new(vector(1, 0), 10)).await.unwrap_err();
    assert_eq!(lost.kind(), ErrorKind::Corrupt, "{lost}");
    // Nothing can be trained on, which settling says and does not wait for.
    drop(store.settle().await);
    drop(store);
    std::fs::rename(&away, &segment).unwrap();
    let store = open(folder.path()).await;
    check_found(&store, (0..2_500).step_by(97), 0).await;
    let hits = store.search(SearchRequest::new(vector(1, 0), 2_500)).await.unwrap().hits;
    assert_eq!(hits.len(), 2_500, "each record once");
}

#[tokio::test]
async fn damaged_codes_are_made_again() {
    for table in ["codings", "dead", "chunks", "blocks"] {
        let folder = tempdir().unwrap();
        let store = open(folder.path()).await;
        put_all(&store, 0..2_500, 0).await;
        put_all(&store, 0..50, 1).await;
        store.settle().await.unwrap();
        drop(store);
        damage(&folder.path().join("catalog.redb"), table);
        let store = open(folder.path()).await;
        assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 2_500, "{table}");
        check_found(&store, (50..2_500).step_by(97), 0).await;
        check_found(&store, (0..50).step_by(9), 1).await;
    }
}

/// Flips a bit of every value of a table.
fn damage(catalog: &Path, table: &str) {
    fn flip<K: for<'k> redb::Key<SelfType<'k> = K> + Copy>(catalog: &Path, table: TableDefinition<K, &[u8]>) {
        let catalog = Database::open(catalog).unwrap();
        let write = catalog.begin_write().unwrap();
        {
            let mut table = write.open_table(table).unwrap();
            let entry = |(key, value): (redb::AccessGuard<'_, K>, redb::AccessGuard<'_, &[u8]>)| {
                (key.value(), value.value().to_vec())
            };
            let entries: Vec<_> = table.iter().unwrap().map(|found| entry(found.unwrap())).collect();
            for (key, mut value) in entries {
                let middle = value.len() / 2;
                value[middle] ^= 4;
                table.insert(key, value.as_slice()).unwrap();
            }
        }
        write.commit().unwrap();
    }
    match table {
        "chunks" | "blocks" => flip(catalog, TableDefinition::<(u32, u32), &[u8]>::new(table)),
        _ => flip(catalog, TableDefinition::<u32, &[u8]>::new(table)),
    }
}

/// Writes are acknowledged while lists are trained: with so many dimensions that takes as long as a hundred of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn training_does_not_keep_writes_waiting() {
    const DIMENSIONS: usize = 512;
    let folder = tempdir().unwrap();
    let store = Arc::new(EmbeddedStore::open(folder.path()).await.unwrap());
    let space = EmbeddingSpace::new("test/codes", "1", DIMENSIONS);
    store.create(CreateRequest::new(space, Schema::new())).await.unwrap();
    let mut random = fastrand::Rng::with_seed(1);
    let mut record = |number: usize| {
        let vector: Vec<f32> = (0..DIMENSIONS).map(|_| random.f32() - 0.5).collect();
        Record::new(number.to_string(), Embedding::new(vector).unwrap())
    };
    for first in (0..9_000).step_by(1000) {
        put(&store, (first..first + 1000).map(&mut record).collect()).await;
    }
    let settled = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.settle().await.unwrap() }
    });
    let mut written = 0;
    while !settled.is_finished() && written < 5 {
        put(&store, vec![record(9_000 + written)]).await;
        written += 1;
    }
    assert!(written > 1, "{written} writes came through before the lists were there");
    settled.await.unwrap();
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 9_000 + written as u64);
}

/// The process is killed again and again while it writes, removes and makes lists.
#[tokio::test]
async fn lists_survive_kill_9() {
    let folder = tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 0..8 {
        acknowledged = run_and_kill(folder.path(), 2 + round % 4, round * 7_919 % 40_000);
        let store = open(folder.path()).await;
        let count = store.count(CountRequest::new()).await.unwrap().count as i64;
        let removed = (0..acknowledged).filter(|number| number % 500 == 3).count() as i64;
        assert!(count >= acknowledged - removed, "{count} of {acknowledged} records are there");
        let hits = store.search(SearchRequest::new(vector(0, 0), 10_000)).await.unwrap().hits;
        assert_eq!(hits.len() as i64, count.min(10_000), "every record is found once");
        let there = |number: &i64| number % 500 != 3;
        check_found(&store, (0..acknowledged).step_by(449).filter(there), 0).await;
    }
    assert!(acknowledged >= 5_000, "lists were made at all");
}

/// Starts a writer, kills it some microseconds after so many acknowledgements, and says how many records it had written.
fn run_and_kill(folder: &Path, wanted: i64, delay: i64) -> i64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "embedded_store::codes_kept::lists_to_be_killed",
            "--exact",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut written, mut acknowledgements) = (0, 0);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Some(number) = line.unwrap().strip_prefix("done ").map(|number| number.parse().unwrap()) else {
            continue;
        };
        written = number;
        acknowledgements += 1;
        if acknowledgements == wanted {
            std::thread::sleep(std::time::Duration::from_micros(delay as u64));
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    written
}

/// Not a test by itself: it writes for ever when the test above starts it.
#[test]
fn lists_to_be_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.block_on(async {
        let store = open(Path::new(&folder)).await;
        // Where the last one was killed, a batch may be there or not; it is written again.
        let mut next = store.count(CountRequest::new()).await.unwrap().count as i64 / 499 * 500;
        loop {
            put_all(&store, next..next + 500, 0).await;
            store.delete(DeleteRequest::new(vec![(next + 3).to_string()])).await.unwrap();
            next += 500;
            println!("\ndone {next}");
        }
    });
}
