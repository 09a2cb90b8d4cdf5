//! What goes over the wire.

use keyvisual::{
    domain::{Bounds, Embedding, FieldType, Filter, Record, Schema, Timestamp},
    roles::*,
};
use serde_json::{Value, json};

use super::{
    front::{Fault, Front},
    *,
};
use crate::vector_store::space;

fn schema() -> Schema {
    Schema::new()
        .with_filterable("objective", FieldType::Text)
        .with_filterable("clicks", FieldType::Integer)
        .with_filterable("rate", FieldType::Float)
        .with_filterable("approved", FieldType::Bool)
        .with_filterable("added_at", FieldType::Time)
        .with_filterable("elements", FieldType::TextList)
        .with_filterable("$eq", FieldType::Text)
        .with_stored("description", FieldType::Text)
}

/// A filled collection, the front before it, and its name in the requests replaced.
async fn filled() -> Option<(Front, S3VectorsStore)> {
    let front = Front::before(&server()?);
    let store = connect(front.url(), &fresh()).await;
    store.create(CreateRequest::new(space(2), schema())).await.unwrap();
    let full = Record::new("full", Embedding::new(vec![0.6, 0.8]).unwrap())
        .with_field("objective", "clicks")
        .with_field("clicks", 3_i64)
        .with_field("rate", -0.0)
        .with_field("approved", true)
        .with_field("added_at", Timestamp::from_millis(1_795_252_263_123).unwrap())
        .with_field("elements", vec!["cup".to_owned(), "table".to_owned()])
        .with_field("$eq", "odd")
        .with_field("description", "A cup on a table");
    let sparse = Record::new("sparse", Embedding::new(vec![3.0, 4.0]).unwrap())
        .with_field("elements", Vec::<String>::new());
    let bare = Record::new("bare", Embedding::new(vec![1.0, 0.0]).unwrap());
    store.upsert(UpsertRequest::new(vec![full, sparse, bare])).await.unwrap();
    Some((front, store))
}

/// The last request of an operation, without the name that every run chooses anew.
fn last(front: &Front, operation: &str) -> Value {
    let mut body = front.bodies(operation).pop().unwrap();
    if body.get("indexName").is_some() {
        body["indexName"] = "INDEX".into();
    }
    body
}

#[tokio::test]
async fn requests_are_those_of_the_service() {
    let Some((front, store)) = filled().await else { return };
    let query = SearchRequest::new(Embedding::new(vec![0.0, 5.0]).unwrap(), 3);
    store.search(query.clone()).await.unwrap();
    let plain = last(&front, "QueryVectors");
    store.search(query.with_filter(Filter::eq("objective", "clicks"))).await.unwrap();
    store.get(GetRequest::new(vec!["bare".into(), "bare".into(), "".into()])).await.unwrap();
    store.scan(ScanRequest::new(5_000)).await.unwrap();
    let scanned = last(&front, "ListVectors");
    store.count(CountRequest::new()).await.unwrap();
    store.delete(DeleteRequest::new(vec!["bare".into(), "".into()])).await.unwrap();
    let requests = json!({
        "CreateVectorBucket": last(&front, "CreateVectorBucket"),
        "CreateIndex": last(&front, "CreateIndex"),
        "PutVectors": last(&front, "PutVectors"),
        "QueryVectors": [plain, last(&front, "QueryVectors")],
        "GetVectors": last(&front, "GetVectors"),
        "ListVectors": [scanned, last(&front, "ListVectors")],
        "DeleteVectors": last(&front, "DeleteVectors"),
    });
    insta::assert_json_snapshot!(requests);
}

#[tokio::test]
async fn filters_are_said_in_documented_words() {
    let Some((front, store)) = filled().await else { return };
    let between = Bounds { gte: Some(1_i64.into()), lt: Some(9_i64.into()), ..Bounds::default() };
    let time = Timestamp::from_millis(5).unwrap();
    let filters = [
        Filter::eq("$eq", "odd"),
        Filter::eq("rate", -0.0),
        Filter::any_of("elements", ["cup", "table"]),
        Filter::at_least("added_at", time),
        Filter::Range("clicks".into(), between.clone()),
        Filter::exists("elements"),
        Filter::And(Vec::new()) & Filter::eq("approved", true),
        Filter::eq("approved", true) & (Filter::eq("clicks", 1_i64) | Filter::exists("rate")),
        !Filter::eq("approved", true),
        !Filter::any_of("elements", ["cup", "table"]),
        !Filter::Range("clicks".into(), between),
        !Filter::exists("rate"),
        !(Filter::eq("approved", true) & !Filter::eq("clicks", 1_i64)),
    ];
    let mut said = Vec::new();
    for filter in filters {
        let request = SearchRequest::new(Embedding::new(vec![0.0, 5.0]).unwrap(), 3).with_filter(filter);
        store.search(request).await.unwrap();
        said.push(last(&front, "QueryVectors")["filter"].clone());
    }
    insta::assert_json_snapshot!(said);
}

