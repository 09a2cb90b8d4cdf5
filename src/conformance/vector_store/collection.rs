use super::sample::{create, record, refused, schema, space, vector};
use crate::{
    domain::{EmbeddingSpace, FieldType, Schema},
    error::ErrorKind,
    roles::{
        CountRequest, CreateRequest, DeleteRequest, GetRequest, ScanRequest, SearchRequest, UpsertRequest,
        VectorStore,
    },
};

/// Before `create`, everything else is `NotFound`.
pub async fn needs_a_collection(store: &dyn VectorStore) {
    let missing = ErrorKind::NotFound;
    let query = SearchRequest::new(vector([1.0, 0.0, 0.0, 0.0]), 3);
    let id = vec!["a".to_owned()];
    refused(store.upsert(UpsertRequest::new(vec![record("a")])).await, missing, "an upsert before create");
    refused(store.search(query).await, missing, "a search before create");
    refused(store.get(GetRequest::new(id.clone())).await, missing, "a get before create");
    refused(store.delete(DeleteRequest::new(id)).await, missing, "a delete before create");
    refused(store.scan(ScanRequest::new(3)).await, missing, "a scan before create");
    refused(store.count(CountRequest::new()).await, missing, "a count before create");
}

/// Creating again with the same space and schema succeeds and says that it was there.
pub async fn is_created_once(store: &dyn VectorStore) {
    create(store).await;
    for _ in 0..2 {
        let reply =
            store.create(CreateRequest::new(space(), schema())).await.expect("create can be called again");
        assert!(!reply.created, "the second create says that the collection was there");
    }
}

/// Another space is `SpaceMismatch`, another schema is `Conflict`, and neither changes the collection.
pub async fn refuses_another_collection(store: &dyn VectorStore) {
    create(store).await;
    let spaces = [
        EmbeddingSpace::new("conformance/other", "1", 4),
        EmbeddingSpace::new("conformance/axes", "2", 4),
        EmbeddingSpace::new("conformance/axes", "1", 5),
        space().with_pairing("mean 0.5"),
        space().with_preparation("longest side 1024"),
    ];
    for other in spaces {
        let what = format!("the space {other}");
        refused(store.create(CreateRequest::new(other, schema())).await, ErrorKind::SpaceMismatch, &what);
    }
    let schemas = [
        Schema::new(),
        schema().with_filterable("one more", FieldType::Text),
        schema().with_stored("season", FieldType::Text),
        schema().with_filterable("season", FieldType::Bool),
    ];
    for other in schemas {
        let what = format!("the schema {other:?}");
        refused(store.create(CreateRequest::new(space(), other)).await, ErrorKind::Conflict, &what);
    }
    is_there(store).await;
}

async fn is_there(store: &dyn VectorStore) {
    let reply =
        store.create(CreateRequest::new(space(), schema())).await.expect("the collection is as it was");
    assert!(!reply.created, "the collection is as it was");
}
