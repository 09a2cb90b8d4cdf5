//! Texts as features: words, their groups, pairs of words and pieces of words.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use super::{hash, measured_words, words};

/// What a word weighs by itself, through its groups, its pieces and with its neighbour.
const WORD: f32 = 1.0;
const GROUP: f32 = 1.1;
const PIECES: f32 = 0.5;
const PAIR: f32 = 0.3;
/// Words for colour and light are features of their own; here they count less.
const MEASURABLE: f32 = 0.25;

/// Adds the features of a normalised text to `places`. Nothing is added for a text without any
/// visible character.
pub(super) fn add_features(normalised: &str, places: &mut [f32]) {
    // What is measured has places of its own; as words a calm area would answer whoever looks for a quiet lake.
    let other = normalised.replace("calm area", " ").replace("shallow focus", " ");
    let normalised = if other.trim().is_empty() { normalised } else { other.as_str() };
    let all = words::all(normalised);
    let telling: Vec<&str> = all.iter().copied().filter(|word| !words::is_stop_word(word)).collect();
    let stems: Vec<String> =
        if telling.is_empty() { &all } else { &telling }.iter().map(|word| words::stem(word)).collect();
    // Emoji and punctuation have no words; they are still the same text or another.
    if stems.is_empty() {
        for grapheme in normalised.graphemes(true).filter(|grapheme| !grapheme.trim().is_empty()) {
            hash::add(places, b'g', grapheme, WORD);
        }
        return;
    }
    let mut counts = BTreeMap::<&str, f32>::new();
    for stem in &stems {
        *counts.entry(stem).or_default() += 1.0;
    }
    for (stem, count) in counts {
        let scale = if measured_words::is_measurable(stem) { MEASURABLE } else { 1.0 };
        add_word(stem, scale * count.sqrt(), places);
    }
    let plain = |pair: &&[String]| !pair.iter().any(|stem| measured_words::is_measurable(stem));
    for pair in stems.windows(2).filter(plain) {
        hash::add(places, b'p', &pair.join(" "), PAIR);
    }
}

fn add_word(stem: &str, weight: f32, places: &mut [f32]) {
    hash::add(places, b'w', stem, WORD * weight);
    let groups = words::groups(stem);
    for group in groups {
        let share = GROUP * weight / (groups.len() as f32).sqrt().sqrt();
        hash::add(places, b'c', &group.to_string(), share);
    }
    let pieces = pieces(stem);
    for piece in &pieces {
        hash::add(places, b'n', piece, PIECES * weight / (pieces.len() as f32).sqrt());
    }
}

/// All runs of three to five characters, with marks for the word's ends.
fn pieces(stem: &str) -> Vec<String> {
    let marked: Vec<char> = format!("<{stem}>").chars().collect();
    (3..=5).flat_map(|n| marked.windows(n).map(|piece| piece.iter().collect())).collect()
}
