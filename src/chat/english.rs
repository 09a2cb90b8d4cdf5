//! A cheap look at the language of a text, to catch a model that answered in the language of the brief.

/// Words that are English and of none of the languages below.
const ENGLISH: &[&str] = &[
    "and", "are", "at", "behind", "by", "from", "her", "his", "into", "its", "of", "on", "over", "the",
    "their", "through", "to", "under", "while", "with",
];

/// The commonest words of Spanish, Portuguese, French, Italian, German and Dutch that are not English.
const OTHER: &[&str] = &[
    "auf", "avec", "che", "com", "con", "dans", "das", "de", "del", "della", "den", "der", "des", "di",
    "ein", "eine", "el", "em", "en", "est", "et", "gli", "het", "il", "la", "las", "le", "les", "los", "met",
    "mit", "na", "nel", "não", "os", "par", "para", "por", "pour", "que", "sobre", "su", "sur", "um", "uma",
    "un", "una", "und", "une", "van", "von", "y",
];

/// A problem to tell the model when `field` of its answer is empty or not in English.
pub(super) fn require_english(field: &str, text: &str) -> std::result::Result<(), String> {
    if text.trim().is_empty() {
        Err(format!("the field \"{field}\" is empty"))
    } else if !reads_as_english(text) {
        Err(format!("the field \"{field}\" is not in English"))
    } else {
        Ok(())
    }
}

/// `false` when `text` is clearly not English: written in another script, or with more small words of
/// another language than English ones. A list of nouns passes, as does a text with foreign names.
fn reads_as_english(text: &str) -> bool {
    let (latin, other) = text.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(latin, other), c| {
        if c <= '\u{24f}' { (latin + 1, other) } else { (latin, other + 1) }
    });
    if other * 2 > latin {
        return false;
    }
    let text = text.to_lowercase();
    let words = || text.split(|c: char| !c.is_alphabetic());
    let count = |list: &[&str]| words().filter(|word| list.contains(word)).count();
    let foreign = count(OTHER);
    foreign < 2 || foreign <= count(ENGLISH)
}