#[tokio::test]
async fn filters_without_a_condition_are_not_sent() {
    let Some((front, store)) = filled().await else { return };
    let vector = Embedding::new(vec![0.0, 5.0]).unwrap();
    let all = SearchRequest::new(vector.clone(), 3).with_filter(!Filter::any_of::<&str>("objective", []));
    assert_eq!(store.search(all).await.unwrap().hits.len(), 3);
    assert_eq!(last(&front, "QueryVectors").get("filter"), None);
    let asked = front.bodies("QueryVectors").len();
    let none = SearchRequest::new(vector, 3).with_filter(!Filter::And(Vec::new()));
    assert_eq!(store.search(none).await.unwrap().hits, []);
    assert_eq!(front.bodies("QueryVectors").len(), asked, "nothing can pass, so nothing is asked");
}

/// A service that reads a condition in another way gives hits that do not pass; they are no hits.
#[tokio::test]
async fn a_hit_that_does_not_pass_is_no_hit() {
    let Some((front, store)) = filled().await else { return };
    let hits = json!({ "distanceMetric": "cosine", "vectors": [
        { "key": "wrong", "distance": 0.0, "metadata": { "elements": ["cup"] } },
        { "key": "right", "distance": 0.1, "metadata": { "elements": ["table"] } },
    ] });
    front.next("QueryVectors", Fault::Text(200, hits.to_string().leak()));
    let request = SearchRequest::new(Embedding::new(vec![0.0, 5.0]).unwrap(), 2);
    let reply = store.search(request.with_filter(!Filter::eq("elements", "cup"))).await.unwrap();
    assert_eq!(reply.hits.iter().map(|hit| hit.id.as_str()).collect::<Vec<_>>(), ["right"]);
    assert_eq!(reply.shortfall, Some(keyvisual::domain::Shortfall::Approximate));
}

#[tokio::test]
async fn an_index_by_arn_is_asked_for_by_arn() {
    let Some(url) = server() else { return };
    let front = Front::before(&url);
    let name = fresh().replace('_', "-");
    connect(&url, "bucket_is_there").await.create(CreateRequest::new(space(2), schema())).await.unwrap();
    let arn = format!("arn:aws:s3vectors:us-east-1:123456789012:bucket/keyvisual-test/index/{name}");
    let config = S3VectorsConfig::from_arn(&arn).unwrap().with_keys("test", "secret", None);
    let store = S3VectorsStore::new(config.with_endpoint(front.url())).await.unwrap();
    store.create(CreateRequest::new(space(2), schema())).await.unwrap();
    assert_eq!(store.count(CountRequest::new()).await.unwrap().count, 0);
    let made = last(&front, "CreateIndex");
    assert_eq!(made["vectorBucketArn"], "arn:aws:s3vectors:us-east-1:123456789012:bucket/keyvisual-test");
    assert_eq!(last(&front, "ListVectors")["indexArn"], arn);
    assert!(front.bodies("CreateVectorBucket").is_empty());
}

#[tokio::test]
async fn an_index_may_have_a_key_of_its_own_and_need_its_bucket() {
    let Some(url) = server() else { return };
    let front = Front::before(&url);
    let config = S3VectorsConfig::new(format!("none-{}", fresh().replace('_', "-")), "library")
        .with_region("us-east-1")
        .with_keys("test", "secret", None)
        .with_endpoint(front.url())
        .with_create_bucket(false)
        .with_kms_key("arn:aws:kms:us-east-1:123456789012:key/one");
    let store = S3VectorsStore::new(config).await.unwrap();
    let error = store.create(CreateRequest::new(space(2), schema())).await.unwrap_err();
    assert_eq!(error.kind(), keyvisual::ErrorKind::NotFound, "{error}");
    let key = json!({ "sseType": "aws:kms", "kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/one" });
    assert_eq!(last(&front, "CreateIndex")["encryptionConfiguration"], key);
}
