//! Which language a text is in, as far as that can be told, and whether it is the one it should be in.
//!
//! Nobody is blamed on a doubt: short texts, lists of names and texts between two languages pass.

mod english;
mod tags;

use whatlang::{Lang, detect};

use crate::domain::Brief;

/// A language that can be told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Language(Lang);

impl Language {
    /// Of the people who wrote `brief`: the one it states, or else the one its description is in; none where that
    /// cannot be told.
    pub(super) fn of_brief(brief: &Brief, names: &Names) -> Option<Self> {
        match &brief.language {
            Some(tag) => tags::language(tag).map(Self),
            None => Self::of_text(&names.taken_out_of(&brief.description)),
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        detect(text).filter(whatlang::Info::is_reliable).map(|found| Self(found.lang()))
    }

    /// The language in English.
    pub(super) fn name(self) -> &'static str {
        match self.0 {
            Lang::Cmn => "Chinese",
            Lang::Nob => "Norwegian",
            language => language.eng_name(),
        }
    }

    /// As a BCP 47 tag.
    pub(super) fn tag(self) -> &'static str {
        tags::tag(self.0)
    }

    pub(super) fn is_english(self) -> bool {
        self.0 == Lang::Eng
    }
}

/// Names of brands and products, which are of no language.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn of(brief: &Brief) -> Self {
        let products = brief.products.iter().map(|product| &product.name);
        let names = brief.brand.iter().map(|brand| &brand.name).chain(products).chain([&brief.name]);
        let mut names: Vec<_> =
            names.map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect();
        // The longest first, so that no part of a name is left.
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self(names)
    }

    fn taken_out_of(&self, text: &str) -> String {
        self.0.iter().fold(text.to_lowercase(), |text, name| text.replace(name, " "))
    }
}

/// A problem to tell the model when `field` of its answer is empty or not in English.
pub(super) fn require_english(field: &str, text: &str, names: &Names) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!("the field \"{field}\" is empty"));
    }
    let text = names.taken_out_of(text);
    match Language::of_text(&text) {
        Some(language) if language.is_english() => Ok(()),
        Some(language) if !english::prevails(&text) => Err(format!(
            "the field \"{field}\" is not in English but in {}: write it in English",
            language.name()
        )),
        None if !english::reads_as(&text) => {
            Err(format!("the field \"{field}\" is not in English: write it in English"))
        }
        _ => Ok(()),
    }
}

/// A problem to tell the model when one of `fields`, or all together, are in another language than `wanted`. A language
/// that is not known is not asked for.
pub(super) fn require(
    wanted: Option<Language>,
    fields: &[(&str, &str)],
    names: &Names,
) -> Result<(), String> {
    let Some(wanted) = wanted else { return Ok(()) };
    let other = |text: &str| Language::of_text(&names.taken_out_of(text)).filter(|found| *found != wanted);
    let quoted = |name: &str| format!("\"{name}\"");
    let wrong = fields.iter().find_map(|(name, text)| Some((quoted(name), other(text)?)));
    let all = || {
        let texts: Vec<_> = fields.iter().map(|(_, text)| *text).collect();
        let names: Vec<_> = fields.iter().map(|(name, _)| quoted(name)).collect();
        other(&texts.join("\n")).map(|found| (names.join(", "), found))
    };
    match wrong.or_else(all) {
        Some((field, found)) => {
            let (found, wanted) = (found.name(), wanted.name());
            Err(format!("what should be in {wanted} is in {found}: write {field} in {wanted}"))
        }
        None => Ok(()),
    }
}
