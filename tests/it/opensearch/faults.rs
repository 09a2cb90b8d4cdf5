//! What goes wrong on the way is a typed error, and no part of a success is taken for the whole.

use std::time::Duration;

use keyvisual::{Error, ErrorKind};
use wiremock::ResponseTemplate;

use super::*;
use crate::vector_store::faults;

/// The error of a call that is answered like this.
async fn answered(answer: ResponseTemplate) -> Error {
    let server = wire::answering(answer).await;
    let config = config(&server.uri(), "library", "").with_request_timeout(Duration::from_millis(400));
    let store = OpenSearchStore::connect(config).await.unwrap();
    let error = store.create(CreateRequest::new(space(3), Schema::new())).await.unwrap_err();
    assert_eq!(error.operation(), Some("create"));
    error
}

fn reason(kind: &str, reason: &str) -> Value {
    let cause = json!({ "type": kind, "reason": reason });
    json!({ "error": { "root_cause": [cause], "type": "search_phase_execution_exception", "reason": "all shards failed" } })
}

#[tokio::test]
async fn every_answer_that_is_no_success_has_its_kind() {
    use ErrorKind::*;
    let html = "<html>502 Bad Gateway</html>";
    let cases = [
        (400, reason("illegal_argument_exception", "no"), InvalidInput, false),
        (400, reason("index_closed_exception", "closed"), Unavailable, false),
        (400, json!({ "error": "a string" }), InvalidInput, false),
        (401, Value::Null, Unauthenticated, false),
        (403, json!({ "Message": "User is not authorized" }), PermissionDenied, false),
        (
            403,
            json!({ "message": "The security token included in the request is expired" }),
            Unauthenticated,
            false,
        ),
        (
            403,
            json!({ "message": "The request signature we calculated does not match" }),
            Unauthenticated,
            false,
        ),
        (403, json!({ "Message": "Signature expired" }), Unauthenticated, false),
        (403, reason("cluster_block_exception", "index read-only"), PermissionDenied, false),
        (405, json!({ "error": "Incorrect HTTP method", "status": 405 }), Unsupported, false),
        (406, json!({ "error": "Content-Type header is not supported", "status": 406 }), Unsupported, false),
        (409, reason("version_conflict_engine_exception", "two"), Conflict, true),
        (413, Value::Null, InvalidInput, false),
        (429, reason("circuit_breaking_exception", "Data too large"), RateLimited, true),
        (
            429,
            reason("cluster_block_exception", "disk usage exceeded flood-stage watermark"),
            StorageFull,
            false,
        ),
        (500, reason("too_many_nested_clauses", "maxClauseCount is set to 1024"), Unsupported, false),
        (500, reason("null_pointer_exception", "oh"), Unavailable, true),
        (502, json!(html), Unavailable, true),
        (503, Value::Null, Unavailable, true),
        (504, Value::Null, Timeout, true),
    ];
    for (status, body, kind, transient) in cases {
        let error = answered(ResponseTemplate::new(status).set_body_json(&body)).await;
        assert_eq!((error.kind(), error.is_transient()), (kind, transient), "{status} {body}: {error:?}");
        assert!(error.was_sent() && error.retry_after().is_none(), "{error:?}");
        for said in ["message", "Message"].into_iter().filter_map(|name| body[name].as_str()) {
            assert_eq!(error.message(), said);
        }
    }
    let error = answered(ResponseTemplate::new(503)).await;
    assert_eq!(error.kind(), Unavailable, "an empty body: {error:?}");
    let error = answered(ResponseTemplate::new(200).set_body_raw(html, "text/html")).await;
    assert_eq!((error.kind(), error.is_transient()), (InvalidReply, false), "{error:?}");
    let error = answered(ResponseTemplate::new(302).insert_header("location", "/elsewhere")).await;
    assert!(error.message().contains("redirect"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_listened_to() {
    for status in [429, 503] {
        let error = answered(ResponseTemplate::new(status).insert_header("retry-after", "7")).await;
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)), "{error:?}");
    }
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout() {
    let error = answered(ResponseTemplate::new(200).set_delay(Duration::from_secs(60))).await;
    assert_eq!(
        (error.kind(), error.is_transient(), error.was_sent()),
        (ErrorKind::Timeout, true, true),
        "{error:?}"
    );
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_was_not_sent() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = config(&format!("http://127.0.0.1:{port}"), "library", "").with_basic_auth("team", "secret");
    let error = OpenSearchStore::connect(config).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient(), error.was_sent()), (ErrorKind::Unavailable, true, false));
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn another_kind_of_server_is_not_taken_for_opensearch() {
    let server = wiremock::MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "version": { "number": "8.15.0" } }));
    wire::with(&server, "GET", "/", answer).await;
    let error = OpenSearchStore::connect(config(&server.uri(), "library", "")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    let server = wiremock::MockServer::start().await; // knows no path
    let error = OpenSearchStore::connect(config(&server.uri(), "library", "")).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unsupported, false), "{error}");
    assert!(error.message().contains("is the address right?"), "{error}");
}

