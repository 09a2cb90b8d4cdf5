use keyvisual::{
    backends::local::EmbeddedStore,
    domain::{Embedding, Record},
    roles::{SearchRequest, VectorStore},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use tempfile::tempdir;

use super::{create, put};

/// The first `k` by cosine in double precision, ties by id.
fn reference(records: &[Record], query: &Embedding, k: usize) -> Vec<(String, f64)> {
    let unit = query.clone().unit().unwrap();
    let length = unit.dot(&unit).unwrap();
    let score = |record: &Record| {
        let vector = record.vector.clone().unit().unwrap();
        vector.dot(&unit).unwrap() / (vector.dot(&vector).unwrap() * length).sqrt()
    };
    let mut all: Vec<_> = records.iter().map(|record| (record.id.clone(), score(record))).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(k);
    all
}

/// Vectors of many lengths, with copies and with neighbours that single precision cannot tell apart.
#[tokio::test]
async fn hits_are_those_of_a_search_in_double_precision() {
    let mut runner = TestRunner::deterministic();
    for dimensions in [1, 2, 7, 8, 31, 64, 129, 1000] {
        let folder = tempdir().unwrap();
        let store = EmbeddedStore::open(folder.path()).await.unwrap();
        create(&store, dimensions).await;
        let mut numbers = |scale: f32| -> Vec<f32> {
            let tree = proptest::collection::vec(-scale..scale, dimensions).new_tree(&mut runner).unwrap();
            tree.current()
        };
        let base = numbers(1.0);
        let mut vectors = Vec::new();
        for i in 0..300 {
            let nudge = numbers(1e-6);
            vectors.push(match i % 3 {
                0 => numbers(1.0),
                1 => base.iter().zip(nudge).map(|(a, b)| a + b).collect(),
                _ => base.clone(),
            });
        }
        let records: Vec<_> = vectors
            .into_iter()
            .enumerate()
            .map(|(i, vector)| Record::new(format!("{}", (i * 7919) % 1000), Embedding::new(vector).unwrap()))
            .collect();
        put(&store, records.clone()).await;
        let queries = [base.clone(), numbers(1.0), numbers(1e-3)];
        for query in queries.map(|numbers| Embedding::new(numbers).unwrap()) {
            for k in [1, 10, 150, 300] {
                let hits = store.search(SearchRequest::new(query.clone(), k)).await.unwrap().hits;
                for (hit, (id, score)) in hits.iter().zip(reference(&records, &query, k)) {
                    assert!(
                        (hit.score - score).abs() < 1e-7,
                        "{dimensions} dimensions: {} for {score}",
                        hit.score
                    );
                    // The stored vector is rounded to single precision, so only that much may change the order.
                    assert!(
                        hit.id == id || (hit.score - score).abs() < 1e-7,
                        "{dimensions} dimensions, k = {k}"
                    );
                }
                assert_eq!(hits.len(), k);
                assert!(
                    hits.windows(2).all(|pair| (pair[1].score, &pair[0].id) <= (pair[0].score, &pair[1].id))
                );
            }
        }
    }
}
