//! A store by its address.

use keyvisual::{ErrorKind, open_store};

use super::*;

#[tokio::test]
async fn a_url_opens_a_collection_with_its_settings() {
    let Some(url) = server() else { return };
    let name = fresh();
    let url = format!(
        "{url}?schema=keyvisual_test&collection={name}&halfvec=true&m=8&ef_construction=32&connect_timeout=5"
    );
    let store = open_store(&url).await.unwrap();
    assert_eq!(store.card().name, "pgvector");
    store.create(CreateRequest::new(space(3_000), Schema::new())).await.unwrap();
    let sql = "SELECT indexdef FROM pg_indexes WHERE indexname = $1";
    let raw = raw(url.split('?').next().unwrap()).await;
    let row = raw.query_one(sql, &[&format!("keyvisual_{name}_hnsw")]).await.unwrap();
    let index: String = row.get(0);
    for part in ["halfvec(3000)", "m='8'", "ef_construction='32'"] {
        assert!(index.contains(part), "{part} in {index}");
    }
}

#[tokio::test]
async fn vectors_too_long_for_an_index_are_searched_exactly() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "").await;
    store.create(CreateRequest::new(space(2_001), Schema::new())).await.unwrap();
    let at = |place: usize| {
        Embedding::new((0..2_001).map(|i| if i == place { 1.0 } else { 0.0 }).collect::<Vec<_>>()).unwrap()
    };
    put(&store, (0..20).map(|i| Record::new(format!("{i:02}"), at(i))).collect()).await.unwrap();
    let reply = store.search(SearchRequest::new(at(7), 1)).await.unwrap();
    assert_eq!(reply.hits[0].id, "07");
    let error = store.create(CreateRequest::new(space(16_001), Schema::new())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_refused_without_repeating_it() {
    let bad = [
        "postgres://team:secret@host:port/db",
        "postgres://host/db?pool=secret",
        "postgres://team@host/db?password=secret&unknown=secret",
        "postgres://team:secret@host/db?unknown=1",
        "postgres://team:secret@host/db?pool=many",
        "postgres://team:secret@host/db?halfvec=perhaps",
        "postgres://team:secret@host/db?m=1",
        "postgres://team:secret@host/db?m=40&ef_construction=40",
        "postgres://team:secret@host/db?pool=0",
        "postgres://team:secret@host/db?collection=Library",
        "postgres://team:secret@host/db?collection=a%22b",
        "postgres://team:secret@host/db?schema=a;b",
        "postgres://team:secret@host/db?timeout=86401",
        "postgres://team:secret@host/db?connect_timeout=86401",
        "postgres://team:secret@host/db?prefix=a_",
        "postgres:secret",
    ];
    for url in bad {
        let error = open_store(url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
    let long = "x".repeat(60);
    let config = config("postgres://h/d", &long, "");
    assert_eq!(PgVectorStore::connect(config).await.unwrap_err().kind(), ErrorKind::InvalidInput);
}
