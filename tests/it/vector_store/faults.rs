//! What goes wrong with a batch or a collection, whatever the engine.

use keyvisual::{
    ErrorKind,
    domain::{Embedding, Filter, Record, Schema},
    roles::{CreateRequest, SearchRequest, UpsertRequest, VectorStore},
};

use super::{count, create, record, scan, space};

/// Of five hundred records one is bad: it is named, and the others are kept.
pub(crate) async fn check_one_bad(store: &impl VectorStore) {
    create(store).await;
    let mut records: Vec<_> = (0..500).map(|i| record(i, i)).collect();
    records[250] = Record::new("250", Embedding::new(vec![0.0; 3]).unwrap());
    let mut results = Vec::new();
    for batch in records.chunks(store.capabilities().max_batch) {
        results.extend(store.upsert(UpsertRequest::new(batch.to_vec())).await.unwrap().results);
    }
    let bad: Vec<_> = results.iter().enumerate().filter(|(_, result)| result.is_err()).collect();
    let [(250, Err(error))] = bad.as_slice() else { panic!("one is bad: {bad:?}") };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::InvalidInput, false), "{error}");
    assert_eq!((error.context("id"), count(store, Filter::exists("version")).await), (Some("250"), 499));
}

/// What one process created, another meets: another space, schema or length is refused, and changes nothing.
pub(crate) async fn check_another_collection<S: VectorStore>(first: &S, second: &S) {
    create(first).await;
    let create = |dimensions| second.create(CreateRequest::new(space(dimensions), Schema::new()));
    for (dimensions, kind) in [(4, ErrorKind::SpaceMismatch), (3, ErrorKind::Conflict)] {
        let error = create(dimensions).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (kind, false), "{error}");
    }
    let long = || Embedding::new(vec![1.0; 4]).unwrap();
    let error = second.search(SearchRequest::new(long(), 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SpaceMismatch, "{error}");
    let batch = vec![record("a", 1), Record::new("b", long()), record("c", 1)];
    let reply = second.upsert(UpsertRequest::new(batch)).await.unwrap();
    let [Ok(()), Err(error), Ok(())] = reply.results.as_slice() else { panic!("{:?}", reply.results) };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::SpaceMismatch, false), "{error}");
    assert_eq!(scan(first, Filter::exists("version")).await.len(), 2);
}
