//! The sample library: captions, past campaigns and made-up results.
//!
//! The results are synthetic but not noise: a small model draws them from what the captions name, so
//! that a ranking by results has something to find. Every figure is marked as synthetic.

use std::{collections::HashMap, path::Path};

use fastrand::Rng;
use keyvisual::{
    LibraryItem,
    domain::{Audience, Kpi, Objective},
    roles::Caption,
};
use serde::Deserialize;

use super::{Result, args::data, files::json};

/// The same seed gives the same results.
const SEED: u64 = 7;

/// What moves a rate: words in the caption and their effect on the logarithm of the rate.
const EFFECTS: [(&[&str], f64); 6] = [
    (&["person", "hands", "man"], 0.30),
    (&["espresso", "fig", "cake", "milk", "coconut"], 0.25),
    (&["sun", "wooden", "leather", "red", "brown"], 0.20),
    (&["close-up", "face"], 0.15),
    (&["bathers", "many", "scattered", "boats"], -0.30),
    (&["grey", "fog", "black-and-white"], -0.10),
];

/// Rates before effects, out of impressions; for clicks it is what feed ads commonly get.
const USUAL: [(&str, f64); 2] = [("clicks", 0.006), ("likes", 0.015)];

/// The spread of what no caption explains, on the logarithm of the rate.
const NOISE: f64 = 0.15;

/// Mean and spread of the logarithm of a campaign's impressions: 40 000 are usual.
const IMPRESSIONS: (f64, f64) = (10.6, 0.9);

#[derive(Deserialize)]
struct Captioned {
    file: String,
    description: String,
    elements: Vec<String>,
}

#[derive(Deserialize)]
struct PastCampaign {
    objective: Objective,
    audience: Audience,
    pictures: Vec<String>,
}

/// The sample library's pictures in `folder`, with all that is known of them.
pub(crate) fn items(folder: &Path) -> Result<Vec<LibraryItem>> {
    let captions: Vec<Captioned> = json(&data("captions.json"))?;
    let captions: HashMap<_, _> = captions
        .into_iter()
        .map(|entry| (entry.file.trim_start_matches("library/").to_owned(), entry))
        .collect();
    let campaigns: Vec<PastCampaign> = json(&data("past-campaigns.json"))?;
    let mut rng = Rng::with_seed(SEED);
    let mut items = Vec::new();
    for PastCampaign { objective, audience, pictures } in campaigns {
        for file in pictures {
            let captioned =
                captions.get(&file).ok_or_else(|| format!("captions.json does not name {file}"))?;
            let result = result(&objective, captioned, &mut rng)?;
            let caption = Caption::new(&captioned.description).with_keywords(&captioned.elements);
            let path = folder.join(&file);
            items.push(
                LibraryItem::file(file, path)
                    .with_caption(caption)
                    .with_objective(objective.clone())
                    .with_audience(audience.clone())
                    .with_result(result),
            );
        }
    }
    Ok(items)
}

/// Draws how large a past campaign was and what it got: what is in the picture, and noise.
fn result(objective: &Objective, captioned: &Captioned, rng: &mut Rng) -> Result<Kpi> {
    let text = format!("{} {}", captioned.description, captioned.elements.join(" ")).to_lowercase();
    let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    let named = EFFECTS.iter().filter(|(any, _)| any.iter().any(|word| words.contains(word)));
    let effect: f64 = named.map(|(_, effect)| effect).sum();
    let usual =
        USUAL.iter().find(|(metric, _)| *metric == objective.as_str()).map_or(0.01, |(_, rate)| *rate);
    let impressions = (IMPRESSIONS.0 + IMPRESSIONS.1 * normal(rng)).exp().round();
    let rate = usual * (effect + NOISE * normal(rng)).exp();
    let mean = impressions * rate;
    let count = (mean + (mean * (1.0 - rate)).sqrt() * normal(rng)).round().max(0.0);
    Ok(Kpi::rate_of(objective.as_str(), count, "impressions", impressions)?.synthetic())
}

/// A draw from the standard normal distribution, as the sum of twelve uniform ones.
fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}
