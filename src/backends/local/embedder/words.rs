//! Text to words: normalised, without stop words, plural and singular alike.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use unicode_segmentation::UnicodeSegmentation;

/// Words that say nothing of what a picture shows: English and Spanish function words, and the words of
/// describing itself.
const STOP: &str = "
a an and are as at be been but by for from had has have he her his if in into is it its me my near no
nor not of off on onto or our out over she so some such than that the their them then there these they
this those through to too under up upon very was we were what when where which while who will with
within without you your
al como con cual de del desde donde el ella ellas ellos en entre era es esa ese eso esta este esto
fue ha hacia hasta la las le les lo los mas me mi muy nos o para pero por que se ser si sin sobre son
su sus te tu un una unas uno unos y ya
area background campaign close closeup fondo foto fotografia horizontal image imagen light luz mostly one photo
photograph picture scene seen shot shown shows small square stand stands two vertical view
";

static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());

/// Each word with the numbers of its groups.
static GROUPS: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    let lines = include_str!("thesaurus.txt").lines().filter(|line| !line.starts_with('#'));
    for (number, line) in lines.enumerate() {
        let words = line.split_once(':').map_or(line, |(_, words)| words);
        for word in words.split_whitespace() {
            let of_word = groups.entry(stem(word)).or_default();
            if !of_word.contains(&number) {
                of_word.push(number);
            }
        }
    }
    groups
});

/// The words of a normalised text in order, by the word boundaries of Unicode (UAX 29).
pub(super) fn all(normalised: &str) -> Vec<&str> {
    normalised.unicode_words().map(|word| word.strip_suffix("'s").unwrap_or(word)).collect()
}

pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(word)
}

/// Without the plural s of English and Spanish.
pub(super) fn stem(word: &str) -> String {
    let keep = !word.is_ascii() || word.len() < 4 || ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    match word.strip_suffix('s') {
        Some(_) if keep => word.to_owned(),
        Some(singular) => match singular.strip_suffix("ie") {
            Some(root) if root.len() > 2 => format!("{root}y"),
            _ => singular.to_owned(),
        },
        None => word.to_owned(),
    }
}

/// The groups of the thesaurus that a stem belongs to.
pub(super) fn groups(stem: &str) -> &'static [usize] {
    GROUPS.get(stem).map_or(&[], Vec::as_slice)
}
