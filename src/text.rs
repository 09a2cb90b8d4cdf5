//! Texts within limits, and without what hides in them.

use std::borrow::Cow;

/// At most `most` characters of `text`: whole sentences where they fill at least half of it, else whole
/// words, else what fits.
pub(crate) fn shorten(text: &str, most: usize) -> &str {
    let Some((cut, _)) = text.char_indices().nth(most) else {
        return text;
    };
    let head = &text[..cut];
    let sentence = head.rfind(['.', '!', '?']).filter(|end| *end >= head.len() / 2);
    let end = match sentence {
        Some(end) => end + 1,
        None if text[cut..].starts_with(char::is_whitespace) => cut,
        None => head.rfind(char::is_whitespace).unwrap_or(cut),
    };
    head[..end].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-'))
}

/// `text` without the characters that nobody sees and a model reads all the same: control characters, directions,
/// fillers, zero-width spaces, tags and selectors. What joins letters and emoji stays.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_invisible) {
        Cow::Owned(text.chars().filter(|c| !is_invisible(*c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn is_invisible(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' => true,
        '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}

/// What is written in tag characters, which show nothing and spell ASCII; none if there are none but in the flags of
/// England, Scotland and Wales.
pub(crate) fn hidden(text: &str) -> Option<String> {
    let mut flag = false;
    let tag = |c: char| {
        let ascii = u32::from(c).checked_sub(0xe_0000).filter(|code| *code < 0x80);
        flag = c == '\u{1f3f4}' || flag && ascii.is_some();
        ascii.and_then(char::from_u32).filter(|_| !flag)
    };
    let found: String = text.chars().filter_map(tag).collect();
    (!found.is_empty()).then_some(found)
}
