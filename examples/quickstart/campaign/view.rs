//! What the template shows of a reference and of a picture, in words and figures.

use keyvisual::domain::{
    Campaign, CopySpace, Creative, GenerationRecord, KpiOrigin, Metric, Money, Objective, RankedReference,
    RankingPolicy, ReferenceId, Spend,
};
use serde::Serialize;

use super::facts::{self, Fact};

/// A reference at its place.
#[derive(Serialize)]
pub(crate) struct Hit<'a> {
    name: String,
    description: &'a str,
    picture: String,
    chosen: bool,
    similarity: String,
    similarity_share: f64,
    metric: Option<&'a str>,
    rate: Option<String>,
    rate_share: f64,
    pub(crate) synthetic: bool,
    reason: &'a str,
}

impl<'a> Hit<'a> {
    /// `best` is the highest rate of the list: the full length of the bar.
    pub(crate) fn new(hit: &'a RankedReference, campaign: &'a Campaign, best: f64, picture: String) -> Self {
        let objective = campaign.brief.objective.as_ref();
        let metric = objective.map(|objective| Metric::new(objective.as_str()));
        let kpi = metric.as_ref().and_then(|metric| hit.reference.result(metric));
        Self {
            name: title(&hit.reference.name),
            description: &hit.reference.description,
            picture,
            chosen: campaign.chosen().contains(&hit.reference.id),
            similarity: format!("{:.2}", hit.similarity),
            similarity_share: (hit.similarity.clamp(0.0, 1.0) * 100.0).round(),
            metric: objective.map(Objective::as_str),
            rate: hit.rate.map(|rate| format!("{:.2} %", rate * 100.0)),
            rate_share: (hit.rate.unwrap_or(0.0) / best * 100.0).round(),
            synthetic: kpi.is_some_and(|kpi| kpi.origin == KpiOrigin::Synthetic),
            reason: &hit.reason,
        }
    }
}

/// A picture with its record.
#[derive(Serialize)]
pub(crate) struct Comp<'a> {
    number: usize,
    kind: String,
    picture: String,
    /// Width over height.
    ratio: f64,
    facts: Vec<Fact>,
    id: &'a str,
    record: &'a GenerationRecord,
    references: Vec<Cited>,
    copy: Option<Copy>,
    spent: String,
    media_type: &'static str,
    bytes: String,
    hash: &'a str,
    created_at: String,
}

/// A reference named in a record, with its place in the list.
#[derive(Serialize)]
struct Cited {
    name: String,
    place: Option<usize>,
}

/// A copy space in percent of the picture.
#[derive(Serialize)]
struct Copy {
    left: String,
    top: String,
    width: String,
    height: String,
    text: String,
    contrast: String,
}

impl<'a> Comp<'a> {
    pub(crate) fn new(
        creative: &'a Creative,
        number: usize,
        campaign: &'a Campaign,
        picture: String,
    ) -> Self {
        let record = &creative.record;
        Self {
            number,
            kind: record
                .comp
                .as_ref()
                .map_or_else(|| record.model.clone(), |comp| comp.archetype.to_string()),
            picture,
            ratio: creative.record.delivered.ratio(),
            facts: facts::of(record, campaign),
            id: creative.id.as_str(),
            record,
            references: record.references.iter().map(|id| Cited::new(id, campaign)).collect(),
            copy: record.copy_space.as_ref().map(Copy::new),
            spent: spent(&record.spend),
            media_type: creative.image.media_type.as_str(),
            bytes: format!("{} KB", creative.image.byte_len.div_ceil(1000)),
            hash: creative.image.hash.as_str(),
            created_at: creative.created_at.to_string(),
        }
    }
}

impl Cited {
    fn new(id: &ReferenceId, campaign: &Campaign) -> Self {
        let listed = campaign.current_references().map_or(&[][..], |found| &found.hits);
        let place = listed.iter().position(|hit| hit.reference.id == *id);
        let name = place.map_or_else(|| id.to_string(), |place| title(&listed[place].reference.name));
        Self { name, place: place.map(|place| place + 1) }
    }
}

impl Copy {
    fn new(space: &CopySpace) -> Self {
        let percent = |share: f32| format!("{:.1}", share * 100.0);
        Self {
            left: percent(space.x),
            top: percent(space.y),
            width: percent(space.width),
            height: percent(space.height),
            text: space.text.to_string(),
            contrast: format!("{:.1}", space.contrast),
        }
    }
}

/// Whether pictures of this provider are comps made in this process.
pub(crate) fn is_local(provider: &str) -> bool {
    provider == "keyvisual.local"
}

/// Usage, cost and time in a line.
pub(crate) fn spent(spend: &Spend) -> String {
    let calls = spend.usage.requests;
    let cost = if spend.cost == Money::ZERO { "nothing".into() } else { spend.cost.to_string() };
    let unpriced = match spend.unpriced {
        0 => String::new(),
        calls => format!(", {calls} without a known price"),
    };
    let calls = format!("{calls} call{}", if calls == 1 { "" } else { "s" });
    format!("{cost}, {calls}{unpriced}, {:.1} s", spend.took.as_secs_f64())
}

/// A ranking policy in words.
pub(crate) fn policy(policy: RankingPolicy) -> String {
    match policy {
        RankingPolicy::Blended { weight } => {
            let weight = (weight * 100.0).round();
            format!("{} % similarity and {weight} % performance", 100.0 - weight)
        }
        RankingPolicy::Similarity => "similarity".into(),
        RankingPolicy::Kpi => "absolute results".into(),
        _ => "another policy".into(),
    }
}

/// A file name as a title: `old-red-door.jpg` is `Old red door`.
pub(crate) fn title(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let words = stem.split(['-', '_', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
