//! What a request gives to answer from: its words, its tagged fields, its pictures.

use super::{describe::Description, english};

/// What a request gives to answer from.
#[derive(Debug, Default)]
pub(crate) struct Material {
    /// Rules, with a line for each field of the answer.
    pub(crate) system: String,
    /// The text of the last user turn.
    pub(crate) user: String,
    pub(crate) pictures: Vec<Description>,
    /// Words in another language than English, by plan.
    pub(crate) wrong_language: bool,
}

impl Material {
    /// What stands in `<tag>`s of this name in the user's text.
    pub(crate) fn tagged<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a str> {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        let mut rest = self.user.as_str();
        std::iter::from_fn(move || {
            rest = &rest[rest.find(&open)? + open.len()..];
            let (_, inside) = rest.split_once('>')?;
            let (inside, after) = inside.split_once(&close)?;
            rest = after;
            Some(inside.trim())
        })
    }

    /// The words that carry the meaning, each once, in their order.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = english::words(&without_tags(&self.user));
        let measured = self.pictures.iter().flat_map(|picture| &picture.elements);
        words.extend(measured.cloned());
        if words.is_empty() {
            words.push("picture".into());
        }
        words
    }

    /// What the system text says of a field: the rest of the line `- field: ..`.
    pub(crate) fn rule(&self, field: &str) -> &str {
        let mut lines = self.system.lines();
        let rule =
            lines.find_map(|line| line.trim().strip_prefix("- ")?.strip_prefix(field)?.strip_prefix(':'));
        rule.unwrap_or("").trim()
    }
}

/// The text between the tags.
fn without_tags(text: &str) -> String {
    let mut inside = false;
    let keep = |c: char| match c {
        '<' => {
            inside = true;
            ' '
        }
        '>' => {
            inside = false;
            ' '
        }
        _ if inside => ' ',
        _ => c,
    };
    text.chars().map(keep).collect()
}
