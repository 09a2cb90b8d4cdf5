//! The prompt: clauses of brief, concept and references, each in its slot.

use std::collections::BTreeMap;

use super::{
    clauses::{self, Clause, capitalised, clauses, cut, listed, one_line, sentences},
    cues::{self, Slot},
};
use crate::{
    domain::{Brand, Color, Prompt, Reference},
    imaging::{LabColor, measure::ColorName},
    roles::WriteRequest,
};

/// How many phrases a slot takes in all.
fn room(slot: Slot) -> usize {
    match slot {
        Slot::Subject => 4,
        Slot::PointOfReference => 4,
        Slot::Environment | Slot::Style => 3,
        Slot::Pose | Slot::Lighting | Slot::Camera => 2,
    }
}

/// What the generator's makers advise against in every picture.
const CRAFT: &str = "poorly rendered, poor background details, poor facial details";

/// Words of light and camera that stand alone among elements, as the local describer measures them.
const LIGHT: [&str; 9] =
    ["dark", "dim", "bright", "warm", "cool", "high-contrast", "low-contrast", "high-key", "low-key"];
const CAMERA: [&str; 3] = ["close-up", "wide view", "shallow focus"];

/// Where a phrase comes from: the brief and its concept, the brand, or one of the references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Brief,
    Brand,
    Reference(usize),
    Default,
}

#[derive(Debug, Default)]
pub(super) struct Draft {
    slots: BTreeMap<Slot, Vec<(String, Source)>>,
    colors: Vec<(String, Source)>,
    left_out: Vec<String>,
}

pub(super) fn write(request: &WriteRequest) -> Prompt {
    let mut draft = Draft::default();
    draft.take_brief(request);
    for (index, reference) in request.references.iter().enumerate() {
        draft.take_reference(index, reference);
    }
    if let Some(brand) = &request.brief.brand {
        draft.take_brand(brand);
    }
    draft.fill_gaps(request);
    let (text, cut_off) = draft.text(request.max_chars);
    let mut prompt = Prompt::suggested(text, draft.reasoning(request, cut_off));
    if request.negative {
        prompt.negative = Some(negative(request.brief.brand.as_ref()));
    }
    prompt
}

