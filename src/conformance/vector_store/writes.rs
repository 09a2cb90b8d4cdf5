use futures_util::future::join_all;

use super::sample::{
    at, count, create, delete, filled, get, put, record, refused, scan, search, settle, try_put, vector,
};
use crate::{
    domain::{Embedding, Filter, MAX_INTEGER, Record, Timestamp, Value},
    error::ErrorKind,
    roles::{DeleteRequest, GetRequest, SearchRequest, UpsertRequest, VectorStore},
};

/// Writing a known id replaces vector and fields; fields that the new record lacks are gone. Twice is as once.
pub async fn replaces_whole_records(store: &dyn VectorStore) {
    let old = record("a").with_field("season", "autumn").with_field("clicks", 3_i64);
    filled(store, vec![old, record("b")]).await;
    let new = Record::new("a", at(90.0)).with_field("season", "winter").with_field("note", "new");
    for _ in 0..2 {
        put(store, vec![new.clone()]).await;
        settle(store, 2).await;
        let found = get(store, "a").await.expect("the record is there");
        assert_eq!(found.fields, new.fields, "the fields are those of the last write");
        assert_eq!(count(store, Some(Filter::eq("season", "winter"))).await, 1, "the new value is found");
        assert_eq!(count(store, Some(Filter::eq("season", "autumn"))).await, 0, "the old value is not");
        assert_eq!(count(store, Some(Filter::exists("clicks"))).await, 0, "the dropped field is gone");
        let nearest = search(store, SearchRequest::new(at(90.0), 1)).await;
        assert_eq!(nearest.hits[0].id, "a", "the vector is that of the last write");
    }
}

/// Of two records with one id in a batch the later stays.
pub async fn keeps_the_later_of_two(store: &dyn VectorStore) {
    create(store).await;
    let versions = (0..5_i64).map(|i| record("twice").with_field("clicks", i));
    put(store, versions.chain([record("once")]).collect()).await;
    settle(store, 2).await;
    let kept = get(store, "twice").await.expect("the record is there");
    assert_eq!(kept.fields.get("clicks"), Some(&Value::Integer(4)), "the last of the batch stays");
    assert_eq!(scan(store, None, 10).await, ["once", "twice"], "there is one record per id");
}

/// Values come back to the last bit, ids byte by byte, vectors at length 1.
pub async fn keeps_values_exactly(store: &dyn VectorStore) {
    let texts = ["", " ", "Ünïcödé ☕", "quote \" and \\ and \n", "null", "a,b"].map(String::from);
    let times = [-62_135_596_800_000, -1, 0, 1, 1_795_252_263_123, 253_402_200_000_123];
    let mut records = Vec::new();
    for text in texts.iter().cloned() {
        records.push(record("").with_field("season", text.clone()).with_field("note", text));
    }
    for number in [-MAX_INTEGER, -1, 0, MAX_INTEGER - 1, MAX_INTEGER] {
        records.push(record("").with_field("clicks", number));
    }
    for number in [f64::MIN, -0.1, 0.0, f64::MIN_POSITIVE, 5e-324, 0.1 + 0.2, 1.0, 1e17 / 3.0, f64::MAX] {
        records.push(record("").with_field("rate", number));
    }
    for millis in times {
        records.push(record("").with_field("shot", Timestamp::from_millis(millis).expect("a time")));
    }
    for list in [Vec::new(), vec![String::new()], texts.to_vec(), vec!["b".into(), "a".into(), "b".into()]] {
        records.push(record("").with_field("elements", list));
    }
    records.push(record("").with_field("approved", true));
    records.push(record("").with_field("approved", false));
    for (i, record) in records.iter_mut().enumerate() {
        record.id = format!("Id {i}/ü☕#?%&\"'{}", "x".repeat(480));
        record.vector = vector([3.0, -4.0, 1e-3, 0.0]);
    }
    filled(store, records.clone()).await;
    for wanted in records {
        let found = get(store, &wanted.id).await.expect("the record is there");
        assert_eq!(found.fields, wanted.fields, "fields come back as they were written");
        assert_eq!(found.id, wanted.id, "ids come back as they were written");
        assert_same_direction(&found.vector, &wanted.vector);
        for (name, value) in wanted.fields.iter().filter(|(name, _)| *name != "note" && *name != "elements") {
            let found = scan(store, Some(Filter::Eq(name.clone(), value.clone())), 100).await;
            assert_eq!(
                found,
                std::slice::from_ref(&wanted.id),
                "{name} = {value:?} finds exactly its record"
            );
        }
    }
}

fn assert_same_direction(found: &Embedding, wanted: &Embedding) {
    let length = found.dot(found).map(f64::sqrt).expect("one length");
    assert!((length - 1.0).abs() < 1e-5, "vectors come back at length 1, this one has {length}");
    let wanted = wanted.clone().unit().and_then(|unit| unit.dot(found)).expect("one length");
    assert!(wanted > 1.0 - 1e-5, "vectors come back with their direction, this one has the cosine {wanted}");
}

