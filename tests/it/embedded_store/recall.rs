//! How much of the exact answer a search finds once rows are in lists.

use std::collections::BTreeSet;

use keyvisual::{
    backends::local::EmbeddedStore,
    domain::{Embedding, EmbeddingSpace, FieldType, Filter, Record, Schema, Shortfall},
    roles::{CreateRequest, SearchRequest, VectorStore},
};
use tempfile::tempdir;

use super::put;

const DIMENSIONS: usize = 96;
const RECORDS: usize = 9_500;
/// Lists are trained on so many.
const TRAINED_ON: usize = 9_000;
const QUERIES: usize = 30;

struct Library {
    random: fastrand::Rng,
    centres: Vec<Vec<f32>>,
}

impl Library {
    fn new(centres: usize) -> Self {
        let mut random = fastrand::Rng::with_seed(3);
        let centres = (0..centres).map(|_| normal(&mut random, 1.0)).collect();
        Self { random, centres }
    }

    /// A vector `noise` away from centre `at`.
    fn near(&mut self, at: usize, noise: f32) -> Vec<f32> {
        let noise = normal(&mut self.random, noise);
        self.centres[at].iter().zip(noise).map(|(x, n)| x + n).collect()
    }
}

fn normal(random: &mut fastrand::Rng, scale: f32) -> Vec<f32> {
    let mut number = || (0..12).map(|_| random.f32()).sum::<f32>() - 6.0;
    (0..DIMENSIONS).map(|_| scale * number()).collect()
}

/// Vectors whose neighbourhood is `group`, and queries among them.
async fn check(name: &str, mut vector: impl FnMut(usize) -> (Vec<f32>, i64)) {
    let folder = tempdir().unwrap();
    let store = EmbeddedStore::open(folder.path()).await.unwrap();
    let schema = Schema::new()
        .with_filterable("bucket", FieldType::Integer)
        .with_filterable("group", FieldType::Integer);
    store
        .create(CreateRequest::new(EmbeddingSpace::new("test/recall", "1", DIMENSIONS), schema))
        .await
        .unwrap();
    let mut random = fastrand::Rng::with_seed(9);
    let mut all = Vec::new();
    for number in 0..RECORDS {
        let (vector, group) = vector(number);
        all.push((Embedding::new(vector).unwrap().unit().unwrap(), random.i64(0..1000), group));
    }
    let record = |(number, (vector, bucket, group)): (usize, &(Embedding, i64, i64))| {
        Record::new(format!("{number:05}"), vector.clone())
            .with_field("bucket", *bucket)
            .with_field("group", *group)
    };
    let records: Vec<_> = all.iter().enumerate().map(record).collect();
    for records in [&records[..TRAINED_ON], &records[TRAINED_ON..]] {
        for records in records.chunks(1000) {
            put(&store, records.to_vec()).await;
        }
        store.settle().await.unwrap();
    }

    type Passes = fn(i64, i64) -> bool;
    let cases: [(&str, Option<Filter>, Passes); 6] = [
        ("all", None, |_, _| true),
        ("50 %", Some(Filter::at_most("bucket", 499_i64)), |bucket, _| bucket < 500),
        ("10 %", Some(Filter::at_most("bucket", 99_i64)), |bucket, _| bucket < 100),
        ("1 %", Some(Filter::at_most("bucket", 9_i64)), |bucket, _| bucket < 10),
        ("0.1 %", Some(Filter::eq("bucket", 7_i64)), |bucket, _| bucket == 7),
        ("a group", Some(Filter::eq("group", 3_i64)), |_, group| group == 3),
    ];
    for (case, filter, passes) in cases {
        for k in [10, 100] {
            let (mut found, mut wanted) = (0, 0);
            for query in 0..QUERIES {
                let (query, _) = vector(RECORDS + query * 331);
                let query = Embedding::new(query).unwrap().unit().unwrap();
                let mut scores: Vec<_> = all
                    .iter()
                    .filter(|(_, bucket, group)| passes(*bucket, *group))
                    .map(|(vector, ..)| vector.dot(&query).unwrap())
                    .collect();
                scores.sort_unstable_by(|a, b| b.total_cmp(a));
                let mut request = SearchRequest::new(query, k);
                request.filter = filter.clone();
                let reply = store.search(request).await.unwrap();
                assert_eq!(reply.hits.len(), k.min(scores.len()), "{name}, {case}, k = {k}");
                let short =
                    (scores.len() < k).then_some(Shortfall::FewerMatch { matching: scores.len() as u64 });
                assert_eq!(reply.shortfall, short, "{name}, {case}, k = {k}");
                let ids: BTreeSet<_> = reply.hits.iter().map(|hit| &hit.id).collect();
                assert_eq!(ids.len(), reply.hits.len(), "no record comes twice");
                // Equal vectors are equally good: what counts is the score of the k-th.
                let least = scores[reply.hits.len() - 1] - 1e-6;
                found += reply.hits.iter().filter(|hit| hit.score >= least).count();
                wanted += reply.hits.len();
            }
            let recall = found as f64 / wanted as f64;
            assert!(recall >= 0.99, "{name}, {case}, k = {k}: recall is {recall:.4}");
        }
    }
}

#[tokio::test]
async fn clustered_vectors_are_found() {
    let mut library = Library::new(200);
    check("clustered", |i| (library.near(i * 7 % 200, 0.5), (i * 7 % 200 / 20) as i64)).await;
}

#[tokio::test]
async fn vectors_that_share_a_mean_and_few_directions_are_found() {
    let mut random = fastrand::Rng::with_seed(4);
    check("anisotropic", |_| {
        let numbers = normal(&mut random, 1.0);
        let group = (numbers[0] * 3.0).floor() as i64;
        (numbers.iter().enumerate().map(|(i, x)| 0.5 + 2.0 * x / (1.0 + i as f32)).collect(), group)
    })
    .await;
}

#[tokio::test]
async fn near_duplicates_are_found() {
    let mut library = Library::new(500);
    check("near-duplicates", |i| {
        let noise = if i % 4 == 0 { 0.0 } else { 0.001 };
        (library.near(i % 500, noise), (i % 500 / 50) as i64)
    })
    .await;
}

/// What came later lies elsewhere, about centres that training saw nothing of.
#[tokio::test]
async fn vectors_unlike_those_of_training_are_found() {
    let (mut before, mut later) = (Library::new(200), Library::new(210));
    check("unlike", |i| {
        let vector =
            if i < TRAINED_ON { before.near(i * 7 % 200, 0.5) } else { later.near(200 + i % 10, 0.5) };
        (vector, (i % 10) as i64)
    })
    .await;
}

#[tokio::test]
async fn a_few_distinct_vectors_are_found() {
    let mut library = Library::new(7);
    check("few distinct", |i| (library.near(i % 7, 0.0), (i % 7) as i64)).await;
}
