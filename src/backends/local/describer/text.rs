//! Foreign text made fit to keep: no control characters, bounded, no boilerplate.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// The longest caption, in characters.
pub(super) const MAX_CAPTION: usize = 2_000;
pub(super) const MAX_TITLE: usize = 200;
pub(super) const MAX_KEYWORDS: usize = 64;
const MAX_KEYWORD: usize = 64;

/// One line in NFC with single spaces, without control and direction-changing characters, cut after
/// the last whole word within `max` characters.
pub(super) fn clean(text: &str, max: usize) -> String {
    // No character shrinks to less than a third of itself, so this is enough to look at.
    let bounded = text.chars().take(max.saturating_mul(4));
    let spaced: String =
        bounded.filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c }).nfc().collect();
    let mut out = String::new();
    let mut len = 0;
    for word in spaced.split_whitespace() {
        let gap = usize::from(!out.is_empty());
        let chars = word.chars().count();
        if len + gap + chars > max {
            if out.is_empty() {
                out = leading_graphemes(word, max);
            }
            break;
        }
        if gap == 1 {
            out.push(' ');
        }
        out.push_str(word);
        len += gap + chars;
    }
    out
}

fn leading_graphemes(word: &str, max: usize) -> String {
    let mut left = max;
    let fits = |grapheme: &&str| {
        let chars = grapheme.chars().count();
        let fits = chars <= left;
        left = left.saturating_sub(chars);
        fits
    };
    word.graphemes(true).take_while(fits).collect()
}

/// Byte-order marks, and characters that turn the direction of the text around them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// Cleaned, without duplicates, at most 64 of at most 64 characters.
pub(super) fn keywords(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut words = distinct(words.into_iter().map(|word| clean(&word, MAX_KEYWORD)));
    words.truncate(MAX_KEYWORDS);
    words
}

/// Without empty words and duplicates that differ only in case; the first stays.
pub(super) fn distinct(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    words.into_iter().filter(|word| !word.is_empty() && seen.insert(word.to_lowercase())).collect()
}

/// What cameras and programs write without knowing the picture, and file names.
pub(super) fn is_boilerplate(text: &str) -> bool {
    const WHOLE: [&str; 9] = [
        "default",
        "untitled",
        "screenshot",
        "digital camera",
        "olympus digital camera",
        "minolta digital camera",
        "konica minolta digital camera",
        "samsung camera pictures",
        "sony dsc",
    ];
    const BEGINNINGS: [&str; 2] = ["created with gimp", "processed with vsco"];
    let lower = text.to_ascii_lowercase();
    WHOLE.contains(&lower.as_str())
        || BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning))
        || is_file_name(&lower)
}

/// One word with an extension, or with digits as in `dsc_0042`.
fn is_file_name(lower: &str) -> bool {
    const EXTENSIONS: [&str; 6] = [".jpg", ".jpeg", ".png", ".webp", ".tif", ".heic"];
    lower.is_ascii()
        && !lower.contains(' ')
        && (lower.contains(|c: char| c.is_ascii_digit()) || EXTENSIONS.iter().any(|end| lower.ends_with(end)))
}
