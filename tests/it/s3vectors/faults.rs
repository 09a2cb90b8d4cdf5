//! What goes wrong on the way is a typed error, and nothing acknowledged is lost.

use std::time::Duration;

use keyvisual::{
    Error, ErrorKind,
    calls::{Door, Policy},
    domain::{FieldType, Filter, Schema},
    roles::*,
};
use serde_json::{Value, json};

use super::{
    front::{Fault, Front},
    *,
};
use crate::vector_store::{create, faults, put, record, scan, space, version};

/// A filled collection behind a front.
async fn filled() -> Option<(Front, S3VectorsStore)> {
    let front = Front::before(&server()?);
    let config = config(front.url(), &fresh()).with_request_timeout(Duration::from_secs(20));
    let store = S3VectorsStore::new(config).await.unwrap();
    create(&store).await;
    put(&store, (0..20).map(|i| record(i, 1)).collect()).await.unwrap();
    Some((front, store))
}

async fn search(store: &S3VectorsStore) -> keyvisual::Result<SearchReply> {
    store.search(SearchRequest::new(record(0, 1).vector, 3)).await
}

/// The search's answer is `fault`: its error, which names nothing secret.
async fn met(front: &Front, store: &S3VectorsStore, fault: Fault) -> Error {
    front.next("QueryVectors", fault);
    let error = search(store).await.unwrap_err();
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    assert_eq!(error.operation(), Some("search"));
    error
}

#[tokio::test]
async fn every_answer_has_its_kind() {
    let Some((front, store)) = filled().await else { return };
    let cases = [
        (429, "TooManyRequestsException", ErrorKind::RateLimited, true),
        (400, "ThrottlingException", ErrorKind::RateLimited, true),
        (429, "", ErrorKind::RateLimited, true),
        (503, "ServiceUnavailableException", ErrorKind::Unavailable, true),
        (500, "InternalServerException", ErrorKind::Unavailable, true),
        (502, "", ErrorKind::Unavailable, true),
        (408, "RequestTimeoutException", ErrorKind::Timeout, true),
        (403, "AccessDeniedException", ErrorKind::PermissionDenied, false),
        (402, "ServiceQuotaExceededException", ErrorKind::PermissionDenied, false),
        (400, "KmsDisabledException", ErrorKind::PermissionDenied, false),
        (404, "KmsNotFoundException", ErrorKind::PermissionDenied, false),
        (403, "ExpiredTokenException", ErrorKind::Unauthenticated, false),
        (403, "UnrecognizedClientException", ErrorKind::Unauthenticated, false),
        (403, "InvalidSignatureException", ErrorKind::Unauthenticated, false),
        (404, "NotFoundException", ErrorKind::NotFound, false),
        (409, "ConflictException", ErrorKind::Conflict, false),
        (400, "ValidationException", ErrorKind::InvalidInput, false),
    ];
    for (status, exception, kind, transient) in cases {
        let error = met(&front, &store, Fault::Answer(status, exception, Value::Null)).await;
        assert_eq!((error.kind(), error.is_transient()), (kind, transient), "{status} {exception}: {error}");
        assert!(error.was_sent() && error.message().contains("made up by the test"), "{error}");
        assert_eq!(error.context("status"), Some(status.to_string().as_str()));
    }
    let fields = json!({ "fieldList": [{ "path": "/topK", "message": "is odd" }] });
    let error = met(&front, &store, Fault::Answer(400, "ValidationException", fields)).await;
    assert!(error.message().contains("/topK: is odd"), "{error}");
    search(&store).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_breaks_has_its_kind() {
    let Some((front, store)) = filled().await else { return };
    let cases = [
        (Fault::Cut, ErrorKind::Unavailable, true),
        (Fault::HalfAnAnswer, ErrorKind::Unavailable, true),
        (Fault::Text(200, "{\"vectors\": [{\"ke"), ErrorKind::InvalidReply, false),
        (Fault::Text(200, "<html>welcome</html>"), ErrorKind::InvalidReply, false),
        (Fault::Text(503, "<html>busy</html>"), ErrorKind::Unavailable, true),
    ];
    for (fault, kind, transient) in cases {
        let error = met(&front, &store, fault.clone()).await;
        assert_eq!((error.kind(), error.is_transient()), (kind, transient), "{fault:?}: {error}");
        assert!(error.was_sent(), "{fault:?}");
    }
    search(&store).await.unwrap();
}

#[tokio::test]
async fn silence_ends_at_the_timeout() {
    let Some(url) = server() else { return };
    let name = fresh();
    create(&connect(&url, &name).await).await;
    let front = Front::before(&url);
    let hasty = config(front.url(), &name).with_request_timeout(Duration::from_millis(400));
    front.next("GetIndex", Fault::Silence);
    let error = search(&S3VectorsStore::new(hasty).await.unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Timeout, true), "{error}");
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_was_not_sent() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let store = connect(&format!("http://127.0.0.1:{port}"), "never").await;
    let error = store.count(CountRequest::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error:?}");
    assert!(!error.was_sent());
}

