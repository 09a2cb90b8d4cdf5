//! What measured words add to a search: nDCG@5 on the sample library, for queries graded by looking at the pictures.

use std::collections::BTreeMap;

use keyvisual::roles::EmbedInput;
use serde::Deserialize;

use super::{Library, Sample};

/// A query with the pictures that answer it: 3 exactly, 2 well, 1 at a pinch.
#[derive(Deserialize)]
struct Graded {
    query: String,
    /// `said` where a caption can answer it, `seen` where only the picture can.
    needs: String,
    grades: BTreeMap<String, f64>,
}

/// The gain of the first five over the best possible (Järvelin & Kekäläinen 2002), with 2^grade - 1 as gain.
fn ndcg(ranked: &[&str], grades: &BTreeMap<String, f64>) -> f64 {
    let dcg = |grades: &mut dyn Iterator<Item = f64>| -> f64 {
        grades.take(5).zip(2_u32..).map(|(grade, rank)| (grade.exp2() - 1.0) / f64::from(rank).log2()).sum()
    };
    let name = |file: &str| file.rsplit('/').next().unwrap_or(file).to_owned();
    let mut found = ranked.iter().map(|file| grades.get(&name(file)).copied().unwrap_or(0.0));
    let mut best: Vec<f64> = grades.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    dcg(&mut found) / dcg(&mut best.into_iter())
}

#[test]
fn measured_words_make_the_search_better() {
    let graded: Vec<Graded> = serde_json::from_str(include_str!("../data/queries.json")).unwrap();
    let captions = Library::of(|sample: &Sample, _| EmbedInput::Text(sample.caption()));
    let measured = Library::of(|sample, image| sample.described(image));
    let mut sums = BTreeMap::<&str, (f64, f64, f64)>::new();
    for Graded { query, needs, grades } in &graded {
        let [without, with] = [&captions, &measured].map(|library| ndcg(&library.ranked(query), grades));
        println!("{without:.2} -> {with:.2}  {needs}  {query}: {}", measured.ranked(query)[..5].join(" "));
        for key in [needs.as_str(), "all"] {
            let (a, b, n) = sums.entry(key).or_default();
            (*a, *b, *n) = (*a + without, *b + with, *n + 1.0);
        }
    }
    for (key, (without, with, n)) in &sums {
        println!(
            "nDCG@5 of {n} queries, {key}: captions alone {:.3}, with measured words {:.3}",
            without / n,
            with / n
        );
    }
    for (key, margin) in [("all", 0.03), ("seen", 0.06), ("said", -0.02)] {
        let (without, with, n) = sums[key];
        let (without, with) = (without / n, with / n);
        assert!(with > without + margin, "{key}: {with:.3} is not {margin} better than {without:.3}");
    }
}
