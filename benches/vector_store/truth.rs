//! The exact answers, by looking at every record.

use crate::data::{Data, Kind, SHARES};

/// The most hits that are asked for.
const K: usize = 100;

/// By filter, none first, and query: scores and numbers of the nearest, best first.
pub(crate) type Truth = Vec<Vec<Vec<(f32, u64)>>>;

/// The place of a filter in a [`Truth`], by its name.
pub(crate) fn filter(name: &str) -> usize {
    SHARES.iter().position(|share| share.name == name).map_or(0, |at| at + 1)
}

pub(crate) fn find(kind: Kind, records: u64, queries: u64) -> Truth {
    let data = Data::new(kind, 1);
    let queries: Vec<Vec<f32>> = (0..queries).map(|number| data.query(number)).collect();
    let mut truth = vec![vec![Vec::new(); queries.len()]; SHARES.len() + 1];
    for number in 0..records {
        let record = data.record(number);
        for (at, query) in queries.iter().enumerate() {
            let score = dot(query, &record.vector);
            keep(&mut truth[0][at], score, number);
            for (share, value) in record.values.iter().enumerate() {
                if *value == 0 {
                    keep(&mut truth[share + 1][at], score, number);
                }
            }
        }
    }
    truth
}

fn keep(nearest: &mut Vec<(f32, u64)>, score: f32, number: u64) {
    if nearest.len() < K || nearest[K - 1].0 < score {
        let at = nearest.partition_point(|(other, _)| *other >= score);
        nearest.insert(at, (score, number));
        nearest.truncate(K);
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; 16];
    for (a, b) in a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0) {
        (0..16).for_each(|lane| sums[lane] += a[lane] * b[lane]);
    }
    sums.iter().sum()
}

/// The share of the nearest `k` that `hits` have. What is as near as the last of them, to rounding, counts as one.
pub(crate) fn recall(
    truth: &[Vec<(f32, u64)>],
    hits: &[Vec<u64>],
    k: usize,
    score: impl Fn(usize, u64) -> f32,
) -> f64 {
    let (mut found, mut wanted) = (0, 0);
    for (query, (truth, hits)) in truth.iter().zip(hits).enumerate() {
        let nearest = &truth[..truth.len().min(k)];
        let least = nearest.last().map_or(f32::INFINITY, |(score, _)| score - 1e-6);
        let good =
            |hit: &&u64| nearest.iter().any(|(_, number)| number == *hit) || score(query, **hit) >= least;
        found += hits.iter().filter(good).count();
        wanted += nearest.len();
    }
    if wanted == 0 { 1.0 } else { f64::from(found as u32) / wanted as f64 }
}

/// The score of a record for a query, made anew.
pub(crate) fn scorer(kind: Kind) -> impl Fn(usize, u64) -> f32 {
    let data = Data::new(kind, 1);
    move |query, number| dot(&data.query(query as u64), &data.record(number).vector)
}
