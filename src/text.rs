//! Texts within limits.

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
