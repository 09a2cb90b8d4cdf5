//! A cheap look at a text that should be in English and is too short, or too mixed, to be sure of its language.

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

/// Fewer words than this may be a name.
const ENOUGH: usize = 6;

/// `false` when `text`, in lower case, is clearly not English: written in another script, or with more small words of
/// another language than English ones. A name passes, as does a list of nouns and a text with foreign names.
pub(super) fn reads_as(text: &str) -> bool {
    let (latin, other) = text.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(latin, other), c| {
        if c <= '\u{24f}' { (latin + 1, other) } else { (latin, other + 1) }
    });
    let foreign = count(text, OTHER);
    let short = text.split_whitespace().count() < ENOUGH;
    other * 2 <= latin && (short || foreign < 2 || foreign <= count(text, ENGLISH))
}

/// Whether `text`, in lower case, has more English small words than foreign ones.
pub(super) fn prevails(text: &str) -> bool {
    count(text, ENGLISH) > count(text, OTHER)
}

fn count(text: &str, list: &[&str]) -> usize {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| list.contains(word)).count()
}
