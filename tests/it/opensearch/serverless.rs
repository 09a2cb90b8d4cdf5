//! The same contract where the server names the documents and reads come after a while.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use keyvisual::{ErrorKind, Result, backends::opensearch::Flavour, conformance, domain::Card};
use wiremock::{Mock, ResponseTemplate, matchers::body_string_contains};

use super::*;
use crate::vector_store::{differential, hostile};

/// A store whose writes have become visible when it answers: its reads are those of a collection that has settled.
#[derive(Debug)]
struct Settled {
    store: OpenSearchStore,
    refresh: String,
}

impl Settled {
    async fn settle(&self) {
        raw("POST", self.refresh.clone(), Value::Null).await;
    }
}

#[async_trait]
impl VectorStore for Settled {
    fn card(&self) -> &Card {
        self.store.card()
    }

    fn capabilities(&self) -> &VectorStoreCapabilities {
        self.store.capabilities()
    }

    async fn create(&self, request: CreateRequest) -> Result<CreateReply> {
        self.store.create(request).await
    }

    async fn upsert(&self, request: UpsertRequest) -> Result<UpsertReply> {
        let reply = self.store.upsert(request).await?;
        self.settle().await;
        Ok(reply)
    }

    async fn search(&self, request: SearchRequest) -> Result<SearchReply> {
        self.store.search(request).await
    }

    async fn get(&self, request: GetRequest) -> Result<GetReply> {
        self.store.get(request).await
    }

    async fn delete(&self, request: DeleteRequest) -> Result<DeleteReply> {
        let reply = self.store.delete(request).await?;
        self.settle().await;
        Ok(reply)
    }

    async fn scan(&self, request: ScanRequest) -> Result<ScanReply> {
        self.store.scan(request).await
    }

    async fn count(&self, request: CountRequest) -> Result<CountReply> {
        self.store.count(request).await
    }
}

fn settings(address: &str, name: &str) -> OpenSearchConfig {
    OpenSearchConfig::from_url(&format!("opensearch+{address}/{name}"))
        .unwrap()
        .with_aws(Some(proxy::REGION.into()))
        .with_keys(proxy::KEY, proxy::SECRET, None)
        .with_flavour(Flavour::Serverless)
}

async fn unsettled(url: &str, name: &str) -> OpenSearchStore {
    OpenSearchStore::connect(settings(&proxy::start(url.to_owned()).await, name)).await.unwrap()
}

async fn settled(url: &str, name: &str) -> Settled {
    Settled { store: unsettled(url, name).await, refresh: format!("{url}/{name}/_refresh") }
}

#[tokio::test]
async fn it_keeps_the_contract_once_writes_show() {
    let Some(url) = server() else { return };
    conformance::vector_store::all(async |name| settled(&url, &name).await).await;
}

#[tokio::test]
async fn five_hundred_filters_find_what_arithmetic_finds() {
    let Some(url) = server() else { return };
    differential::check(&settled(&url, &fresh()).await).await;
}

#[tokio::test]
async fn texts_and_names_are_data() {
    let Some(url) = server() else { return };
    hostile::check_texts(&settled(&url, &fresh()).await).await;
    hostile::check_names(&settled(&url, &fresh()).await, 100_000).await;
}

/// What one process writes again before it can be found leaves one document a record.
#[tokio::test]
async fn writing_again_before_it_shows_leaves_no_older_documents() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = unsettled(&url, &name).await;
    assert!(!store.capabilities().read_your_writes);
    assert_eq!(store.card().provider, "amazon");
    create(&store).await;
    for version in 0..5 {
        put(&store, (0..20).map(|i| record(i, version)).collect()).await.unwrap();
    }
    let gone = (0..5).map(|i| i.to_string()).collect();
    store.delete(DeleteRequest::new(gone)).await.unwrap();
    raw("POST", format!("{url}/{name}/_refresh"), Value::Null).await;
    let found = scan(&store, Filter::exists("version")).await;
    assert_eq!(found.iter().map(version).collect::<Vec<_>>(), [4; 15]);
    assert_eq!(count(&store, Filter::exists("version")).await, 15);
}

