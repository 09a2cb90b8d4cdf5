//! Values and names are data, whatever they look like.

use keyvisual::ErrorKind;

use super::*;

const TEXTS: [&str; 9] = [
    "'; DROP TABLE records; --",
    "\"; DROP TABLE records; --",
    "$1",
    "\\'; SELECT pg_sleep(10); --",
    "{a,b}",
    "%_%",
    "NULL",
    "☕ \u{202e}txt\u{0301} 𝕏",
    "\u{1}\u{7f}\r\n\t",
];

#[tokio::test]
async fn texts_that_look_like_statements_are_kept_and_found() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    let records = TEXTS.iter().map(|text| {
        record(text, 1).with_field("text", *text).with_field("list", vec![(*text).to_owned(), "x".into()])
    });
    put(&store, records.collect()).await.unwrap();
    for text in TEXTS {
        for filter in [Filter::eq("text", text), Filter::eq("list", text), Filter::any_of("text", [text])] {
            let found: Vec<_> = scan(&store, filter).await.into_iter().map(|record| record.id).collect();
            assert_eq!(found, [text]);
        }
        let reply = store.get(GetRequest::new(vec![text.to_owned()])).await.unwrap();
        assert_eq!(reply.results[0].as_ref().unwrap().as_ref().unwrap().fields["text"], text.into());
    }
    let ids = TEXTS.map(String::from).to_vec();
    store.delete(DeleteRequest::new(ids)).await.unwrap();
    assert_eq!(count(&store, Filter::And(Vec::new())).await, 0);
}

#[tokio::test]
async fn fields_may_have_any_name_and_long_values() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    let schema =
        TEXTS.iter().fold(Schema::new(), |schema, name| schema.with_filterable(*name, FieldType::Text));
    let schema = schema.with_filterable("", FieldType::TextList);
    store.create(CreateRequest::new(space(3), schema)).await.unwrap();
    // Random, so that compression does not make it short.
    let mut random = fastrand::Rng::with_seed(1);
    let long: String = std::iter::repeat_with(|| random.alphanumeric()).take(100_000).collect();
    let vector = Embedding::new(vec![1.0, 2.0, 3.0]).unwrap();
    let with_all =
        TEXTS.iter().fold(Record::new("a", vector), |record, name| record.with_field(*name, *name));
    let with_all = with_all.with_field("", vec![long.clone()]).with_field(TEXTS[0], long.clone());
    put(&store, vec![with_all.clone()]).await.unwrap();
    let found = scan(&store, Filter::eq(TEXTS[0], long.clone()) & Filter::eq("", long)).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fields, with_all.fields);
    assert_eq!(count(&store, Filter::eq(TEXTS[1], TEXTS[1])).await, 1);
}

#[tokio::test]
async fn a_nul_is_refused_in_a_record_and_found_nowhere() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    let bad = [
        record("a\0", 1),
        record("b", 1).with_field("text", "nul \0"),
        record("c", 1).with_field("list", vec!["\0".to_owned()]),
    ];
    let good = record("good", 1).with_field("text", "nul ");
    let records = bad.into_iter().chain([good]).collect();
    let reply = store.upsert(UpsertRequest::new(records)).await.unwrap();
    for result in &reply.results[..3] {
        let error = result.as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.message().contains("NUL"), "{error}");
    }
    assert_eq!(reply.results[3], Ok(()));
    assert_eq!(count(&store, Filter::eq("text", "nul \0")).await, 0);
    assert_eq!(count(&store, !Filter::any_of("list", ["\0"])).await, 1);
    let ids = vec!["a\0".to_owned(), "good".to_owned()];
    let reply = store.get(GetRequest::new(ids.clone())).await.unwrap();
    assert_eq!(
        reply.results.iter().map(|r| r.as_ref().unwrap().is_some()).collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(store.delete(DeleteRequest::new(ids)).await.unwrap().results, [Ok(()), Ok(())]);
}

#[tokio::test]
async fn a_filter_of_many_values_is_one_statement() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    create(&store).await;
    put(&store, (0..100).map(|i| record(i, i)).collect()).await.unwrap();
    assert_eq!(count(&store, Filter::any_of("version", 90..100_000_i64)).await, 10);
    let wide = Filter::Or((0..5_000_i64).map(|i| Filter::eq("version", i)).collect());
    assert_eq!(count(&store, wide).await, 100);
    let wider = Filter::Or((0..70_000_i64).map(|i| Filter::eq("version", i)).collect());
    let error = store.count(CountRequest::new().with_filter(wider)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
}
