//! The concept: the brief's own words, put where they belong.

use super::{
    clauses::{capitalised, clauses, cut, joined, one_line, sentences},
    cues::{self, Slot},
};
use crate::domain::{Brief, Concept};

/// A couple of lines.
const MAX_LINES: usize = 400;
/// One sentence, as it is searched by.
const MAX_SENTENCE: usize = 300;

pub(super) fn of(brief: &Brief) -> Concept {
    let sentences = sentences(&brief.description);
    let name = one_line(&brief.name);
    let lead = sentences.first().cloned().unwrap_or_default();
    // Of equals the first: people begin with what matters.
    let seen = sentences.iter().rev().max_by_key(|sentence| cues::telling(sentence)).unwrap_or(&lead);
    let products: Vec<String> = brief.products.iter().map(|product| one_line(&product.name)).collect();

    let mut subject: Vec<String> = vec![name.clone()];
    subject.extend(products.iter().filter(|product| !name.contains(product.as_str())).cloned());
    subject.retain(|word| !seen.to_lowercase().contains(&word.to_lowercase()));
    let (kept, _) = clauses(seen);
    let scene = joined(&kept.into_iter().map(|clause| clause.text).collect::<Vec<_>>());
    let scene = capitalised(&scene);
    let sentence = match (subject.join(", "), scene) {
        (subject, scene) if scene.is_empty() => subject,
        (subject, scene) if subject.is_empty() => scene,
        (subject, scene) => format!("{subject}: {scene}"),
    };
    let sentence = if sentence.is_empty() { name.clone() } else { sentence };

    Concept {
        campaign_concept: cut(&format!("{name}: {}", sentences.join(" ")), MAX_LINES),
        visual_concept: cut(&visual(brief, &sentences, &products), MAX_LINES),
        image_description: format!("{}.", cut(&sentence, MAX_SENTENCE)),
        reasoning: reasoning(brief, seen),
        ..Concept::default()
    }
}

/// What the brief says of place, light, camera and style, with the products and the tone.
fn visual(brief: &Brief, sentences: &[String], products: &[String]) -> String {
    let mut parts: Vec<String> = products.to_vec();
    let all: Vec<_> = sentences.iter().flat_map(|sentence| clauses(sentence).0).collect();
    for slot in [Slot::Environment, Slot::Pose, Slot::Lighting, Slot::Camera, Slot::Style] {
        parts.extend(all.iter().filter(|clause| clause.slot == Some(slot)).map(|clause| clause.text.clone()));
    }
    if parts.is_empty() {
        parts.extend(all.first().map(|clause| clause.text.clone()));
    }
    parts.extend(brief.brand.as_ref().and_then(|brand| brand.tone.as_deref()).map(one_line));
    parts.dedup();
    parts.join("; ")
}

fn reasoning(brief: &Brief, seen: &str) -> String {
    let mut reasons = vec![format!(
        "Made of the brief's own words, without a model and without translation. The picture is the sentence that \
         says most of place, light and camera: \"{}\"",
        cut(seen, 120)
    )];
    if !brief.products.is_empty() {
        reasons.push("The products come first, since they must be seen".into());
    }
    let purpose = [
        brief.objective.as_ref().map(|objective| format!("the objective \"{objective}\"")),
        brief.audience.as_ref().map(|audience| format!("the audience \"{audience}\"")),
    ];
    let purpose: Vec<String> = purpose.into_iter().flatten().collect();
    if !purpose.is_empty() {
        reasons.push(format!("References are searched for {}", purpose.join(" and ")));
    }
    format!("{}.", reasons.join(". "))
}
