//! Putting references in order: similarity and results are kept apart, and the policy is explicit.

use keyvisual::domain::{
    Audience, Image, Kpi, Metric, Objective, RankingPolicy, Reference, References, Timestamp, Window,
};
use proptest::prelude::*;

fn reference(name: &str, results: Vec<Kpi>) -> Reference {
    let image = Image::new([b"\xff\xd8\xff".as_slice(), name.as_bytes()].concat()).unwrap();
    let mut reference = Reference::new(image.reference().clone(), name);
    reference.results = results;
    reference
}

fn clicks(count: f64, impressions: f64) -> Vec<Kpi> {
    vec![Kpi::rate_of("clicks", count, "impressions", impressions).unwrap()]
}

/// The names in the order that `policy` gives.
fn order(found: &[(Reference, f64)], policy: RankingPolicy) -> Vec<String> {
    let ranked =
        References::rank("a query", found.len(), found.to_vec(), Some(&Objective::new("clicks")), policy);
    ranked.hits.into_iter().map(|hit| hit.reference.name).collect()
}

#[test]
fn each_policy_gives_its_own_order() {
    let found = [
        (reference("similar", clicks(10.0, 10_000.0)), 0.9),
        (reference("big", clicks(900.0, 1_000_000.0)), 0.6),
        (reference("good", clicks(300.0, 10_000.0)), 0.7),
        (reference("unknown", vec![]), 0.8),
    ];
    let cases = [
        (RankingPolicy::Similarity, ["similar", "unknown", "good", "big"]),
        (RankingPolicy::Kpi, ["big", "good", "similar", "unknown"]),
        (RankingPolicy::Blended { weight: 0.0 }, ["similar", "unknown", "good", "big"]),
        (RankingPolicy::Blended { weight: 0.9 }, ["good", "similar", "unknown", "big"]),
    ];
    for (policy, names) in cases {
        assert_eq!(order(&found, policy), names, "{policy:?}");
    }
}

#[test]
fn a_few_lucky_impressions_do_not_beat_a_proven_picture() {
    let found = [
        (reference("lucky", clicks(1.0, 2.0)), 0.5),
        (reference("proven", clicks(600.0, 20_000.0)), 0.5),
        (reference("usual", clicks(200.0, 20_000.0)), 0.5),
    ];
    assert_eq!(order(&found, RankingPolicy::Blended { weight: 1.0 }), ["proven", "lucky", "usual"]);
}

#[test]
fn the_order_does_not_hide_similarity_or_result() {
    let found = vec![(reference("one", clicks(30.0, 1_000.0)), 0.25)];
    let objective = Objective::new("clicks");
    let ranked = References::rank("a query", 1, found, Some(&objective), RankingPolicy::Kpi);
    let hit = &ranked.hits[0];
    assert_eq!((hit.similarity, hit.result, hit.score), (0.25, Some(30.0), 30.0));
    assert!((hit.rate.unwrap() - 0.03).abs() < 1e-12);
    insta::assert_snapshot!(hit.reason, @"similarity 0.25; 30 clicks of 1000 impressions: 3.00 % after shrinking, 1.0x the mean of these hits");
}

#[test]
fn a_result_for_another_objective_does_not_count() {
    let likes = vec![Kpi::total("likes", 1e6).unwrap()];
    let found = [(reference("liked", likes), 0.5), (reference("clicked", clicks(1.0, 100.0)), 0.4)];
    assert_eq!(order(&found, RankingPolicy::Kpi), ["clicked", "liked"]);
}

#[test]
fn the_latest_window_of_a_metric_counts_and_a_window_is_corrected_in_place() {
    let day = |day: i64| Timestamp::from_millis(day * 86_400_000).unwrap();
    let during = |from, to, count| {
        let window = Window { from: day(from), to: day(to) };
        Kpi::rate_of("clicks", count, "impressions", 100.0).unwrap().with_window(window)
    };
    let mut reference = reference("one", vec![]);
    for kpi in [during(7, 14, 2.0), during(0, 7, 9.0), during(7, 14, 3.0)] {
        reference.record_result(kpi);
    }
    assert_eq!(reference.results.len(), 2);
    assert_eq!(reference.result(&Metric::new("Clicks")).map(Kpi::value), Some(3.0));
}

#[test]
fn words_meet_however_they_are_written() {
    for written in ["clicks", "Clicks", " CLICKS ", "click", "ｃｌｉｃｋｓ", "Clics"] {
        assert_eq!(Objective::new(written), Objective::new("clicks"), "{written}");
    }
    for written in ["new customers", "New_Customers", "NEW-CUSTOMER", " new   customers\t", "nuevos clientes"]
    {
        assert_eq!(Audience::new(written), Audience::new("new customers"), "{written}");
    }
    assert_ne!(Audience::new("customers"), Audience::new("new customers"));
}

#[test]
fn a_figure_that_is_no_count_is_refused() {
    let wrong = [
        Kpi::total("clicks", -1.0),
        Kpi::total("clicks", f64::NAN),
        Kpi::rate_of("clicks", 1.0, "impressions", 0.0),
        Kpi::rate_of("clicks", 1.0, "impressions", f64::INFINITY),
    ];
    for kpi in wrong {
        assert_eq!(kpi.unwrap_err().kind(), keyvisual::ErrorKind::InvalidInput);
    }
    assert_eq!(Kpi::total("likes", 0.5).unwrap().rate(), None, "an absolute figure has no rate");
}

proptest! {
    #[test]
    fn ranking_loses_and_invents_nothing_and_does_not_depend_on_the_order_of_hits(
        hits in prop::collection::vec((0.0..1.0f64, prop::option::of((0.0..100.0f64, 1.0..1e6f64))), 0..20),
        weight in 0.0..=1.0f64,
        rotation in 0..20usize,
    ) {
        let mut found: Vec<_> = hits.iter().enumerate().map(|(place, (similarity, result))| {
            let results = result.map(|(count, exposure)| clicks(count, exposure)).unwrap_or_default();
            (reference(&place.to_string(), results), *similarity)
        }).collect();
        for policy in [RankingPolicy::Similarity, RankingPolicy::Kpi, RankingPolicy::Blended { weight }] {
            let first = order(&found, policy);
            let middle = rotation.min(found.len());
            found.rotate_left(middle);
            prop_assert_eq!(&order(&found, policy), &first);
            let mut names = first;
            names.sort_by_key(|name| name.parse::<usize>().unwrap());
            prop_assert_eq!(names, (0..hits.len()).map(|place| place.to_string()).collect::<Vec<_>>());
        }
    }
}