/// What cannot be kept has an error at its place; the rest of the batch is kept.
pub async fn keeps_the_good_and_names_the_bad(store: &dyn VectorStore) {
    create(store).await;
    let (bad, mismatch) = (ErrorKind::InvalidInput, ErrorKind::SpaceMismatch);
    let long_id = "x".repeat(513);
    let short = Embedding::new(vec![1.0; 3]).expect("finite");
    let long = Embedding::new(vec![1.0; 5]).expect("finite");
    let batch = [
        (record("good 1"), None, ""),
        (record(""), Some(bad), "an empty id"),
        (record(&long_id), Some(bad), "an id of 513 bytes"),
        (record("c").with_field("seasons", "autumn"), Some(bad), "an undeclared field"),
        (record("d").with_field("season", 4_i64), Some(bad), "a number in a text field"),
        (record("e").with_field("clicks", 4.0), Some(bad), "a float in an integer field"),
        (record("f").with_field("elements", "cup"), Some(bad), "a text in a list field"),
        (record("g").with_field("clicks", MAX_INTEGER + 1), Some(bad), "an integer above 2^53"),
        (record("h").with_field("rate", f64::INFINITY), Some(bad), "a float that is not finite"),
        (Record::new("i", vector([0.0; 4])), Some(bad), "a zero vector"),
        (Record::new("j", short), Some(mismatch), "a vector of 3 dimensions"),
        (Record::new("k", long), Some(mismatch), "a vector of 5 dimensions"),
        (record(&long_id[..512]), None, ""),
    ];
    let results = try_put(store, batch.iter().map(|(record, ..)| record.clone()).collect()).await;
    for ((record, kind, what), result) in batch.iter().zip(results) {
        match kind {
            Some(kind) => refused(result, *kind, what),
            None => result.unwrap_or_else(|e| panic!("the good record {} is kept: {e}", record.id)),
        }
    }
    settle(store, 2).await;
    assert_eq!(scan(store, None, 10).await, ["good 1", &long_id[..512]], "exactly the good records are kept");
}

/// A batch above `max_batch` is refused as a whole.
pub async fn refuses_large_batches(store: &dyn VectorStore) {
    create(store).await;
    let most = store.capabilities().max_batch;
    if most > 100_000 {
        return;
    }
    let ids: Vec<_> = (0..=most).map(|i| format!("{i:06}")).collect();
    let records: Vec<_> = ids.iter().map(|id| record(id)).collect();
    let bad = ErrorKind::InvalidInput;
    refused(store.upsert(UpsertRequest::new(records.clone())).await, bad, "an upsert above max_batch");
    refused(store.get(GetRequest::new(ids.clone())).await, bad, "a get above max_batch");
    refused(store.delete(DeleteRequest::new(ids)).await, bad, "a delete above max_batch");
    assert_eq!(count(store, None).await, 0, "nothing of a refused batch is kept");
    put(store, records[..most].to_vec()).await;
    settle(store, most as u64).await;
}

/// No records and no ids are fine.
pub async fn takes_empty_batches(store: &dyn VectorStore) {
    create(store).await;
    assert_eq!(try_put(store, Vec::new()).await, []);
    delete(store, &[]).await;
    let reply = store.get(GetRequest::new(Vec::new())).await.expect("a get of nothing is answered");
    assert_eq!(reply.results, []);
}

/// A removed record is gone for get, search, scan and count; removing what is not there succeeds.
pub async fn removes_records(store: &dyn VectorStore) {
    filled(store, ["a", "b", "c"].map(|id| record(id).with_field("season", "autumn")).to_vec()).await;
    for _ in 0..2 {
        delete(store, &["b", "never there"]).await;
        settle(store, 2).await;
        assert_eq!(get(store, "b").await, None, "a removed record is gone for get");
        let autumn = Some(Filter::eq("season", "autumn"));
        assert_eq!(scan(store, autumn.clone(), 10).await, ["a", "c"], "a removed record is gone for scan");
        assert_eq!(count(store, autumn).await, 2, "a removed record is gone for count");
        let reply = search(store, SearchRequest::new(at(10.0), 3)).await;
        assert_eq!(super::sample::ids(&reply), ["a", "c"], "a removed record is gone for search");
    }
    put(store, vec![record("b")]).await;
    settle(store, 3).await;
}

/// Many writes at once: every one that was acknowledged is there, and a read that begins after sees it.
pub async fn takes_writes_at_once(store: &dyn VectorStore) {
    create(store).await;
    let writes = (0..48).map(|i| async move {
        let id = format!("{:02}", i % 32);
        put(store, vec![record(&id).with_field("clicks", i64::from(i))]).await;
        if store.capabilities().read_your_writes {
            assert!(get(store, &id).await.is_some(), "a write is seen by reads that begin after it");
        }
    });
    join_all(writes).await;
    settle(store, 32).await;
    let wanted: Vec<_> = (0..32).map(|i| format!("{i:02}")).collect();
    assert_eq!(scan(store, None, 7).await, wanted, "every write is there once");
}
