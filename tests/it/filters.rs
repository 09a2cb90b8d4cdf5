//! Filters mean one thing, whoever evaluates them.

use std::collections::BTreeMap;

use keyvisual::{
    backends::local::EmbeddedStore,
    domain::{
        Bounds, Embedding, EmbeddingSpace, FieldType, Fields, Filter, MAX_INTEGER, Record, Schema, Timestamp,
        Value,
    },
    roles::{
        CountRequest, CreateRequest, DeleteRequest, ScanRequest, SearchRequest, UpsertRequest, VectorStore,
    },
};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    sample::select,
};

pub(crate) const FIELDS: [(&str, FieldType); 6] = [
    ("text", FieldType::Text),
    ("integer", FieldType::Integer),
    ("float", FieldType::Float),
    ("bool", FieldType::Bool),
    ("time", FieldType::Time),
    ("list", FieldType::TextList),
];

/// Few values, so that they meet, and those at which orders go wrong.
fn value(of: FieldType) -> BoxedStrategy<Value> {
    let text = || select(["", "a", "b", "ab", "A", "ä"].as_slice()).prop_map(String::from);
    match of {
        FieldType::Text => text().prop_map(Value::Text).boxed(),
        FieldType::Integer => {
            select([-MAX_INTEGER, -2, -1, 0, 1, 2, MAX_INTEGER - 1, MAX_INTEGER].as_slice())
                .prop_map(Value::Integer)
                .boxed()
        }
        FieldType::Float => {
            const FLOATS: [f64; 9] =
                [f64::MIN, -1.5, -5e-324, -0.0, 0.0, 5e-324, 1.5, 1.5000000000000002, f64::MAX];
            prop_oneof![4 => select(FLOATS.as_slice()), 1 => -2.0..2.0].prop_map(Value::Float).boxed()
        }
        FieldType::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        FieldType::Time => select([-253_402_300_000_i64, -1, 0, 1, 1_795_252_263_123].as_slice())
            .prop_map(|millis| Value::Time(Timestamp::from_millis(millis).unwrap()))
            .boxed(),
        _ => vec(text(), 0..4).prop_map(Value::TextList).boxed(),
    }
}

pub(crate) fn fields() -> impl Strategy<Value = Fields> {
    let one = |(name, of): (&'static str, FieldType)| {
        option::of(value(of)).prop_map(move |v| v.map(|v| (name.to_owned(), v)))
    };
    FIELDS.map(one).prop_map(|fields| fields.into_iter().flatten().collect())
}

fn leaf() -> impl Strategy<Value = Filter> {
    select(FIELDS.as_slice()).prop_flat_map(|(name, of)| {
        let element = if of == FieldType::TextList { FieldType::Text } else { of };
        let eq = value(element).prop_map(move |value| Filter::Eq(name.into(), value));
        let any_of = vec(value(element), 0..4).prop_map(move |values| Filter::In(name.into(), values));
        let exists = Just(Filter::exists(name));
        if !matches!(of, FieldType::Integer | FieldType::Float | FieldType::Time) {
            return prop_oneof![3 => eq, 2 => any_of, 1 => exists].boxed();
        }
        let bound = || option::of(value(of));
        let range = (bound(), bound(), bound(), bound())
            .prop_filter("a range has a bound", |b| {
                b.0.is_some() || b.1.is_some() || b.2.is_some() || b.3.is_some()
            })
            .prop_map(move |(gt, gte, lt, lte)| Filter::Range(name.into(), Bounds { gt, gte, lt, lte }));
        prop_oneof![2 => eq, 1 => any_of, 1 => exists, 4 => range].boxed()
    })
}

pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Filter::And),
            vec(inner.clone(), 0..4).prop_map(Filter::Or),
            inner.prop_map(|filter| !filter),
        ]
    })
}

/// A value as a reader of the documentation sees it: texts, or a number on a line.
#[derive(Clone, PartialEq)]
enum Atom {
    Text(String),
    Number(f64),
}

/// What a field says; none when it is not there. All numbers here fit a double exactly.
fn atoms(value: &Value) -> Vec<Atom> {
    match value {
        Value::Text(text) => vec![Atom::Text(text.clone())],
        Value::TextList(texts) => texts.iter().cloned().map(Atom::Text).collect(),
        Value::Integer(n) => vec![Atom::Number(*n as f64)],
        Value::Float(x) => vec![Atom::Number(*x)],
        Value::Time(time) => vec![Atom::Number(time.as_millis() as f64)],
        Value::Bool(yes) => vec![Atom::Text(yes.to_string())],
        other => panic!("{other:?} is new here"),
    }
}

