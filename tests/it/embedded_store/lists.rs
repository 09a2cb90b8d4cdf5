//! The arithmetic of lists: the files of the store that know of no store, taken in by their paths.

use std::sync::atomic::AtomicBool;

use pulp::Arch;

#[path = "../../../src/backends/local/embedded/partition/mod.rs"]
#[allow(dead_code, reason = "the store uses the rest")]
mod partition;

use partition::{
    lists::{Lists, Reach},
    train,
};

const DIMENSIONS: usize = 128;

/// The border of every list.
fn borders(lists: &Lists, query: &[f32]) -> Vec<f32> {
    let borders = lists.borders(Arch::new(), query);
    (0..lists.len()).map(|list| borders.of(list)).collect()
}

/// Vectors about forty centres, of length 1.
fn vectors(count: usize, seed: u64) -> Vec<Vec<f32>> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut noise = fastrand::Rng::with_seed(seed);
    let centres: Vec<Vec<f32>> =
        (0..40).map(|_| (0..DIMENSIONS).map(|_| random.f32() - 0.5).collect()).collect();
    let vector = |number: usize| {
        let near = |x: &f32| x + 0.6 * (noise.f32() - 0.5);
        let vector: Vec<f32> = centres[number % centres.len()].iter().map(near).collect();
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        vector.iter().map(|x| x / length).collect()
    };
    (0..count).map(vector).collect()
}

fn trained(vectors: &[Vec<f32>]) -> Lists {
    let lists = train::train(Arch::new(), 60, DIMENSIONS, &AtomicBool::new(false), |each| {
        vectors.iter().for_each(|vector| each(vector));
        Some(())
    });
    lists.unwrap()
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

fn centroid(lists: &Lists, list: usize) -> Vec<f32> {
    let mut centroid = Vec::new();
    lists.centroid(list, &mut centroid);
    centroid
}

fn lists_of(lists: &Lists, vectors: &[Vec<f32>]) -> Vec<u32> {
    let mut found = Vec::new();
    lists.nearest().of(Arch::new(), &vectors.concat(), &mut found);
    found
}

#[test]
fn every_record_is_in_the_list_of_the_nearest_centroid() {
    let vectors = vectors(1_501, 1);
    let lists = trained(&vectors);
    for (vector, list) in vectors.iter().zip(lists_of(&lists, &vectors)) {
        let least =
            (0..lists.len()).map(|list| distance(vector, &centroid(&lists, list))).fold(9.0, f32::min);
        assert!(distance(vector, &centroid(&lists, list as usize)) < least + 1e-5);
    }
}

#[test]
fn no_record_of_a_list_is_nearer_than_its_border() {
    let vectors = vectors(1_500, 1);
    let lists = trained(&vectors);
    let homes = lists_of(&lists, &vectors);
    for query in self::vectors(200, 2) {
        let borders = borders(&lists, &query);
        assert!(borders.iter().all(|border| *border >= 0.0) && borders.contains(&0.0), "{borders:?}");
        for (vector, home) in vectors.iter().zip(&homes) {
            assert!(distance(&query, vector) > borders[*home as usize] - 1e-4);
        }
    }
}

#[test]
fn lists_come_in_the_order_of_their_borders_and_none_is_left_out() {
    let lists = trained(&vectors(1_500, 1));
    for query in self::vectors(50, 2) {
        let found: Vec<(f32, usize)> = lists.borders(Arch::new(), &query).in_order().collect();
        let mut expected: Vec<_> = borders(&lists, &query).into_iter().zip(0..).collect();
        expected.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        assert_eq!(found, expected);
    }
}

/// Of the ten nearest records of queries that training did not see, few are in lists that would not be looked at.
#[test]
fn neighbours_are_within_the_reach() {
    let vectors = vectors(6_000, 1);
    let lists = trained(&vectors);
    let homes = lists_of(&lists, &vectors);
    let (mut missed, mut looked_at) = (0, 0);
    for query in self::vectors(200, 3) {
        let mut near: Vec<(f32, u32)> =
            vectors.iter().zip(&homes).map(|(vector, home)| (distance(&query, vector), *home)).collect();
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let border = lists.reach().border(near[9].0);
        let borders = borders(&lists, &query);
        missed += near[..10].iter().filter(|(_, home)| borders[*home as usize] > border).count();
        looked_at += borders.iter().filter(|other| **other <= border).count();
    }
    assert!(missed <= 20, "{missed} of 2,000 neighbours would be missed");
    assert!(looked_at < 200 * 30, "{} of 60 lists are looked at for a query", looked_at / 200);
}

#[test]
fn the_reach_is_on_straight_lines_between_what_was_found() {
    let reach = Reach::new(vec![(0.5, 0.2), (1.0, 0.6)]);
    for (radius, border) in [(0.0, 0.0), (0.25, 0.05), (0.5, 0.1), (0.75, 0.3), (1.0, 0.6), (2.0, 1.2)] {
        assert!((reach.border(radius) - border).abs() < 1e-6, "at {radius}: {}", reach.border(radius));
    }
    assert_eq!(Reach::new(Vec::new()).border(0.7), 0.7, "without a reach, every border that is near counts");
}
