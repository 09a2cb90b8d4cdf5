//! The arithmetic of lists: the files of the store that know of no store, taken in by their paths.

use std::sync::atomic::AtomicBool;

use pulp::Arch;

#[path = "../../../src/backends/local/embedded/partition/mod.rs"]
#[allow(dead_code, reason = "the store uses the rest")]
mod partition;

use partition::{
    borders::in_order,
    centroids::{Centroids, Vector},
    lists::{Level, Lists},
    reach::{Reach, Seen},
    train,
};
use proptest::prelude::*;

const DIMENSIONS: usize = 128;

/// The border of every list.
fn borders(lists: &Lists, query: &[f32]) -> Vec<f32> {
    lists.borders(Arch::new(), &Vector::new(query))
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
    let lists = train::train(Arch::new(), 60, DIMENSIONS, &AtomicBool::new(false), |_, each| {
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
        let borders = borders(&lists, &query);
        let mut expected: Vec<_> = borders.iter().copied().zip(0..).collect();
        expected.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        assert_eq!(in_order(&borders).collect::<Vec<_>>(), expected);
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
        let within = lists.reach().within(1.0 - near[9].0.powi(2) / 2.0);
        let (borders, query) = (borders(&lists, &query), Vector::new(&query));
        let looks_at = |list: usize| {
            let level = lists.level(Arch::new(), &query, list);
            lists.may_hold(list, borders[list], level, &within)
        };
        missed += near[..10].iter().filter(|(_, home)| !looks_at(*home as usize)).count();
        looked_at += (0..lists.len()).filter(|list| looks_at(*list)).count();
    }
    assert!(missed <= 20, "{missed} of 2,000 neighbours would be missed");
    assert!(looked_at < 200 * 25, "{} of 60 lists are looked at for a query", looked_at / 200);
}

#[test]
fn the_reach_is_on_straight_lines_between_what_was_found() {
    let seen = |(distance, beyond)| Seen { distance, beyond, towards: 1.0 };
    let reach = Reach::new([(0.5, 0.2), (1.0, 0.6)].map(seen).to_vec(), 1.0);
    for (radius, border) in [(0.0, 0.0), (0.25, 0.05), (0.5, 0.1), (0.75, 0.3), (1.0, 0.6), (2.0, 1.2)] {
        let found = reach.within(score(radius)).border();
        assert!((found - border).abs() < 1e-6, "at {radius}: {found}");
    }
}

/// The score at a distance.
fn score(distance: f32) -> f32 {
    1.0 - distance * distance / 2.0
}

/// A list holds neighbours when its border is near enough and its centroid, with what records come towards the query.
#[test]
fn a_list_holds_what_both_border_and_centroid_allow() {
    let lists = lists_about(&[0.8, 0.8]);
    let reach = Reach::new(
        vec![
            Seen { distance: 0.5, beyond: 0.2, towards: 0.9 },
            Seen { distance: 1.0, beyond: 0.4, towards: 0.5 },
        ],
        1.0,
    );
    // Records are 0.6 from their centroid: at a distance of 1, 0.3 of a score is towards the query, at 0.6, 0.49.
    let level = |score: f32| Level { level: score, away: 1.0 };
    for (level, border, radius, expected) in [
        (level(0.21), 0.3, 1.0, true),
        (level(0.19), 0.3, 1.0, false),
        (level(0.21), 0.5, 1.0, false),
        (level(0.34), 0.05, 0.6, true),
        (level(0.32), 0.05, 0.6, false),
        (level(-0.9), 0.05, 0.4, true),
    ] {
        let within = reach.within(score(radius));
        assert_eq!(lists.may_hold(0, border, level, &within), expected, "{level:?}, {border} at {radius}");
    }
    let slack = reach.within(score(1.0)).with_slack(1.2);
    for (level, border, expected) in [
        (level(0.15), 0.3, true),
        (level(0.13), 0.3, false),
        (level(0.21), 0.47, true),
        (level(0.21), 0.49, false),
    ] {
        assert_eq!(lists.may_hold(0, border, level, &slack), expected, "{level:?}, {border} with slack");
    }
    // Too far from its centroid for a distance of 1, but with records that are nearer.
    let steep = Reach::new(
        vec![
            Seen { distance: 0.5, beyond: 0.2, towards: 1.2 },
            Seen { distance: 1.0, beyond: 0.4, towards: 0.1 },
        ],
        1.0,
    );
    let within = steep.within(score(1.0));
    assert!(lists.may_hold(0, 0.05, level(0.2), &within), "nearer ones count too");
    assert!(!lists.may_hold(0, 0.3, level(0.2), &within), "if they are not behind the border");
    let nothing = Reach::default();
    let anything = nothing.within(score(0.7));
    assert!(lists.may_hold(0, 0.69, level(-1.0), &anything), "with nothing found, all that borders allow");
    let copies = lists_about(&[1.0]);
    assert!(copies.may_hold(0, 0.0, level(0.4), &anything), "in a list without any spread, too");
}

/// Lists whose centroids have these lengths, each in a dimension of its own.
fn lists_about(lengths: &[f32]) -> Lists {
    let mut centroids = vec![0.0; lengths.len() * DIMENSIONS];
    lengths.iter().enumerate().for_each(|(list, length)| centroids[list * DIMENSIONS + list] = *length);
    Lists::new(Centroids::new(DIMENSIONS, &centroids), Reach::default())
}

/// All records that training saw of a list may be copies of one. What else comes into it is not as near to its centroid.
#[test]
fn a_list_of_copies_is_not_taken_for_a_point() {
    let lists = lists_about(&[1.0, 0.6, 0.6, 0.6]);
    let level = Level { level: 0.2, away: 1.2 };
    let (copies, other) = (lists.towards(0, level, 0.5), lists.towards(1, level, 0.5));
    assert!((other - 0.3 / (1.2 * 0.8)).abs() < 1e-2, "{other}");
    assert!(copies < 1.2 * other, "{copies} of the way, elsewhere {other}");
}

proptest! {
    /// Rounding to eight bits moves a number of a centroid by half a step at most, and a step is 1/127 of the largest.
    #[test]
    fn a_centroid_is_kept_to_half_a_step(seed: u64, scale in -20_i32..20) {
        let mut random = fastrand::Rng::with_seed(seed);
        let scale = 2.0_f32.powi(scale);
        let centroid: Vec<f32> = (0..DIMENSIONS).map(|_| (random.f32() - 0.5) * scale).collect();
        let largest = centroid.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
        let lists = Lists::new(Centroids::new(DIMENSIONS, &centroid), Reach::default());
        for (kept, x) in self::centroid(&lists, 0).iter().zip(&centroid) {
            prop_assert!((kept - x).abs() <= largest / 127.0 * 0.501, "{x} became {kept}");
        }
    }

    /// What is kept is what is compared: the inner product is that of the kept centroid, the same in every register.
    #[test]
    fn products_are_exact_and_the_same_in_every_register(words in 1_usize..40, count in 1_usize..9, seed: u64) {
        let (dimensions, mut random) = (64 * words, fastrand::Rng::with_seed(seed));
        let mut numbers = |count: usize| (0..count).map(|_| random.f32() - 0.5).collect::<Vec<_>>();
        let (centroids, query) = (numbers(count * dimensions), numbers(dimensions));
        let lists = Lists::new(Centroids::new(dimensions, &centroids), Reach::default());
        let length = query.iter().map(|x| x * x).sum::<f32>().sqrt();
        let query: Vec<f32> = query.iter().map(|x| x / length).collect();
        let asked = Vector::new(&query);
        for list in 0..count {
            let exact: f64 =
                centroid(&lists, list).iter().zip(&query).map(|(c, q)| f64::from(*c) * f64::from(*q)).sum();
            let found = lists.level(Arch::new(), &asked, list).level;
            let most = 1e-4 * (dimensions as f64).sqrt();
            prop_assert!((f64::from(found) - exact).abs() < most, "{found} instead of {exact}");
            prop_assert_eq!(found, lists.level(Arch::Scalar, &asked, list).level);
        }
        prop_assert_eq!(lists.borders(Arch::new(), &asked), lists.borders(Arch::Scalar, &asked));
        let homes = |arch: Arch| {
            let mut homes = Vec::new();
            let front = partition::assign::front(dimensions);
            lists.nearest().of(arch, &centroids.chunks(dimensions).flat_map(|c| c[..front].to_vec()).collect::<Vec<_>>(), &mut homes);
            homes
        };
        prop_assert_eq!(homes(Arch::new()), homes(Arch::Scalar));
    }
}