fn negative(brand: Option<&Brand>) -> String {
    let avoided = brand.into_iter().flat_map(|brand| &brand.avoid).map(|thing| one_line(thing));
    std::iter::once(CRAFT.to_owned())
        .chain(avoided.filter(|thing| !thing.is_empty()))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Draft {
    fn put(&mut self, slot: Slot, text: &str, source: Source) {
        let known = |other: &str| {
            let (one, other) = (text.to_lowercase(), other.to_lowercase());
            other.contains(&one) || one.contains(&other)
        };
        let duplicate = self.slots.values().flatten().any(|(other, _)| known(other));
        let phrases = self.slots.entry(slot).or_default();
        if !duplicate && phrases.len() < room(slot) {
            phrases.push((text.to_owned(), source));
        }
    }

    fn clauses(&mut self, text: &str) -> Vec<Clause> {
        let (kept, dropped) = clauses(text);
        for clause in dropped {
            if !self.left_out.contains(&clause) {
                self.left_out.push(clause);
            }
        }
        kept
    }

    /// The picture in one sentence leads; concept and description add what it does not say.
    fn take_brief(&mut self, request: &WriteRequest) {
        for (index, clause) in self.clauses(&request.concept.image_description).into_iter().enumerate() {
            let slot = if index == 0 { Slot::Subject } else { clause.slot.unwrap_or(Slot::Subject) };
            self.put(slot, &clause.text, Source::Brief);
        }
        for product in &request.brief.products {
            let what = clauses(&product.description).0.into_iter().next();
            let name = one_line(&product.name);
            if !cues::asks_for_text(&name) {
                let subject = self.slots.entry(Slot::Subject).or_default();
                let named = subject.iter().any(|(text, _)| text.contains(&name));
                let text = match what {
                    Some(what) if named => what.text,
                    Some(what) => format!("{name} ({})", what.text),
                    None if named => continue,
                    None => name,
                };
                subject.push((text, Source::Brief));
            }
        }
        let more = sentences(&request.concept.visual_concept)
            .into_iter()
            .chain(sentences(&request.brief.description));
        for sentence in more {
            for clause in self.clauses(&sentence) {
                if let Some(slot) = clause.slot {
                    self.put(slot, &clause.text, Source::Brief);
                }
            }
        }
    }

    /// Its things and its place beside the subject, then its light, camera and colours.
    fn take_reference(&mut self, index: usize, reference: &Reference) {
        let source = Source::Reference(index);
        let fair = if index == 0 { 3 } else { 2 };
        let mut taken = 0;
        let (mut light, mut camera) = (Vec::new(), Vec::new());
        let elements: Vec<String> = if reference.elements.is_empty() {
            self.clauses(&reference.description).into_iter().map(|clause| clause.text).take(1).collect()
        } else {
            reference.elements.iter().map(|element| one_line(element)).collect()
        };
        for element in elements.iter().filter(|element| !element.is_empty()) {
            if cues::asks_for_text(element) {
                continue;
            }
            let element = cues::without_sizes(element);
            let lower = element.to_lowercase();
            if ColorName::parse(&lower).is_some() {
                if !self.colors.iter().any(|(color, _)| *color == lower) {
                    self.colors.push((lower, source));
                }
            } else if LIGHT.contains(&lower.as_str()) {
                light.push(lower);
            } else if CAMERA.contains(&lower.as_str()) {
                camera.push(lower);
            } else if taken < fair {
                let slot = match cues::slot_of(&element) {
                    Some(Slot::Environment) => Slot::Environment,
                    _ => Slot::PointOfReference,
                };
                self.put(slot, &element, source);
                taken += 1;
            }
        }
        if !light.is_empty() {
            self.put_if_open(Slot::Lighting, &format!("{} light", light.join(", ")), source);
        }
        if !camera.is_empty() {
            self.put_if_open(Slot::Camera, &camera.join(", "), source);
        }
    }

    /// Two lights or cameras contradict each other: the first to say something has it.
    fn put_if_open(&mut self, slot: Slot, text: &str, source: Source) {
        if self.slots.get(&slot).is_none_or(Vec::is_empty) {
            self.put(slot, text, source);
        }
    }

    fn take_brand(&mut self, brand: &Brand) {
        if let Some(palette) = brand.palette {
            let named = |color: Color| ColorName::of(LabColor::of(color)).as_str().to_owned();
            let mut names: Vec<String> = [palette.primary, palette.light, palette.dark].map(named).to_vec();
            names.dedup();
            let accent = named(palette.accent);
            let accent =
                if names.contains(&accent) { String::new() } else { format!(" with {accent} accents") };
            self.colors = vec![(format!("{}{accent}", listed(&names)), Source::Brand)];
        }
        let tone = brand.tone.as_deref().map(one_line);
        if let Some(tone) = tone.filter(|tone| !tone.is_empty() && !cues::asks_for_text(tone)) {
            self.put(Slot::Style, &format!("{tone} in mood"), Source::Brand);
        }
    }

    fn fill_gaps(&mut self, request: &WriteRequest) {
        if self.slots.get(&Slot::Subject).is_none_or(Vec::is_empty) {
            let name = clauses(&one_line(&request.brief.name)).0.into_iter().next();
            let text = name.map_or_else(|| "An advertising picture".to_owned(), |name| name.text);
            self.slots.insert(Slot::Subject, vec![(text, Source::Default)]);
        }
        let stylised =
            self.slots.get(&Slot::Style).is_some_and(|style| style.iter().any(|(_, s)| *s == Source::Brief));
        if !stylised {
            self.put(Slot::Style, "photorealistic advertising photograph", Source::Default);
        }
    }

    fn phrases(&self, slot: Slot) -> Vec<String> {
        self.slots.get(&slot).into_iter().flatten().map(|(text, _)| text.clone()).collect()
    }

    /// Sentences in the order of the topology, the last ones left out when there is no room; tells whether any was.
    fn text(&self, max_chars: usize) -> (String, bool) {
        let mut scene = clauses::joined(&self.phrases(Slot::Subject));
        let beside = self.phrases(Slot::PointOfReference);
        let parts = [
            (!beside.is_empty()).then(|| format!("with {}", listed(&beside))),
            joined(self.place()),
            joined(self.phrases(Slot::Pose)),
        ];
        for part in parts.into_iter().flatten() {
            scene = format!("{scene}, {part}");
        }
        let mut look: Vec<String> = self.phrases(Slot::Lighting);
        look.extend(self.phrases(Slot::Camera));
        let mut style: Vec<String> = self.phrases(Slot::Style);
        if !self.colors.is_empty() {
            let colors: Vec<String> = self.colors.iter().take(4).map(|(color, _)| color.clone()).collect();
            style.push(format!("in {}", listed(&colors)));
        }
        let mut text = String::new();
        let mut left_out = false;
        let sentences = [scene, look.join(", "), style.join(", ")];
        for sentence in sentences.iter().filter(|s| !s.is_empty()) {
            let gap = usize::from(!text.is_empty());
            let left = max_chars.saturating_sub(text.chars().count() + gap + 1);
            let fitted = cut(&capitalised(sentence), left);
            left_out |= fitted.chars().count() < sentence.chars().count();
            if fitted.chars().count() < sentence.chars().count().min(8) {
                continue;
            }
            if gap == 1 {
                text.push(' ');
            }
            text.push_str(&fitted);
            text.push('.');
        }
        if text.is_empty() {
            // No clause and no word fits: a part of the subject says more than nothing.
            text = sentences[0].trim_start().chars().take(max_chars).collect();
        }
        (text, left_out)
    }

    /// The brief's places as they are written, those of references as a setting.
    fn place(&self) -> Vec<String> {
        let of = |own: bool| {
            let places = self.slots.get(&Slot::Environment).into_iter().flatten();
            places
                .filter(|(_, source)| (*source == Source::Brief) == own)
                .map(|(text, _)| text.clone())
                .collect()
        };
        let (mut places, borrowed): (Vec<String>, Vec<String>) = (of(true), of(false));
        if !borrowed.is_empty() {
            places.push(format!("{} as the setting", listed(&borrowed)));
        }
        places
    }

    fn reasoning(&self, request: &WriteRequest, cut_off: bool) -> String {
        let given = |source: Source| -> Vec<String> {
            let phrases = self.slots.values().flatten().chain(self.colors.iter().take(4));
            phrases.filter(|(_, from)| *from == source).map(|(text, _)| text.clone()).collect()
        };
        let mut reasons =
            vec!["Written by a grammar from the words at hand: subject, what is near it, place, pose, light, camera, style".to_owned()];
        let brief = given(Source::Brief);
        if !brief.is_empty() {
            reasons.push(format!("The brief gave: {}", brief.join("; ")));
        }
        for (index, reference) in request.references.iter().enumerate() {
            let phrases = given(Source::Reference(index));
            let name = one_line(&reference.name);
            reasons.push(if phrases.is_empty() {
                format!("Reference {} ({name}) gave nothing that was not said already", index + 1)
            } else {
                format!("Reference {} ({name}) gave: {}", index + 1, phrases.join("; "))
            });
        }
        let brand = given(Source::Brand);
        if !brand.is_empty() {
            reasons.push(format!("The brand gave: {}", brand.join("; ")));
        }
        if !self.left_out.is_empty() {
            let clauses: Vec<String> = self.left_out.iter().take(5).map(|clause| cut(clause, 80)).collect();
            reasons.push(format!(
                "Left out, because a picture carries no text and no size: {}",
                clauses.join("; ")
            ));
        }
        if cut_off {
            reasons.push(format!("Cut to {} characters", request.max_chars));
        }
        format!("{}.", reasons.join(". "))
    }
}

fn joined(parts: Vec<String>) -> Option<String> {
    (!parts.is_empty()).then(|| parts.join(", "))
}
