//! What the service would refuse, and S3Mock does not, is refused by name before it is sent.

use keyvisual::{
    ErrorKind,
    domain::{Embedding, FieldType, Filter, Record, Schema},
    roles::*,
};

use super::{front::Front, *};
use crate::vector_store::{count, put, record, space};

fn fields(count: usize, filterable: bool) -> Schema {
    (0..count).fold(Schema::new(), |schema, i| match filterable {
        true => schema.with_filterable(format!("f{i}"), FieldType::Text),
        false => schema.with_stored(format!("f{i}"), FieldType::Text),
    })
}

#[tokio::test]
async fn a_collection_that_no_index_holds_is_unsupported() {
    let front = Front::before("127.0.0.1:1");
    let cases = [
        (space(4_097), Schema::new(), ErrorKind::Unsupported, "at most 4096 dimensions, not of 4097"),
        (space(0), Schema::new(), ErrorKind::InvalidInput, "0 dimensions"),
        (space(3), fields(11, false), ErrorKind::Unsupported, "11 fields that are only stored"),
    ];
    for (space, schema, kind, words) in cases {
        let store = connect(front.url(), "never").await;
        let error = store.create(CreateRequest::new(space, schema)).await.unwrap_err();
        assert_eq!((error.kind(), error.was_sent()), (kind, false), "{error}");
        assert!(error.message().contains(words), "{error}");
    }
    assert!(front.bodies("GetIndex").is_empty(), "nothing was asked");
}

#[tokio::test]
async fn a_schema_that_needs_more_tags_than_there_are_is_unsupported() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh()).await;
    let error = store.create(CreateRequest::new(space(3), fields(250, true))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.message().contains("tags"), "{error}");
    store.create(CreateRequest::new(space(3), fields(100, true))).await.unwrap();
}

#[tokio::test]
async fn a_record_that_no_vector_carries_is_refused_and_the_others_are_kept() {
    let Some(url) = server() else { return };
    let front = Front::before(&url);
    let store = connect(front.url(), &fresh()).await;
    let schema =
        fields(60, true).with_stored("note", FieldType::Text).with_stored("more", FieldType::TextList);
    store.create(CreateRequest::new(space(3), schema)).await.unwrap();
    let with = |id: &str, name: &str, length: usize| record_of(id).with_field(name, "x".repeat(length));
    let many = |id: &str, count: usize| {
        (0..count).fold(record_of(id), |record, i| record.with_field(format!("f{i}"), "x"))
    };
    let cases = [
        (with("2 KB", "f0", 2_048 - 9), None), // {"f0":""} is nine bytes
        (with("above 2 KB", "f0", 2_048 - 8), Some("filters may name take 2049 bytes")),
        (with("40 KB", "note", 40_960 - 11), None),
        (with("above 40 KB", "note", 40_960 - 10), Some("fields take 40961 bytes")),
        (many("50 fields", 50), None),
        (many("51 fields", 51), Some("51 fields")),
        (with("ünï", "f0", 10), None),
    ];
    let records = cases.iter().map(|(record, _)| record.clone()).collect();
    let reply = store.upsert(UpsertRequest::new(records)).await.unwrap();
    for ((record, words), result) in cases.iter().zip(reply.results) {
        match (words, result) {
            (None, result) => result.unwrap(),
            (Some(words), result) => {
                let error = result.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
                assert!(error.message().contains(words), "{error}");
                assert_eq!(error.context("id"), Some(record.id.as_str()));
            }
        }
    }
    let sent = front.bodies("PutVectors");
    assert_eq!((sent.len(), sent[0]["vectors"].as_array().unwrap().len()), (1, 4));
    assert_eq!(count(&store, Filter::And(Vec::new())).await, 4);
}

fn record_of(id: &str) -> Record {
    Record::new(id, Embedding::new(vec![1.0, 2.0, 3.0]).unwrap())
}

#[tokio::test]
async fn a_filter_of_more_than_a_hundred_values_is_unsupported_in_a_search() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh()).await;
    crate::vector_store::create(&store).await;
    put(&store, (0..60).map(|i| record(i, i)).collect()).await.unwrap();
    let search = |filter| store.search(SearchRequest::new(record(0, 1).vector, 10).with_filter(filter));
    let hundred = search(Filter::any_of("version", 10..110_i64)).await.unwrap();
    assert_eq!(hundred.hits.len(), 10);
    let one_more =
        Filter::any_of("version", 10..109_i64) & Filter::exists("version") & Filter::exists("text");
    let error = search(one_more.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unsupported, false), "{error}");
    assert!(error.message().contains("101 values"), "{error}");
    assert_eq!(count(&store, one_more).await, 0, "a count reads the index, and takes any filter");
}

