//! What is sent, word for word.

use keyvisual::{backends::opensearch::Flavour, domain::Timestamp};
use wiremock::ResponseTemplate;

use super::*;

fn found(total: u64, hits: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "timed_out": false,
        "_shards": { "failed": 0 },
        "hits": { "total": { "value": total, "relation": "eq" }, "hits": hits },
    }))
}

fn schema() -> Schema {
    Schema::new()
        .with_filterable("season", FieldType::Text)
        .with_filterable("clicks", FieldType::Integer)
        .with_filterable("rate", FieldType::Float)
        .with_filterable("approved", FieldType::Bool)
        .with_filterable("shot.at", FieldType::Time)
        .with_filterable("elements", FieldType::TextList)
        .with_stored("note", FieldType::Text)
}

fn picture() -> Record {
    Record::new("a/b ☕", Embedding::new(vec![3.0, -4.0]).unwrap())
        .with_field("season", "autumn")
        .with_field("rate", -0.0)
        .with_field("approved", true)
        .with_field("shot.at", Timestamp::from_millis(1_000).unwrap())
        .with_field("elements", vec!["cup".to_owned(), "y".repeat(1_025)])
        .with_field("note", "kept as it is")
}

fn filter() -> Filter {
    let season = Filter::any_of("season", ["autumn", "winter"]) | Filter::eq("elements", "cup");
    season & !Filter::at_least("clicks", 3_i64) & Filter::exists("rate") & Filter::Or(Vec::new())
}

async fn everything(store: &OpenSearchStore) {
    store.create(CreateRequest::new(space(2), schema())).await.unwrap();
    let other = Record::new("c", Embedding::new(vec![1.0, 0.0]).unwrap());
    store.upsert(UpsertRequest::new(vec![picture(), other])).await.unwrap();
    let query = Embedding::new(vec![1.0, 0.0]).unwrap();
    store.search(SearchRequest::new(query, 3).with_filter(filter())).await.unwrap();
    store.count(CountRequest::new()).await.unwrap();
    let page = store.scan(ScanRequest::new(1).with_filter(Filter::eq("approved", true))).await.unwrap();
    store.scan(ScanRequest::new(1).with_cursor(page.next.unwrap())).await.unwrap();
    store.delete(DeleteRequest::new(vec!["a/b ☕".into(), "c".into()])).await.unwrap();
    let _ = store.get(GetRequest::new(vec!["c".into(), "a".into(), "c".into(), String::new()])).await;
}

async fn server(items: Value) -> wiremock::MockServer {
    let server = wire::answering(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    wire::with(&server, "GET", "/library/_mapping", ResponseTemplate::new(404)).await;
    let items = ResponseTemplate::new(200).set_body_json(json!({ "items": items }));
    wire::with(&server, "POST", "/library-writes/_bulk", items.clone()).await;
    wire::with(&server, "POST", "/library/_bulk", items).await;
    let hits = json!([{ "_id": "a", "_source": { "id": "a", "vector": [1, 0] }, "_score": 1 },
                      { "_id": "b", "_source": { "id": "b", "vector": [1, 0] }, "_score": 1 }]);
    wire::with(&server, "POST", "/library/_search", found(9_999, hits)).await;
    server
}

#[tokio::test]
async fn a_cluster_gets_these() {
    let server = server(json!([{ "index": { "status": 201 } }, { "index": { "status": 200 } }])).await;
    let store = OpenSearchStore::connect(config(&server.uri(), "library", "")).await.unwrap();
    everything(&store).await;
    insta::assert_json_snapshot!(wire::asked(&server).await);
}

/// The names of documents are the server's; what older documents there are is asked for.
#[tokio::test]
async fn a_serverless_collection_gets_these() {
    let server = server(
        json!([{ "index": { "_id": "n1", "status": 201 } }, { "index": { "_id": "n2", "status": 201 } }]),
    )
    .await;
    let config = OpenSearchConfig::from_url(&format!("opensearch+{}/library", server.uri())).unwrap();
    let config = config.with_aws(Some("eu-west-1".into())).with_keys("AKID", "a secret", None);
    let config = config.with_flavour(Flavour::Serverless);
    everything(&OpenSearchStore::connect(config).await.unwrap()).await;
    let mut asked = wire::asked(&server).await;
    for line in asked.iter_mut().filter_map(|request| request["body"].as_array_mut()).flatten() {
        if line["written"].is_number() {
            line["written"] = "by the clock".into();
        }
    }
    insta::assert_json_snapshot!(asked);
}
