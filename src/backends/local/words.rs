//! Spelling that does not matter, shared by the embedder and the prompt writer.

use unicode_normalization::UnicodeNormalization;

/// Compatibility-normalised (NFKC), lower case, without the accents of Latin, Greek and Cyrillic.
pub(super) fn normalised(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).nfc().collect()
}