#[tokio::test]
async fn a_search_that_missed_a_shard_or_its_time_is_an_error() {
    let Some(url) = server() else { return };
    let name = fresh();
    create(&connect(&url, &name, "").await).await;
    let mapping = raw("GET", format!("{url}/{name}/_mapping"), Value::Null).await;
    for (timed_out, failed) in [(true, 0), (false, 1)] {
        let part = json!({ "timed_out": timed_out, "_shards": { "failed": failed }, "hits": { "hits": [] } });
        let server = wire::answering(ResponseTemplate::new(200).set_body_json(part)).await;
        let mapping = ResponseTemplate::new(200).set_body_json(&mapping);
        wire::with(&server, "GET", &format!("/{name}/_mapping"), mapping).await;
        let store = OpenSearchStore::connect(config(&server.uri(), &name, "")).await.unwrap();
        let error = store.count(CountRequest::new()).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unavailable, true), "{error}");
    }
}

/// Store and server with an index that was made, and this answer to every batch, count and search.
async fn made(answer: ResponseTemplate) -> (wiremock::MockServer, OpenSearchStore) {
    let server = wire::answering(answer).await;
    wire::with(&server, "PUT", "/library", ResponseTemplate::new(200).set_body_json(json!({}))).await;
    wire::with(&server, "GET", "/library/_mapping", ResponseTemplate::new(404)).await;
    let store = OpenSearchStore::connect(config(&server.uri(), "library", "")).await.unwrap();
    create(&store).await;
    (server, store)
}

/// A node whose queue is full refuses some documents of a batch that is a success.
#[tokio::test]
async fn a_full_queue_within_a_success_is_one_record_to_send_again() {
    let full = json!({ "type": "rejected_execution_exception", "reason": "rejected execution of coordinating operation" });
    let items = json!([{ "index": { "_id": "a", "status": 201 } },
                       { "index": { "_id": "b", "status": 429, "error": full } }]);
    let answer = json!({ "took": 1, "errors": true, "items": items });
    let (_server, store) = made(ResponseTemplate::new(200).set_body_json(answer)).await;
    let records = vec![record("a", 1), record("b", 1)];
    let results = store.upsert(UpsertRequest::new(records)).await.unwrap().results;
    let [Ok(()), Err(error)] = results.as_slice() else { panic!("one of two: {results:?}") };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::RateLimited, true), "{error}");
    assert_eq!((error.context("id"), error.was_sent()), (Some("b"), true), "{error}");
}

#[tokio::test]
async fn a_batch_that_is_too_large_for_the_server_is_refused_with_its_size() {
    let (server, store) = made(ResponseTemplate::new(413)).await;
    let error = put(&store, vec![record("a", 1)]).await.unwrap_err();
    let sent = server.received_requests().await.unwrap().pop().unwrap().body.len();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::InvalidInput, false), "{error}");
    assert!(error.message().contains(&format!("{sent} bytes")), "{error}");
}

#[tokio::test]
async fn a_count_without_a_total_is_not_zero() {
    let answer = json!({ "timed_out": false, "_shards": { "failed": 0 }, "hits": { "hits": [] } });
    let (_server, store) = made(ResponseTemplate::new(200).set_body_json(answer)).await;
    let error = store.count(CountRequest::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidReply, "{error}");
}

#[tokio::test]
async fn an_index_with_an_engine_of_another_version_is_not_supported() {
    let meta = json!({ "format": 1, "engine": "jvector", "schema": "{}",
                       "space": serde_json::to_string(&space(3)).unwrap() });
    let mapping = json!({ "library": { "mappings": { "_meta": { "keyvisual": meta } } } });
    let error = answered(ResponseTemplate::new(200).set_body_json(mapping)).await;
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.message().contains("jvector"), "{error}");
}

#[tokio::test]
async fn one_bad_record_of_five_hundred_is_named_and_the_others_are_kept() {
    let Some(url) = server() else { return };
    faults::check_one_bad(&connect(&url, &fresh(), "&batch=500").await).await;
}