#[tokio::test]
async fn fewer_hits_than_wanted_come_with_the_exact_reason_where_one_page_shows_it() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh()).await;
    crate::vector_store::create(&store).await;
    let search = |filter| store.search(SearchRequest::new(record(0, 1).vector, 10).with_filter(filter));
    use keyvisual::domain::Shortfall;
    let none = || Filter::Or(Vec::new());
    assert_eq!(search(none()).await.unwrap().shortfall, Some(Shortfall::EmptyStore));
    put(&store, (0..1_100).map(|i| record(i, i / 500)).collect()).await.unwrap();
    let reason = search(Filter::eq("version", 9_i64)).await.unwrap().shortfall;
    assert_eq!(reason, Some(Shortfall::Approximate), "the index has a second page");
    let old: Vec<_> = (100..1_100).map(|i| i.to_string()).collect();
    for ids in old.chunks(100) {
        store.delete(DeleteRequest::new(ids.to_vec())).await.unwrap();
    }
    for (filter, matching) in [(Filter::eq("version", 9_i64), 0), (none(), 0), (Filter::eq("text", "x"), 0)] {
        let reason = search(filter).await.unwrap().shortfall;
        assert_eq!(reason, Some(Shortfall::FewerMatch { matching }));
    }
}

#[tokio::test]
async fn more_than_a_hundred_hits_take_more_than_one_page_where_that_is_wanted() {
    let pages = [(100, Some("second")), (40, None)];
    let front = Front::before("127.0.0.1:1");
    let space = space(3);
    let schema = Schema::new();
    // What the service keeps is what `create` sent: S3Mock has no pages of hits, so the answers are made up.
    let tags = tags_of(&space, &schema).await;
    let index = serde_json::json!({ "index": {
        "vectorBucketName": "keyvisual-test", "indexName": "pages", "creationTime": 1.0, "dataType": "float32",
        "indexArn": "arn:aws:s3vectors:us-east-1:123456789012:bucket/keyvisual-test/index/pages",
        "dimension": 3, "distanceMetric": "cosine",
    } });
    let answer = |body: serde_json::Value| super::front::Fault::Text(200, body.to_string().leak());
    front.next("GetIndex", answer(index));
    front.next("tags", answer(serde_json::json!({ "tags": tags })));
    let mut id = 0;
    for (hits, next) in pages {
        let hit = |_| {
            id += 1;
            serde_json::json!({ "key": format!("{id:03}"), "distance": f64::from(id) / 1_000.0 })
        };
        let vectors: Vec<_> = (0..hits).map(hit).collect();
        front.next(
            "QueryVectors",
            answer(serde_json::json!({ "vectors": vectors, "nextToken": next, "distanceMetric": "cosine" })),
        );
    }
    let store = S3VectorsStore::new(config(front.url(), "pages").with_max_k(140)).await.unwrap();
    assert_eq!(store.capabilities().max_k, 140);
    let reply = store.search(SearchRequest::new(record(0, 1).vector, 130)).await.unwrap();
    assert_eq!((reply.hits.len(), reply.shortfall), (130, None));
    assert_eq!(reply.hits[129].id, "130");
    let asked = front.bodies("QueryVectors");
    assert_eq!((asked[0]["topK"].as_u64(), asked[0].get("nextToken")), (Some(140), None));
    assert_eq!((asked[1]["topK"].as_u64(), asked[1]["nextToken"].as_str()), (Some(140), Some("second")));
    assert_eq!(
        S3VectorsStore::new(config("http://h", "abc").with_max_k(10_001)).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

/// The tags that a store gives a new index.
async fn tags_of(space: &keyvisual::domain::EmbeddingSpace, schema: &Schema) -> serde_json::Value {
    use super::front::Fault;
    let front = Front::before("127.0.0.1:1");
    for (operation, status, exception) in [
        ("GetIndex", 404, "NotFoundException"),
        ("CreateVectorBucket", 409, "ConflictException"),
        ("CreateIndex", 403, "AccessDeniedException"),
    ] {
        front.next(operation, Fault::Answer(status, exception, serde_json::Value::Null));
    }
    let store = connect(front.url(), "pages").await;
    store.create(CreateRequest::new(space.clone(), schema.clone())).await.unwrap_err();
    front.bodies("CreateIndex")[0]["tags"].clone()
}
