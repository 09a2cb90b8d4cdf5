//! Phrases in plain letters.

use std::sync::LazyLock;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The most characters of a finding that are shown.
pub(super) const SHOWN: usize = 80;

/// The most letters and spaces that a `*` stands for.
const GAP: usize = 40;

/// The longest word of a phrase, in letters.
const LONGEST: usize = 24;

/// A phrase: words of which one must stand there, each with the room before it.
type Phrase = Vec<(usize, Vec<String>)>;

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let lines = include_str!("phrases.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(phrase).collect()
});

fn phrase(line: &str) -> Phrase {
    let mut room = 0;
    let mut phrase = Vec::new();
    for part in line.split_whitespace() {
        if part == "*" {
            room = GAP;
        } else {
            phrase.push((room, part.split('|').map(|word| plain(word).trim().to_owned()).collect()));
            room = 0;
        }
    }
    phrase
}

/// The first phrase in `text`, in plain letters.
pub(super) fn find(text: &str) -> Option<String> {
    let text = plain(text);
    PHRASES.iter().find_map(|phrase| {
        let (_, first) = phrase.first()?;
        let mut starts = first.iter().flat_map(|word| places(&text, word));
        let (start, end) =
            starts.find_map(|(start, end)| Some((start, rest(&text, end, phrase.get(1..)?)?)))?;
        Some(text.get(start..end)?.chars().take(SHOWN).collect())
    })
}

/// Where `phrase` ends that begins at or soon after `from`.
fn rest(text: &str, from: usize, phrase: &[(usize, Vec<String>)]) -> Option<usize> {
    let Some(((room, words), others)) = phrase.split_first() else { return Some(from) };
    let after = text.get(from..)?;
    let end_of = |chars: usize| after.char_indices().nth(chars).map_or(after.len(), |(at, _)| at);
    // A space between words is no room yet. No more is looked at than a word can take.
    let until = end_of(room + 1);
    let after = after.get(..end_of(room + 2 + LONGEST))?;
    words.iter().find_map(|word| {
        let near = places(after, word).take_while(|(start, _)| *start <= until);
        near.filter_map(|(_, end)| rest(text, from + end, others)).next()
    })
}

/// Where `word` begins and ends in `text`. Where words have spaces between them, it stands alone.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let spaced = word.chars().all(|c| u32::from(c) < 0x0e00);
    text.match_indices(word).map(|(start, found)| (start, start + found.len())).filter(move |(start, end)| {
        let apart = |c: Option<char>| c.is_none_or(|c| c == ' ');
        !spaced || apart(text[..*start].chars().next_back()) && apart(text[*end..].chars().next())
    })
}

/// Lower-case letters and digits with single spaces: no accents, no width, no punctuation, nothing that joins.
fn plain(text: &str) -> String {
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\u{200c}' | '\u{200d}'));
    let mut plain = String::with_capacity(text.len());
    for c in letters.nfc().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            plain.push(c);
        } else if !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    plain
}