/// The server's own no, in the middle of a batch that it otherwise takes.
#[tokio::test]
async fn one_record_of_five_hundred_that_the_server_refuses_is_named_too() {
    let Some(url) = server() else { return };
    let name = fresh();
    create(&connect(&url, &name, "").await).await;
    let mut index = raw("GET", format!("{url}/{name}"), Value::Null).await[&name].clone();
    let other = format!("{name}_other");
    index["mappings"]["properties"]["is"]["properties"]["f1"]["type"] = "boolean".into(); // the field "text"
    let made = json!({ "mappings": index["mappings"], "settings": { "index": { "knn": true } },
                       "aliases": { format!("{other}-writes"): {} } });
    raw("PUT", format!("{url}/{other}"), made).await;
    let store = connect(&url, &other, "&batch=500").await;
    let mut records: Vec<_> = (0..500).map(|i| record(i, i)).collect();
    records[250] = record(250, 250).with_field("text", "neither true nor false");
    let reply = store.upsert(UpsertRequest::new(records)).await.unwrap();
    let bad: Vec<_> = reply.results.iter().enumerate().filter(|(_, result)| result.is_err()).collect();
    let [(250, Err(error))] = bad.as_slice() else { panic!("one is bad: {bad:?}") };
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::InvalidInput, false), "{error}");
    assert_eq!((error.context("id"), count(&store, Filter::exists("version")).await), (Some("250"), 499));
}

#[tokio::test]
async fn an_index_that_takes_no_writes_refuses_each_record() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, "").await;
    create(&store).await;
    let block =
        |on: Value| raw("PUT", format!("{url}/{name}/_settings"), json!({ "index.blocks.write": on }));
    block(true.into()).await;
    let reply = store.upsert(UpsertRequest::new(vec![record("a", 1), record("b", 1)])).await.unwrap();
    for result in reply.results {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::PermissionDenied);
    }
    let reply = store.delete(DeleteRequest::new(vec!["a".into()])).await.unwrap();
    assert_eq!(reply.results[0].as_ref().unwrap_err().kind(), ErrorKind::PermissionDenied);
    block(Value::Null).await;
    put(&store, vec![record("a", 2)]).await.unwrap();
}

/// Without the alias a batch would make an index with guessed types, and look as if it were kept.
#[tokio::test]
async fn an_index_that_somebody_deleted_is_not_found_and_not_made_again() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, "").await;
    create(&store).await;
    put(&store, vec![record("a", 1)]).await.unwrap();
    raw("DELETE", format!("{url}/{name}"), Value::Null).await;
    let upsert = store.upsert(UpsertRequest::new(vec![record("b", 1)])).await.unwrap_err();
    let count = store.count(CountRequest::new()).await.unwrap_err();
    for error in [upsert, count] {
        assert_eq!((error.kind(), error.is_transient()), (ErrorKind::NotFound, false), "{error}");
    }
    create(&store).await;
    put(&store, vec![record("c", 1)]).await.unwrap();
    assert_eq!(scan(&store, Filter::exists("version")).await.len(), 1);
}

#[tokio::test]
async fn an_index_of_somebody_else_is_left_alone() {
    let Some(url) = server() else { return };
    let name = fresh();
    raw("PUT", format!("{url}/{name}"), json!({ "settings": { "number_of_replicas": 0 } })).await;
    let store = connect(&url, &name, "").await;
    let error = store.create(CreateRequest::new(space(3), Schema::new())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
    let error = put(&store, vec![record("a", 1)]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
}

#[tokio::test]
async fn another_process_meets_the_same_space_and_schema() {
    let Some(url) = server() else { return };
    let name = fresh();
    let (first, second) = (connect(&url, &name, "").await, connect(&url, &name, "&engine=faiss").await);
    faults::check_another_collection(&first, &second).await;
}

#[tokio::test]
async fn a_document_of_somebody_else_is_damaged_and_the_rest_is_read() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = connect(&url, &name, "").await;
    create(&store).await;
    put(&store, vec![record("a", 1), record("c", 1)]).await.unwrap();
    raw("PUT", format!("{url}/{name}/_doc/b?refresh=true"), json!({ "id": "b", "is": { "f0": 7 } })).await;
    let page = store.scan(ScanRequest::new(10)).await.unwrap();
    assert_eq!(page.records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!((page.damaged[0].0.as_str(), page.damaged[0].1.kind()), ("b", ErrorKind::Corrupt));
}
