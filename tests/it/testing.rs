//! The mocks, the scripted fakes and the stores in memory.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use keyvisual::{
    Error, ErrorKind,
    domain::{Embedding, EmbeddingSpace, FieldType, Filter, Image, PixelSize, Record, Schema, Shortfall},
    roles::*,
    testing::*,
};
use tokio::time::Instant;

fn image(text: &str) -> Image {
    Image::new([b"\xff\xd8\xff".as_slice(), text.as_bytes()].concat()).unwrap()
}

fn describe(text: &str) -> DescribeRequest {
    DescribeRequest::new(image(text))
}

#[tokio::test(start_paused = true)]
async fn a_script_is_played_call_by_call_and_then_the_fake_answers() {
    let describer = ScriptedDescriber::new()
        .with_latency(Duration::from_millis(50))
        .then_fail(Error::new(ErrorKind::Unavailable, "down"))
        .then_reply(DescribeReply::new("a scripted cup", Vec::new()))
        .then_slow(Duration::from_secs(1));
    let start = Instant::now();
    assert_eq!(describer.describe(describe("a")).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(start.elapsed(), Duration::from_millis(50));
    assert_eq!(describer.describe(describe("a")).await.unwrap().description, "a scripted cup");
    let slow = Instant::now();
    assert!(describer.describe(describe("a")).await.is_ok());
    assert_eq!(slow.elapsed(), Duration::from_millis(1_050));
    let (one, two) = (describer.describe(describe("a")).await, describer.describe(describe("a")).await);
    assert_eq!(one, two, "the same request has the same answer");
    assert_eq!(describer.calls().count(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_hang_ends_only_when_the_caller_goes_away() {
    let describer = ScriptedDescriber::new().then_hang();
    let calls = describer.calls();
    let wait = tokio::time::timeout(Duration::from_secs(3_600), describer.describe(describe("a"))).await;
    assert!(wait.is_err());
    assert_eq!((calls.count(), calls.abandoned(), calls.in_flight()), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn calls_at_the_same_time_are_counted() {
    let describer = ScriptedDescriber::new().with_latency(Duration::from_millis(10));
    let requests = ["a", "b", "c"].map(describe);
    join_all(requests.clone().map(|request| describer.describe(request))).await;
    describer.describe(describe("d")).await.unwrap();
    let calls = describer.calls();
    assert_eq!((calls.most_at_once(), calls.count(), calls.in_flight()), (3, 4, 0));
    assert_eq!(calls.requests::<DescribeRequest>()[..3], requests);
}

#[tokio::test]
async fn a_scripted_reply_of_another_type_is_an_error_and_no_panic() {
    let store = ScriptedVectorStore::new().then_reply(DescribeReply::new("a cup", Vec::new()));
    let error = store.count(CountRequest::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.message().contains("count"), "{error}");
}

#[tokio::test]
async fn every_call_fails_where_the_script_says_always() {
    let model = ScriptedChatModel::new().then_answer().always_fail(Error::invalid("no"));
    let request = ChatRequest::new(Message::user("hello"));
    assert_eq!(model.chat(request.clone()).await.unwrap().text, "hello");
    for _ in 0..3 {
        assert!(model.chat(request.clone()).await.is_err());
    }
}

#[tokio::test]
async fn a_mock_knows_its_card_and_its_space() {
    let space = EmbeddingSpace::new("acme/embed", "2", 8);
    let mut mock = mock_embedder(space.clone());
    mock.expect_embed().times(1).returning(|_| Ok(EmbedReply::new(Vec::new())));
    let embedder: Arc<dyn Embedder> = Arc::new(mock);
    assert_eq!(embedder.capabilities().space, space);
    assert_eq!(embedder.card().provider, "keyvisual.testing");
    embedder.embed(EmbedRequest::new(Vec::new(), Purpose::Query)).await.unwrap();
}

#[tokio::test]
async fn a_fake_chat_model_answers_a_schema_with_an_instance_of_it() {
    let schema = serde_json::json!({
        "type": "object",
        "properties": {
            "mood": { "enum": ["calm", "loud"] },
            "elements": { "type": "array", "items": { "$ref": "#/$defs/element" } },
            "scale": { "type": "number", "minimum": 0.5 },
        },
        "$defs": { "element": { "type": "string" } },
    });
    let request = ChatRequest::new(Message::user("go")).with_schema(OutputSchema::new("idea", schema));
    let text = FakeChatModel::new().chat(request).await.unwrap().text;
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer, serde_json::json!({ "mood": "calm", "elements": ["text"], "scale": 0.5 }));
}

#[tokio::test]
async fn a_fake_generator_keeps_the_generators_contract() {
    let generator = FakeImageGenerator::new();
    let size = PixelSize::new(32, 16);
    let request = GenerateRequest::new("a cup", size).with_count(3).with_seed(7);
    let reply = generator.generate(request.clone()).await.unwrap();
    let pictures: Vec<_> = reply.results.into_iter().map(Result::unwrap).collect();
    assert_eq!(pictures.iter().map(|picture| picture.seed).collect::<Vec<_>>(), [Some(7), Some(8), Some(9)]);
    assert_ne!(pictures[0].image, pictures[1].image);
    assert_eq!(keyvisual::imaging::probe(pictures[0].image.bytes()).unwrap(), size);
    assert!(generator.generate(request.with_count(9)).await.is_err());
}

fn vector(numbers: [f32; 2]) -> Embedding {
    Embedding::new(numbers.to_vec()).unwrap()
}

#[tokio::test]
async fn a_vector_store_in_memory_keeps_the_stores_contract() {
    let store = MemoryVectorStore::new();
    let space = EmbeddingSpace::new("acme/embed", "2", 2);
    assert_eq!(store.count(CountRequest::new()).await.unwrap_err().kind(), ErrorKind::NotFound);
    let schema = Schema::new().with_filterable("audience", FieldType::Text);
    let create = CreateRequest::new(space, schema);
    assert!(store.create(create.clone()).await.unwrap().created);
    assert!(!store.create(create).await.unwrap().created);
    let records = vec![
        Record::new("b", vector([2.0, 0.0])).with_field("audience", "customers"),
        Record::new("a", vector([1.0, 0.0])),
        Record::new("c", vector([0.0, 1.0])).with_field("audience", "customers"),
        Record::new("zero", vector([0.0, 0.0])),
        Record::new("long", Embedding::new(vec![1.0; 3]).unwrap()),
    ];
    let kept = store.upsert(UpsertRequest::new(records)).await.unwrap().results;
    let kinds: Vec<_> = kept.iter().map(|result| result.as_ref().err().map(Error::kind)).collect();
    assert_eq!(kinds, [None, None, None, Some(ErrorKind::InvalidInput), Some(ErrorKind::SpaceMismatch)]);

    let search = SearchRequest::new(vector([3.0, 0.0]), 2);
    let reply = store.search(search).await.unwrap();
    assert_eq!(
        reply.hits.iter().map(|hit| (hit.id.as_str(), hit.score)).collect::<Vec<_>>(),
        [("a", 1.0), ("b", 1.0)]
    );
    assert_eq!(reply.shortfall, None);
    let filtered = SearchRequest::new(vector([3.0, 0.0]), 5).with_filter(Filter::eq("audience", "customers"));
    let filtered = store.search(filtered).await;
    assert_eq!(filtered.unwrap().shortfall, Some(Shortfall::FewerMatch { matching: 2 }));

    let first = store.scan(ScanRequest::new(2)).await.unwrap();
    let second = store.scan(ScanRequest::new(2).with_cursor(first.next.unwrap())).await.unwrap();
    let ids: Vec<_> = first.records.iter().chain(&second.records).map(|record| record.id.as_str()).collect();
    assert_eq!((ids, second.next), (vec!["a", "b", "c"], None));
}

#[tokio::test]
async fn an_asset_store_in_memory_never_overwrites_and_lists_by_pages() {
    let store = MemoryAssetStore::new();
    for (key, bytes, created) in
        [("x/1", "one", true), ("x/1", "two", false), ("x/2", "", true), ("y", "", true)]
    {
        assert_eq!(store.put(PutAssetRequest::new(key, bytes)).await.unwrap().created, created, "{key}");
    }
    let read = store.get(GetAssetRequest::new("x/1")).await.unwrap();
    assert_eq!(read.bytes.as_deref(), Some(b"one".as_slice()));
    let page = store.list(ListAssetsRequest::new("x/").with_limit(1)).await.unwrap();
    assert_eq!(page.keys, ["x/1"]);
    let page = store.list(ListAssetsRequest::new("x/").with_cursor(page.next.unwrap())).await.unwrap();
    assert_eq!((page.keys, page.next), (vec!["x/2".to_owned()], None));
    assert!(store.get(GetAssetRequest::new("../etc")).await.is_err());
}
