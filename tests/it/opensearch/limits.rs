//! Batches bounded by count and bytes, filters by what the engine takes.

use keyvisual::{ErrorKind, domain::Bounds};

use super::*;

#[tokio::test]
async fn what_does_not_fit_a_batch_is_named_and_goes_with_the_next() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "&body=4000").await;
    create(&store).await;
    let records: Vec<_> = (0..10).map(|i| record(i, i).with_field("text", "x".repeat(900))).collect();
    let huge = record("huge", 1).with_field("text", "x".repeat(5_000));
    let reply = store.upsert(UpsertRequest::new([vec![huge], records.clone()].concat())).await.unwrap();
    let error = reply.results[0].as_ref().unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::InvalidInput, false), "{error}");
    let mut left: Vec<_> = records;
    let mut rounds = 0;
    while !left.is_empty() {
        let reply = store.upsert(UpsertRequest::new(left.clone())).await.unwrap();
        let errors = reply.results.iter().filter_map(|result| result.as_ref().err());
        for error in errors {
            assert!(error.is_transient() && !error.was_sent(), "{error}");
        }
        let again = left.into_iter().zip(reply.results).filter(|(_, result)| result.is_err());
        left = again.map(|(record, _)| record).collect();
        rounds += 1;
    }
    assert_eq!((rounds, count(&store, Filter::exists("text")).await), (4, 10));
}

/// The server itself takes 100 MiB; it answers 413 and hangs up, sometimes before the client has read it.
#[tokio::test]
async fn of_a_batch_the_server_refuses_nothing_is_kept() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "&body=200000000").await;
    create(&store).await;
    let text = "x".repeat(1_100_000);
    let records = (0..100).map(|i| record(i, i).with_field("text", text.as_str())).collect();
    store.upsert(UpsertRequest::new(records)).await.unwrap_err();
    assert_eq!(count(&store, Filter::exists("text")).await, 0);
}

#[tokio::test]
async fn filters_are_translated_or_refused_by_name() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "&exact_below=0").await;
    create(&store).await;
    put(&store, (0..100).map(|i| record(i, i)).collect()).await.unwrap();
    assert_eq!(count(&store, Filter::any_of("version", 90..65_000_i64)).await, 10);
    let wide = |n: i64| Filter::Or((0..n).map(|i| Filter::eq("version", i)).collect());
    let query = |filter| SearchRequest::new(record(0, 0).vector, 3).with_filter(filter);
    let mut deep = Filter::eq("version", 3_i64);
    for i in 0..15 {
        deep = !(deep & Filter::at_least("version", -i));
    }
    assert_eq!(store.search(query(wide(500))).await.unwrap().hits.len(), 3);
    assert_eq!(count(&store, wide(500)).await, 100);
    assert_eq!(count(&store, deep.clone()).await, 99);
    assert_eq!(store.search(query(deep)).await.unwrap().hits.len(), 3);
    let empty = Filter::Or((0..501).map(|_| Filter::Or(vec![Filter::And(Vec::new())])).collect());
    let both = Bounds { gt: Some(0_i64.into()), gte: Some(1_i64.into()), ..Bounds::default() };
    let sides = Filter::And(vec![Filter::Range("version".into(), both); 251]);
    let negative = Filter::And(vec![!Filter::at_least("version", 0_i64); 251]);
    for (filter, part) in [
        (wide(501), "501 conditions"),
        (empty, "501 conditions"),
        (sides, "502 conditions"),
        (negative, "502 conditions"),
        (Filter::any_of("version", 0..65_537_i64), "65537 values"),
    ] {
        let error = store.count(CountRequest::new().with_filter(filter.clone())).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unsupported, false), "{error}");
        assert!(error.message().contains(part), "{error}");
        assert_eq!(store.search(query(filter)).await.unwrap_err().kind(), ErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn many_fields_and_long_vectors_are_taken_or_refused_by_name() {
    let Some(url) = server() else { return };
    let fields = |n| (0..n).fold(Schema::new(), |s, i| s.with_filterable(format!("f{i}"), FieldType::Text));
    let store = connect(&url, &fresh(), "").await;
    for (dimensions, schema) in [(16_001, Schema::new()), (3, fields(901))] {
        let error = store.create(CreateRequest::new(space(dimensions), schema)).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unsupported, false), "{error}");
    }
    store.create(CreateRequest::new(space(16_000), fields(900))).await.unwrap();
    let vector = Embedding::new(vec![0.25; 16_000]).unwrap();
    put(&store, vec![Record::new("a", vector.clone()).with_field("f899", "x")]).await.unwrap();
    let hits = store.search(SearchRequest::new(vector, 1)).await.unwrap().hits;
    assert_eq!((hits[0].id.as_str(), hits[0].fields["f899"].clone()), ("a", "x".into()));
}
