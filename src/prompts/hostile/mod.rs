//! Whether somebody speaks to the model from inside the material.
//!
//! Nothing is changed and nothing refused because of it: material is framed, and the model is told not to follow it.
//! A finding is a note for a person, who knows whether a slogan was meant. What it looks for:
//!
//! - phrases of `phrases.txt`, in fifteen languages, however their letters are dressed up: case, accents, width,
//!   punctuation and invisible characters do not count;
//! - turns of a conversation and control tokens of models: a line that begins with `System:`, `<|im_start|>`, `[INST]`;
//! - letters in tag characters, which nobody sees.
//!
//! It does not see through paraphrase, lookalike letters of other alphabets, spelling with gaps, or codes.

mod phrases;

use serde::Serialize;
use serde_json::Value;

use crate::text::{hidden, visible};

/// The most notes on one question.
const MOST: usize = 10;

/// Who speaks at the beginning of a line of a conversation.
const SPEAKERS: &[&str] = &["assistant", "developer", "human", "system", "system prompt"];

/// What models are told turns by.
const TOKENS: &[&str] =
    &["<|", "|>", "[inst]", "[/inst]", "<<sys>>", "</s>", "<start_of_turn>", "### instruction", "```system"];

/// A note on every text of `question` that speaks to a model, at most ten: where it stands and what it says.
pub(crate) fn notes(question: &impl Serialize) -> Vec<String> {
    let mut notes = Vec::new();
    if let Ok(values) = serde_json::to_value(question) {
        walk(&values, &mut String::new(), &mut notes);
    }
    notes
}

fn walk(value: &Value, place: &mut String, notes: &mut Vec<String>) {
    let whole = place.len();
    match value {
        Value::String(text) if notes.len() < MOST => {
            if let Some(finding) = finding(text) {
                notes.push(format!("{place} {finding}; it was framed as material"));
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                place.push_str(&format!("[{number}]"));
                walk(item, place, notes);
                place.truncate(whole);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                place.push_str(if whole == 0 { "" } else { "." });
                place.push_str(name);
                walk(field, place, notes);
                place.truncate(whole);
            }
        }
        _ => {}
    }
}

fn finding(text: &str) -> Option<String> {
    if let Some(hidden) = hidden(text) {
        let start: String = hidden.chars().take(phrases::SHOWN).collect();
        return Some(format!("holds letters that nobody sees: \"{start}\""));
    }
    let text = visible(text);
    if let Some(phrase) = phrases::find(&text) {
        return Some(format!("reads like an instruction to a model: \"{phrase}\""));
    }
    turn(&text).map(|turn| format!("reads like a turn of a conversation with a model: \"{turn}\""))
}

fn turn(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if let Some(token) = TOKENS.iter().find(|token| lower.contains(**token)) {
        return Some((*token).into());
    }
    let mut heads = lower
        .lines()
        .filter_map(|line| line.split_once([':', '：']))
        .map(|(head, _)| head.trim_matches(|c: char| !c.is_alphanumeric()));
    heads.find(|head| SPEAKERS.contains(head)).map(|head| format!("{head}:"))
}
