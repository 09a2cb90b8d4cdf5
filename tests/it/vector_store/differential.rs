//! The same records and filters, answered by the store and by arithmetic that no store shares.

use keyvisual::{
    domain::{Embedding, Fields, Record, Schema},
    roles::{CreateRequest, SearchRequest, VectorStore},
};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

use super::{count, put, scan, space};
use crate::filters::{FIELDS, fields, filter, passes};

const DIMENSIONS: usize = 12;

fn samples<T: std::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
    count: usize,
    runner: &mut TestRunner,
) -> Vec<T> {
    (0..count).map(|_| strategy.new_tree(runner).unwrap().current()).collect()
}

fn vector(random: &mut fastrand::Rng) -> Embedding {
    Embedding::new((0..DIMENSIONS).map(|_| random.f32() - 0.5).collect::<Vec<_>>()).unwrap().unit().unwrap()
}

/// The best scores, from high to low.
fn best(records: &[&Record], query: &Embedding, k: usize) -> Vec<f64> {
    let mut scores: Vec<f64> = records.iter().map(|record| record.vector.dot(query).unwrap()).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    scores.truncate(k);
    scores
}

/// A thousand random records, five hundred random filters: scans, counts and exact searches.
pub(crate) async fn check(store: &impl VectorStore) {
    compare(store, true).await;
}

/// As [`check`], with searches by an index: as many hits as there are, each of which passes and has its own score.
#[cfg(feature = "opensearch")]
pub(crate) async fn check_members(store: &impl VectorStore) {
    compare(store, false).await;
}

async fn compare(store: &impl VectorStore, exact: bool) {
    let schema = FIELDS.iter().fold(Schema::new(), |schema, (name, of)| schema.with_filterable(*name, *of));
    store.create(CreateRequest::new(space(DIMENSIONS), schema)).await.unwrap();

    let (mut runner, mut random) = (TestRunner::deterministic(), fastrand::Rng::with_seed(5));
    let fields: Vec<Fields> = samples(fields(), 1_000, &mut runner);
    let record = |(i, fields)| {
        let mut record = Record::new(format!("{i:04}"), vector(&mut random));
        record.fields = fields;
        record
    };
    let records: Vec<Record> = fields.into_iter().enumerate().map(record).collect();
    put(store, records.clone()).await.unwrap();

    let mut hits = 0;
    for filter in samples(filter(), 500, &mut runner) {
        let passing: Vec<_> = records.iter().filter(|record| passes(&filter, &record.fields)).collect();
        let wanted: Vec<_> = passing.iter().map(|record| (&record.id, &record.fields)).collect();
        let found = scan(store, filter.clone()).await;
        let found: Vec<_> = found.iter().map(|record| (&record.id, &record.fields)).collect();
        assert_eq!(found, wanted, "a scan with {filter:?}");
        assert_eq!(count(store, filter.clone()).await, wanted.len() as u64, "a count with {filter:?}");

        let query = vector(&mut random);
        let request = SearchRequest::new(query.clone(), 10).with_filter(filter.clone());
        let reply = store.search(request).await.unwrap();
        let best = best(&passing, &query, 10);
        assert_eq!(reply.hits.len(), best.len(), "a search with {filter:?}");
        assert_eq!(reply.shortfall.is_some(), best.len() < 10);
        for (hit, best) in reply.hits.iter().zip(best) {
            let found = passing.iter().find(|record| record.id == hit.id);
            let found = found.unwrap_or_else(|| panic!("{} does not pass {filter:?}", hit.id));
            let score = if exact { best } else { found.vector.dot(&query).unwrap() };
            assert!((hit.score - score).abs() < 1e-5, "{} has {}, not {score}", hit.id, hit.score);
            hits += 1;
        }
    }
    assert!(hits > 1_000, "the filters let something through: {hits} hits");
}
