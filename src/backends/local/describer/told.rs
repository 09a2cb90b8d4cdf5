//! What a picture file, or the caption beside it, tells in words.

use super::text;

/// The words one block of metadata holds. Empty where it holds none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) caption: String,
    pub(super) title: String,
    pub(super) keywords: Vec<String>,
}

impl Words {
    /// Takes over what `self` lacks; keywords of both are kept, those of `self` first.
    pub(super) fn or(mut self, other: Self) -> Self {
        let first = |own: String, other: String| if own.is_empty() { other } else { own };
        self.caption = first(self.caption, other.caption);
        self.title = first(self.title, other.title);
        self.keywords.extend(other.keywords);
        self
    }

    /// Without control characters, within bounds, without what cameras and file systems put there.
    pub(super) fn cleaned(self) -> Self {
        let worth = |words: String, max: usize| {
            let words = text::clean(&words, max);
            if text::is_boilerplate(&words) { String::new() } else { words }
        };
        Self {
            caption: worth(self.caption, text::MAX_CAPTION),
            title: worth(self.title, text::MAX_TITLE),
            keywords: text::keywords(self.keywords),
        }
    }
}