/// Begun first and acknowledged last: its document is the older one, and nobody else can remove it.
#[tokio::test]
async fn a_write_that_lands_late_removes_its_own_document() {
    let nothing = json!({ "timed_out": false, "_shards": { "failed": 0 }, "hits": { "hits": [] } });
    let server = wire::answering(ResponseTemplate::new(200).set_body_json(nothing)).await;
    wire::with(&server, "GET", "/library/_mapping", ResponseTemplate::new(404)).await;
    let one = |item: Value| ResponseTemplate::new(200).set_body_json(json!({ "items": [item] }));
    let removed = one(json!({ "delete": { "_id": "n1", "status": 200 } }));
    wire::with(&server, "POST", "/library/_bulk", removed).await;
    for (version, delay) in [(1, 500), (2, 0)] {
        let answer = one(json!({ "index": { "_id": format!("n{version}"), "status": 201 } }));
        let document = Mock::given(body_string_contains(format!("\"f2\":{version}")));
        let answer = answer.set_delay(Duration::from_millis(delay));
        document.respond_with(answer).with_priority(1).mount(&server).await;
    }
    let store = OpenSearchStore::connect(settings(&server.uri(), "library")).await.unwrap();
    create(&store).await;
    let (late, soon) = (put(&store, vec![record("a", 1)]), put(&store, vec![record("a", 2)]));
    let (late, soon) = tokio::join!(late, soon);
    late.and(soon).unwrap();
    let asked = wire::asked(&server).await;
    let removed = asked.iter().filter_map(|request| request["body"]["delete"]["_id"].as_str());
    assert_eq!(removed.collect::<Vec<_>>(), ["n1"]);
}

/// Whichever of them is the first to be acknowledged, and whichever the last.
#[tokio::test]
async fn of_many_who_write_one_record_at_once_one_document_is_left() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = unsettled(&url, &name).await;
    create(&store).await;
    for round in 0..5 {
        let versions = (0..16).map(|i| round * 16 + i);
        for written in join_all(versions.map(|version| put(&store, vec![record("a", version)]))).await {
            written.unwrap();
        }
        raw("POST", format!("{url}/{name}/_refresh"), Value::Null).await;
        assert_eq!(count(&store, Filter::exists("version")).await, 1, "round {round}");
    }
}

/// What other writers left behind of one record takes no other's place.
#[tokio::test]
async fn older_documents_of_one_record_hide_no_other() {
    let Some(url) = server() else { return };
    let name = fresh();
    let store = unsettled(&url, &name).await;
    create(&store).await;
    put(&store, vec![record("b", 1)]).await.unwrap();
    for version in 0..9 {
        let written = 9_000_000_000_000_000_u64 + version;
        let left = json!({ "id": "a", "vector": [1, version, -1], "has": ["f2"], "is": { "f2": version }, "written": written });
        raw("POST", format!("{url}/{name}/_doc"), left).await;
    }
    raw("POST", format!("{url}/{name}/_refresh"), Value::Null).await;
    let found = store.get(GetRequest::new(vec!["a".into(), "b".into()])).await.unwrap().results;
    let found = found.iter().map(|found| version(found.as_ref().unwrap().as_ref().unwrap()));
    assert_eq!(found.collect::<Vec<_>>(), [8, 1]);
}

/// Two processes that write one record at once leave two documents; reads take the newer, the next write clears up.
#[tokio::test]
async fn two_processes_on_one_record_are_told_apart_by_the_clock() {
    let Some(url) = server() else { return };
    let name = fresh();
    let (first, second) = (unsettled(&url, &name).await, unsettled(&url, &name).await);
    create(&first).await;
    put(&first, vec![record("a", 1)]).await.unwrap();
    put(&second, vec![record("a", 2)]).await.unwrap();
    raw("POST", format!("{url}/{name}/_refresh"), Value::Null).await;
    let found = scan(&first, Filter::exists("version")).await;
    assert_eq!(found.iter().map(version).collect::<Vec<_>>(), [2]);
    let read = first.get(GetRequest::new(vec!["a".into()])).await.unwrap();
    assert_eq!(version(read.results[0].as_ref().unwrap().as_ref().unwrap()), 2);
    put(&first, vec![record("a", 3)]).await.unwrap();
    raw("POST", format!("{url}/{name}/_refresh"), Value::Null).await;
    assert_eq!(count(&second, Filter::exists("version")).await, 1);
}

#[tokio::test]
async fn a_wrong_secret_and_unsigned_requests_are_refused() {
    let Some(url) = server() else { return };
    let address = proxy::start(url).await;
    for (config, kind) in [
        (settings(&address, "library").with_keys(proxy::KEY, "another", None), ErrorKind::Unauthenticated),
        (settings(&address, "library").with_aws(Some("us-east-1".into())), ErrorKind::PermissionDenied),
    ] {
        let store = OpenSearchStore::connect(config).await.unwrap();
        let error = store.create(CreateRequest::new(space(3), Schema::new())).await.unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (kind, false), "{error}");
    }
    let unsigned = settings(&address, "library").with_basic_auth("team", "secret");
    assert_eq!(OpenSearchStore::connect(unsigned).await.unwrap_err().kind(), ErrorKind::InvalidInput);
}
