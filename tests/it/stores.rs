//! Stores by URL.

use keyvisual::{Error, ErrorKind, StoreRegistry, open_store, testing::MemoryVectorStore};
use tempfile::tempdir;

#[tokio::test]
async fn a_scheme_of_ones_own_gets_the_url_as_it_is() {
    let stores = StoreRegistry::builtin().with("shelf", async |url: String| match url.as_str() {
        "shelf://a:b@c?d=e" => Ok(MemoryVectorStore::new()),
        _ => Err(Error::not_found("shelf", url)),
    });
    assert_eq!(stores.open("shelf://a:b@c?d=e").await.unwrap().card().name, "MemoryVectorStore");
    assert_eq!(stores.open("shelf:").await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(stores.schemes().eq(StoreRegistry::builtin().schemes().chain(["shelf"])));
}

#[tokio::test]
async fn a_builtin_scheme_can_be_replaced() {
    let stores = StoreRegistry::builtin().with("embedded", async |_url: String| Ok(MemoryVectorStore::new()));
    assert_eq!(stores.open("embedded:nowhere").await.unwrap().card().name, "MemoryVectorStore");
}

#[tokio::test]
async fn what_cannot_be_opened_is_named_without_its_password() {
    for (url, kind) in [
        ("carrier-pigeon://team:secret@roof", ErrorKind::InvalidInput),
        ("/secret/path", ErrorKind::InvalidInput),
        ("", ErrorKind::InvalidInput),
        ("embedded:", ErrorKind::InvalidInput),
    ] {
        let error = open_store(url).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{url}");
        assert!(error.message().contains("embedded"), "{url}: {error}");
        assert!(!error.message().contains("secret"), "{url}: {error}");
    }
}

/// A parameter that is not known may be a secret at the wrong place: it is not repeated.
#[tokio::test]
async fn an_unknown_parameter_is_answered_with_those_that_are_known() {
    let urls: &[(&str, &str)] = &[
        #[cfg(feature = "opensearch")]
        ("opensearch+https://host/library?secret=1", "engine, m, ef_construction"),
        #[cfg(feature = "postgres")]
        ("postgres://host/db?secret=1", "collection, index, halfvec"),
        #[cfg(feature = "qdrant")]
        ("qdrant://host/library?secret=1", "api_key, tls, ca"),
        #[cfg(feature = "s3vectors")]
        ("s3vectors://bucket/library?secret=1", "region, endpoint, profile"),
    ];
    for (url, known) in urls {
        let error = open_store(url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
        assert!(error.message().contains(known) && !error.message().contains("secret"), "{url}: {error}");
    }
}

#[cfg(not(feature = "postgres"))]
#[tokio::test]
async fn a_store_whose_feature_is_off_names_it() {
    let error = open_store("postgres://team:secret@db/visuals").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("\"postgres\"") && !error.message().contains("secret"), "{error}");
}

#[tokio::test]
async fn the_embedded_store_opens_by_its_folder() {
    let folder = tempdir().unwrap();
    let url = format!("embedded:{}", folder.path().join("a:b").display());
    assert_eq!(open_store(&url).await.unwrap().card().name, "embedded");
    assert!(folder.path().join("a:b").is_dir());
}