/// Every write meets a fault twice, of which some carried it out, and the door writes again.
#[tokio::test]
async fn behind_the_door_no_write_is_lost() {
    let Some((front, store)) = filled().await else { return };
    let wait = Duration::from_millis(1);
    let guarded = Door::new(Policy::default().with_attempts(3).with_waits(wait, wait)).guard(store);
    let busy = || Fault::Answer(429, "TooManyRequestsException", Value::Null);
    let pairs = [[busy(), Fault::Cut], [Fault::LostAnswer, busy()], [Fault::HalfAPut, Fault::HalfAPut]];
    for (round, faults) in (2..).zip(pairs) {
        for fault in faults {
            front.next("PutVectors", fault);
        }
        let before = front.bodies("PutVectors").len();
        let reply = guarded.upsert(UpsertRequest::new((0..40).map(|i| record(i, round)).collect())).await;
        assert_eq!(reply.unwrap().results, vec![Ok(()); 40]);
        assert_eq!(front.bodies("PutVectors").len() - before, 3);
        let found = scan(&guarded, Filter::exists("version")).await;
        assert_eq!(found.iter().map(version).collect::<Vec<_>>(), vec![round; 40]);
    }
}

#[tokio::test]
async fn half_a_put_is_no_success() {
    let Some((front, store)) = filled().await else { return };
    front.next("PutVectors", Fault::HalfAPut);
    let error = put(&store, (0..40).map(|i| record(i, 2)).collect()).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unavailable, true), "{error}");
    for record in scan(&store, Filter::exists("version")).await {
        assert!([1, 2].contains(&version(&record)));
    }
}

#[tokio::test]
async fn one_bad_record_of_five_hundred_is_named_and_the_others_are_kept() {
    let Some(url) = server() else { return };
    faults::check_one_bad(&connect(&url, &fresh()).await).await;
}

#[tokio::test]
async fn another_process_meets_the_same_space_and_schema() {
    let Some(url) = server() else { return };
    let name = fresh();
    faults::check_another_collection(&connect(&url, &name).await, &connect(&url, &name).await).await;
}

#[tokio::test]
async fn an_index_of_another_program_is_refused() {
    let Some(url) = server() else { return };
    let name = fresh();
    create(&connect(&url, &name).await).await;
    let front = Front::before(&url);
    let store = connect(front.url(), &name).await;
    for (tags, kind) in [
        (json!({}), ErrorKind::Conflict),
        (json!({ "team": "search" }), ErrorKind::Conflict),
        (json!({ "keyvisual.0": "e30" }), ErrorKind::Corrupt),
        (json!({ "keyvisual.0": "!" }), ErrorKind::Corrupt),
    ] {
        front.next("tags", Fault::Text(200, json!({ "tags": tags }).to_string().leak()));
        let error = store.count(CountRequest::new()).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (kind, false), "{tags}: {error}");
    }
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 0);
}

#[tokio::test]
async fn an_index_that_somebody_deleted_is_not_found() {
    let Some((front, store)) = filled().await else { return };
    front.next("ListVectors", Fault::Answer(404, "NotFoundException", Value::Null));
    let error = store.count(CountRequest::new()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::NotFound, false), "{error}");
    let looked = front.bodies("GetIndex").len();
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 20);
    assert_eq!(front.bodies("GetIndex").len(), looked + 1, "what was known of it is forgotten");
}

#[tokio::test]
async fn metadata_that_somebody_changed_is_damage_of_that_record() {
    let Some((front, store)) = filled().await else { return };
    let page = json!({ "vectors": [
        { "key": "good", "data": { "float32": [1.0, 0.0, 0.0] }, "metadata": { "version": 1 } },
        { "key": "typed", "data": { "float32": [1.0, 0.0, 0.0] }, "metadata": { "version": "1" } },
        { "key": "more", "data": { "float32": [1.0, 0.0, 0.0] }, "metadata": { "colour": "red" } },
        { "key": "short", "data": { "float32": [1.0] } },
    ] });
    front.next("ListVectors", Fault::Text(200, page.to_string().leak()));
    let page = store.scan(ScanRequest::new(10)).await.unwrap();
    assert_eq!(page.records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["good"]);
    assert_eq!(page.damaged.len(), 3);
    for (id, error) in page.damaged {
        assert_eq!((error.kind(), error.context("id")), (ErrorKind::Corrupt, Some(id.as_str())), "{error}");
    }
}

#[tokio::test]
async fn a_field_type_survives_numbers_that_look_alike() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh()).await;
    let schema = Schema::new()
        .with_filterable("whole", FieldType::Integer)
        .with_filterable("part", FieldType::Float)
        .with_filterable("time", FieldType::Time);
    store.create(CreateRequest::new(space(3), schema)).await.unwrap();
    let one = keyvisual::domain::Timestamp::from_millis(1).unwrap();
    let wanted = record("a", 1).vector;
    let wanted = keyvisual::domain::Record::new("a", wanted)
        .with_field("whole", 1_i64)
        .with_field("part", 1.0)
        .with_field("time", one);
    put(&store, vec![wanted.clone()]).await.unwrap();
    let reply = store.get(GetRequest::new(vec!["a".into()])).await.unwrap();
    assert_eq!(reply.results[0].as_ref().unwrap().as_ref().unwrap().fields, wanted.fields);
}
