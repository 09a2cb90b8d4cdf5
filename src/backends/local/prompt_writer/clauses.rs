//! Sentences and clauses of foreign text, fit to be woven into a prompt.

use unicode_segmentation::UnicodeSegmentation;

use super::cues::{self, Slot};

/// A piece of a text with what it speaks of; none stays with what goes before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) text: String,
    pub(super) slot: Option<Slot>,
}

/// A text in one line without control characters.
pub(super) fn one_line(text: &str) -> String {
    let visible = |c: char| !matches!(c, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let spaced: String =
        text.chars().filter(|c| visible(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sentences of a text by the boundaries of Unicode (UAX 29); a line is a sentence too.
pub(super) fn sentences(text: &str) -> Vec<String> {
    text.lines()
        .flat_map(UnicodeSegmentation::unicode_sentences)
        .map(one_line)
        .filter(|s| !s.is_empty())
        .collect()
}

/// The clauses of a sentence that may stand in a prompt, with those that may not.
pub(super) fn clauses(sentence: &str) -> (Vec<Clause>, Vec<String>) {
    let mut kept = Vec::new();
    let mut dropped = Vec::new();
    for part in cues::without_order(sentence)
        .split([',', ';', '.', '!', '?', '،', '؛', '؟', '、', '，', '。', '；', '।', '\u{2014}'])
    {
        let part = one_line(part);
        if part.is_empty() {
            continue;
        }
        if cues::asks_for_text(&part) {
            dropped.push(part);
            continue;
        }
        let sized = cues::without_sizes(&part);
        if sized != part {
            dropped.push(part);
        }
        let text = sized.trim_matches(|c: char| !c.is_alphanumeric() && c != ')').to_owned();
        if text.chars().any(char::is_alphanumeric) {
            kept.push(Clause { slot: cues::slot_of(&text), text });
        }
    }
    (kept, dropped)
}

/// With a capital at the beginning, where the script has one.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `a, b and c`.
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Clauses in a row, with the comma of their script.
pub(super) fn joined(clauses: &[String]) -> String {
    let has = |range: std::ops::RangeInclusive<char>| {
        clauses.iter().any(|clause| clause.contains(|c| range.contains(&c)))
    };
    let comma = if has('\u{600}'..='\u{6ff}') {
        "، "
    } else if has('\u{3040}'..='\u{30ff}') || has('\u{4e00}'..='\u{9fff}') {
        "、"
    } else {
        ", "
    };
    clauses.join(comma)
}

/// The first `max` characters, cut after a clause, else after a word, else between graphemes.
pub(super) fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut left = max;
    let fits = |grapheme: &&str| {
        let chars = grapheme.chars().count();
        let fits = chars <= left;
        left = if fits { left - chars } else { 0 };
        fits
    };
    let head: String = text.graphemes(true).take_while(fits).collect();
    let ends_word = text[head.len()..].starts_with(char::is_whitespace);
    let clause = head.rfind([',', ';', '.', '،', '、', '，', '。']).filter(|at| at * 2 > head.len());
    let word = if ends_word { Some(head.len()) } else { head.rfind(char::is_whitespace) };
    let end = clause.or(word).filter(|at| *at > 0).unwrap_or(head.len());
    head[..end].trim_end_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation()).to_owned()
}
