//! Putting search hits in order, with the reason for each place.

use serde::{Deserialize, Serialize};

use super::{Metric, Objective, Reference, ReferenceId};

/// How references are put in order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RankingPolicy {
    /// The most similar first.
    Similarity,
    /// The largest absolute figure first, those without a figure last. This is what the published source systems do; a big
    /// campaign wins over a good picture.
    Kpi,
    /// `(1 - weight) * similarity + weight * performance`, both scaled to 0..1 among the hits.
    ///
    /// Performance is the rate, shrunk towards the mean rate of the hits by as many exposures as the
    /// median hit had; a hit without a rate counts as the mean.
    Blended {
        /// The share of performance, 0 to 1.
        weight: f64,
    },
}

impl Default for RankingPolicy {
    fn default() -> Self {
        Self::Blended { weight: 0.4 }
    }
}

/// Why a search gave fewer references than asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shortfall {
    /// The store is empty.
    EmptyStore,
    /// Only this many records pass the filter, and all of them are here.
    FewerMatch {
        /// How many pass.
        matching: u64,
    },
    /// The store gives at most this many hits.
    StoreLimit {
        /// The limit.
        most: u64,
    },
    /// The approximate search found no more, though more may pass.
    Approximate,
}

impl std::fmt::Display for Shortfall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::EmptyStore => f.write_str("the library is empty"),
            Self::FewerMatch { matching } => write!(f, "only {matching} pictures pass the filter"),
            Self::StoreLimit { most } => write!(f, "the store gives at most {most} hits"),
            Self::Approximate => f.write_str("the approximate search found no more"),
        }
    }
}

/// A reference at its place in the order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RankedReference {
    /// The picture and what is known of it.
    pub reference: Reference,
    /// Cosine similarity to the query, -1 to 1.
    pub similarity: f64,
    /// The absolute figure for the campaign's metric.
    pub result: Option<f64>,
    /// The rate for the campaign's metric, after shrinking.
    pub rate: Option<f64>,
    /// What the order follows; its scale depends on the policy.
    pub score: f64,
    /// The reason for this place, in a sentence.
    pub reason: String,
}

/// The references of a campaign, best first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct References {
    /// The sentence that was searched for.
    pub query: String,
    /// How many were asked for.
    pub asked: usize,
    /// The hits, best first; equal scores by id.
    pub hits: Vec<RankedReference>,
    /// How they were put in order.
    pub policy: RankingPolicy,
    /// Why there are fewer than asked for; none when there are as many.
    pub shortfall: Option<Shortfall>,
}

impl References {
    /// The ids of the best `n`.
    #[must_use]
    pub fn top(&self, n: usize) -> Vec<ReferenceId> {
        self.hits.iter().take(n).map(|hit| hit.reference.id.clone()).collect()
    }

    /// The hit with this id.
    #[must_use]
    pub fn get(&self, id: &ReferenceId) -> Option<&RankedReference> {
        self.hits.iter().find(|hit| hit.reference.id == *id)
    }

    /// Puts `found` (reference, similarity) in order by `policy`, looking at the results for `objective`.
    #[must_use]
    pub fn rank(
        query: impl Into<String>,
        asked: usize,
        found: Vec<(Reference, f64)>,
        objective: Option<&Objective>,
        policy: RankingPolicy,
    ) -> Self {
        let metric = objective.map(|objective| Metric::new(objective.as_str()));
        let rates = Rates::of(&found, metric.as_ref());
        let mut hits: Vec<_> = found
            .into_iter()
            .map(|(reference, similarity)| {
                let kpi = metric.as_ref().and_then(|metric| reference.result(metric));
                let result = kpi.map(super::Kpi::value);
                let rate = kpi
                    .filter(|kpi| kpi.out_of.is_some())
                    .map(|kpi| kpi.shrunk_rate(rates.mean, rates.weight));
                RankedReference { reference, similarity, result, rate, score: 0.0, reason: String::new() }
            })
            .collect();
        let similarity = Scale::of(hits.iter().map(|hit| hit.similarity));
        let rate = Scale::of(hits.iter().map(|hit| hit.rate.unwrap_or(rates.mean)));
        for hit in &mut hits {
            hit.score = match policy {
                RankingPolicy::Similarity => hit.similarity,
                RankingPolicy::Kpi => hit.result.unwrap_or(-1.0),
                RankingPolicy::Blended { weight } => {
                    let weight = weight.clamp(0.0, 1.0);
                    (1.0 - weight) * similarity.place(hit.similarity)
                        + weight * rate.place(hit.rate.unwrap_or(rates.mean))
                }
            };
            hit.reason = reason(hit, metric.as_ref(), rates.mean);
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.reference.id.cmp(&b.reference.id)));
        Self { query: query.into(), asked, hits, policy, shortfall: None }
    }
}

fn reason(hit: &RankedReference, metric: Option<&Metric>, mean: f64) -> String {
    // Adding 0 turns a rounded -0.00 into 0.00.
    let similar = format!("similarity {:.2}", (hit.similarity * 100.0).round() / 100.0 + 0.0);
    let kpi = metric.and_then(|metric| hit.reference.result(metric));
    match (metric, kpi, hit.rate) {
        (Some(metric), Some(kpi), Some(rate)) => {
            let out_of =
                kpi.out_of.as_ref().map_or_else(String::new, |e| format!(" of {} {}", e.count, e.metric));
            let compared = if mean > 0.0 {
                format!(", {:.1}x the mean of these hits", rate / mean)
            } else {
                String::new()
            };
            format!(
                "{similar}; {} {metric}{out_of}: {:.2} % after shrinking{compared}",
                kpi.value(),
                rate * 100.0
            )
        }
        (Some(metric), Some(kpi), None) => {
            format!("{similar}; {} {metric} in all, out of how many is not known", kpi.value())
        }
        (Some(metric), None, _) => format!("{similar}; no {metric} on record"),
        (None, ..) => similar,
    }
}

/// The mean rate of the hits and how many exposures it weighs.
struct Rates {
    mean: f64,
    weight: f64,
}

impl Rates {
    fn of(found: &[(Reference, f64)], metric: Option<&Metric>) -> Self {
        let kpis = found.iter().filter_map(|(reference, _)| reference.result(metric?));
        let counted: Vec<_> =
            kpis.filter_map(|kpi| Some((kpi.numerator, kpi.out_of.as_ref()?.count))).collect();
        let mut exposures: Vec<_> = counted.iter().map(|(_, exposure)| *exposure).collect();
        exposures.sort_by(f64::total_cmp);
        let total: f64 = exposures.iter().sum();
        Self {
            mean: if total > 0.0 { counted.iter().map(|(count, _)| count).sum::<f64>() / total } else { 0.0 },
            weight: exposures.get(exposures.len() / 2).copied().unwrap_or(0.0),
        }
    }
}

/// Scales values to 0..1 between their least and greatest; all equal gives 0.5.
struct Scale {
    least: f64,
    span: f64,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        Self { least, span: values.fold(f64::NEG_INFINITY, f64::max) - least }
    }

    fn place(&self, value: f64) -> f64 {
        if self.span > 0.0 { (value - self.least) / self.span } else { 0.5 }
    }
}
