//! Values and names are data, whatever they look like.

use keyvisual::{
    domain::{Embedding, FieldType, Filter, Record, Schema},
    roles::{CreateRequest, DeleteRequest, GetRequest, VectorStore},
};

use super::{count, create, put, record, scan, space};

const TEXTS: [&str; 9] = [
    "'; DROP TABLE records; --",
    "\"; DROP TABLE records; --",
    "$1",
    "\\'; SELECT pg_sleep(10); --",
    "{a,b}",
    "%_%",
    "NULL",
    "☕ \u{202e}txt\u{0301} 𝕏",
    "\u{1}\u{7f}\r\n\t",
];

/// Texts that look like statements are kept and found.
pub(crate) async fn check_texts(store: &impl VectorStore) {
    create(store).await;
    let records = TEXTS.iter().map(|text| {
        record(text, 1).with_field("text", *text).with_field("list", vec![(*text).to_owned(), "x".into()])
    });
    put(store, records.collect()).await.unwrap();
    for text in TEXTS {
        for filter in [Filter::eq("text", text), Filter::eq("list", text), Filter::any_of("text", [text])] {
            let found: Vec<_> = scan(store, filter).await.into_iter().map(|record| record.id).collect();
            assert_eq!(found, [text]);
        }
        let reply = store.get(GetRequest::new(vec![text.to_owned()])).await.unwrap();
        assert_eq!(reply.results[0].as_ref().unwrap().as_ref().unwrap().fields["text"], text.into());
    }
    let ids = TEXTS.map(String::from).to_vec();
    store.delete(DeleteRequest::new(ids)).await.unwrap();
    assert_eq!(count(store, Filter::And(Vec::new())).await, 0);
}

/// Fields may have any name, and values of `length` characters.
pub(crate) async fn check_names(store: &impl VectorStore, length: usize) {
    let schema =
        TEXTS.iter().fold(Schema::new(), |schema, name| schema.with_filterable(*name, FieldType::Text));
    let schema = schema.with_filterable("", FieldType::TextList);
    store.create(CreateRequest::new(space(3), schema)).await.unwrap();
    // Random, so that compression does not make it short.
    let mut random = fastrand::Rng::with_seed(1);
    let long: String = std::iter::repeat_with(|| random.alphanumeric()).take(length).collect();
    let vector = Embedding::new(vec![1.0, 2.0, 3.0]).unwrap();
    let with_all =
        TEXTS.iter().fold(Record::new("a", vector), |record, name| record.with_field(*name, *name));
    let with_all = with_all.with_field("", vec![long.clone()]).with_field(TEXTS[0], long.clone());
    put(store, vec![with_all.clone()]).await.unwrap();
    let found = scan(store, Filter::eq(TEXTS[0], long.clone()) & Filter::eq("", long)).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fields, with_all.fields);
    assert_eq!(count(store, Filter::eq(TEXTS[1], TEXTS[1])).await, 1);
}