/// What the documentation of `Filter` says, written without looking at its code or the store's.
pub(crate) fn passes(filter: &Filter, fields: &Fields) -> bool {
    let found = |name: &String| fields.get(name).map(atoms).unwrap_or_default();
    match filter {
        Filter::Eq(name, value) => found(name).contains(&atoms(value)[0]),
        Filter::In(name, values) => {
            let wanted: Vec<_> = values.iter().flat_map(atoms).collect();
            found(name).iter().any(|atom| wanted.contains(atom))
        }
        Filter::Range(name, Bounds { gt, gte, lt, lte }) => match found(name).as_slice() {
            [Atom::Number(x)] => {
                let limit = |bound: &Option<Value>, otherwise: f64| match bound.as_ref().map(atoms).as_deref()
                {
                    Some([Atom::Number(limit)]) => *limit,
                    _ => otherwise,
                };
                let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
                *x > limit(gt, low) && *x >= limit(gte, low) && *x < limit(lt, high) && *x <= limit(lte, high)
            }
            _ => false,
        },
        Filter::Exists(name) => fields.keys().any(|key| key == name),
        Filter::And(all) => !all.iter().any(|filter| !passes(filter, fields)),
        Filter::Or(any) => any.iter().filter(|filter| passes(filter, fields)).count() > 0,
        Filter::Not(filter) => !passes(filter, fields),
    }
}

async fn store(folder: &std::path::Path) -> EmbeddedStore {
    let store = EmbeddedStore::open(folder).await.unwrap();
    let schema = FIELDS.iter().fold(Schema::new(), |schema, (name, of)| schema.with_filterable(*name, *of));
    store.create(CreateRequest::new(EmbeddingSpace::new("test/filters", "1", 2), schema)).await.unwrap();
    store
}

async fn write(store: &EmbeddedStore, records: &BTreeMap<u8, Fields>) {
    let records = records.iter().map(|(id, fields)| {
        let mut record = Record::new(format!("{id:03}"), Embedding::new(vec![1.0, f32::from(*id)]).unwrap());
        record.fields = fields.clone();
        record
    });
    let reply = store.upsert(UpsertRequest::new(records.collect())).await.unwrap();
    assert!(reply.results.iter().all(Result::is_ok), "{:?}", reply.results);
}

async fn check(store: &EmbeddedStore, records: &BTreeMap<u8, Fields>, filter: &Filter) {
    let wanted: Vec<_> = records
        .iter()
        .filter(|(_, fields)| passes(filter, fields))
        .map(|(id, _)| format!("{id:03}"))
        .collect();
    let page = store.scan(ScanRequest::new(1000).with_filter(filter.clone())).await.unwrap();
    assert_eq!(
        page.records.iter().map(|record| &record.id).collect::<Vec<_>>(),
        wanted.iter().collect::<Vec<_>>()
    );
    let count = store.count(CountRequest::new().with_filter(filter.clone())).await.unwrap();
    assert_eq!(count.count, wanted.len() as u64);
    let query = SearchRequest::new(Embedding::new(vec![1.0, 0.0]).unwrap(), 1000).with_filter(filter.clone());
    let mut found: Vec<_> = store.search(query).await.unwrap().hits.into_iter().map(|hit| hit.id).collect();
    found.sort_unstable();
    assert_eq!(found, wanted);
}

proptest! {
    #[test]
    fn matches_is_what_the_documentation_says(filter in filter(), fields in fields()) {
        prop_assert_eq!(filter.matches(&fields), passes(&filter, &fields));
    }

    #[test]
    fn a_filter_is_json_and_back(filter in filter()) {
        let json = serde_json::to_string(&filter).unwrap();
        prop_assert_eq!(serde_json::from_str::<Filter>(&json).unwrap(), filter);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    /// Records are written, some are written again, some removed; then the folder is opened anew.
    #[test]
    fn the_embedded_store_finds_what_passes(
        first in btree_map(any::<u8>(), fields(), 0..60),
        second in btree_map(any::<u8>(), fields(), 0..60),
        removed in vec(any::<u8>(), 0..60),
        filters in vec(filter(), 12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let before = store(folder.path()).await;
            write(&before, &first).await;
            write(&before, &second).await;
            let ids = removed.iter().map(|id| format!("{id:03}")).collect();
            before.delete(DeleteRequest::new(ids)).await.unwrap();
            let mut records = first;
            records.extend(second);
            records.retain(|id, _| !removed.contains(id));
            for filter in &filters[..6] {
                check(&before, &records, filter).await;
            }
            drop(before);
            let after = store(folder.path()).await;
            for filter in &filters {
                check(&after, &records, filter).await;
            }
        });
    }
}
