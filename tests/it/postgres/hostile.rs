//! Values and names are data, whatever they look like.

use keyvisual::ErrorKind;

use super::*;
use crate::vector_store::hostile;

#[tokio::test]
async fn texts_that_look_like_statements_are_kept_and_found() {
    let Some(url) = server() else { return };
    hostile::check_texts(&connect(&url, &fresh(), "").await).await;
}

#[tokio::test]
async fn fields_may_have_any_name_and_long_values() {
    let Some(url) = server() else { return };
    hostile::check_names(&connect(&url, &fresh(), "").await, 100_000).await;
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
