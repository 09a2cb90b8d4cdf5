//! A store by its address.

use keyvisual::{ErrorKind, open_store};

use super::*;

#[tokio::test]
async fn a_url_opens_an_index_with_its_settings() {
    let Some(url) = server() else { return };
    let name = fresh();
    let address =
        format!("opensearch+{url}/{name}?m=8&ef_construction=32&shards=2&replicas=0&refresh=wait_for");
    let store = open_store(&address).await.unwrap();
    assert_eq!(store.card().name, "opensearch");
    assert!(store.capabilities().read_your_writes);
    store.create(CreateRequest::new(space(3), Schema::new())).await.unwrap();
    let index = raw("GET", format!("{url}/{name}"), Value::Null).await[&name].clone();
    let method = &index["mappings"]["properties"]["vector"]["method"];
    assert_eq!(method["engine"], "lucene");
    assert_eq!(method["parameters"], json!({ "m": 8, "ef_construction": 32 }));
    assert_eq!(index["settings"]["index"]["number_of_shards"], "2");
    assert_eq!(index["settings"]["index"]["number_of_replicas"], "0");
    assert!(index["aliases"][format!("{name}-writes")].is_object());
}

#[tokio::test]
async fn writes_that_show_later_are_said_to() {
    let Some(url) = server() else { return };
    let store = connect(&url, &fresh(), "&refresh=false").await;
    assert!(!store.capabilities().read_your_writes);
    create(&store).await;
    put(&store, vec![record("a", 1)]).await.unwrap();
    let found = store.get(GetRequest::new(vec!["a".into()])).await.unwrap();
    assert_eq!(
        version(found.results[0].as_ref().unwrap().as_ref().unwrap()),
        1,
        "a read by id sees it at once"
    );
}

#[tokio::test]
async fn a_url_that_cannot_be_read_is_refused_without_repeating_it() {
    let bad = [
        "opensearch+http://team:secret@host:port/library",
        "opensearch+http://team:secret@/library",
        "opensearch+http://team:secret%2@host:x/library",
        "opensearch+https://team:secret@host/library?unknown=1",
        "opensearch+https://team@host/library?secret#=1",
        "opensearch+https://team:a?secret=@host/library",
        "opensearch+https://team:secret@host/library?engine=nmslib",
        "opensearch+https://team:secret@host/library?engine=secret",
        "opensearch+https://team:secret@host/library?m=1",
        "opensearch+https://team:secret@host/library?ef_search=0",
        "opensearch+https://team:secret@host/library?shards=0",
        "opensearch+https://team:secret@host/library?batch=0",
        "opensearch+https://team:secret@host/library?body=0",
        "opensearch+https://team:secret@host/library?timeout=0",
        "opensearch+https://team:secret@host/library?timeout=86401",
        "opensearch+https://team:secret@host/library?timeout=18446744073709551615",
        "opensearch+https://team:secret@host/library?exact_below=4000000000",
        "opensearch+https://team:secret@host/library?refresh=perhaps",
        "opensearch+https://team:secret@host/library?aws=s3",
        "opensearch+https://team:secret@host/library?ca=/nowhere/secret.pem",
        "opensearch+https://team:secret@host/Library",
        "opensearch+https://team:secret@host/_all",
        "opensearch+https://team:secret@host/a,b",
        "opensearch+https://team:secret@host/a*",
        "opensearch+https://id:secret@host/library?aws=aoss&region=r&engine=lucene",
        "opensearch+https://id:secret@host/library?engine=lucene&region=r&aws=aoss",
        "opensearch+https://id%0Asecret:x@host/library?aws=es&region=r",
        "opensearch+https://id%C3%A9secret:x@host/library?aws=es&region=r",
        "opensearch+https://id:secret@host/library?aws=es&region=r%0A",
        "opensearch+https://id:secret@host/library?aws=es&region=",
    ];
    for url in bad {
        let error = open_store(url).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    }
    let config = OpenSearchConfig::from_url("opensearch+https://id:secret@host/p/x?aws=es&region=r").unwrap();
    assert!(!format!("{config:?}").contains("secret"), "{config:?}");
}
