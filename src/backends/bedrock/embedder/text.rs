//! How long a text is for a model whose tokenizer is not public, and where to cut it.

use unicode_segmentation::UnicodeSegmentation;

/// What a model takes of a text; no limit where it is not known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) tokens: Option<u32>,
    pub(super) chars: Option<usize>,
}

/// Tokens at the beginning and the end.
const FRAME: usize = 2;

impl Room {
    /// The beginning of `text` that fits, up to the end of a word; none when all of it does. Only a word that is too long by
    /// itself is cut within.
    pub(super) fn cut(self, text: &str) -> Option<&str> {
        if self.fits(text) {
            return None;
        }
        let whole = self.longest(text, text.split_word_bounds());
        let whole = text[..whole].trim_end();
        if !whole.is_empty() {
            return Some(whole);
        }
        Some(text[..self.longest(text, text.graphemes(true))].trim_end())
    }

    fn fits(self, text: &str) -> bool {
        self.has(FRAME + tokens(text), length(text))
    }

    fn has(self, tokens: usize, length: usize) -> bool {
        self.tokens.is_none_or(|most| tokens <= most as usize) && self.chars.is_none_or(|most| length <= most)
    }

    /// How many bytes of `text` fit, in whole `pieces` of it.
    fn longest<'a>(self, text: &'a str, pieces: impl Iterator<Item = &'a str>) -> usize {
        let (mut count, mut long, mut end) = (FRAME, 0, 0);
        for piece in pieces {
            count += tokens(piece);
            long += length(piece);
            if !self.has(count, long) {
                break;
            }
            end += piece.len();
        }
        debug_assert!(text.is_char_boundary(end));
        end
    }

    /// In words, for messages.
    pub(super) fn describe(self) -> String {
        match (self.tokens, self.chars) {
            (Some(tokens), _) => format!("{tokens} tokens"),
            (None, Some(chars)) => format!("{chars} characters"),
            (None, None) => "any length".into(),
        }
    }
}

/// Tokens of `text`, rather too many than too few: one for three ASCII letters of a word, one for a digit, a sign or a space
/// more than one, and one for each byte of everything else, which is what tokenizers fall back to.
pub(super) fn tokens(text: &str) -> usize {
    let (mut tokens, mut letters, mut spaces) = (0, 0, 0);
    for c in text.chars() {
        if c.is_ascii_alphabetic() {
            tokens += usize::from(letters % 3 == 0);
            (letters, spaces) = (letters + 1, 0);
        } else if c == ' ' {
            tokens += usize::from(spaces > 0);
            (letters, spaces) = (0, spaces + 1);
        } else {
            tokens += c.len_utf8();
            (letters, spaces) = (0, 0);
        }
    }
    tokens
}

/// Characters as the stricter of two ways to count them has it: in UTF-16.
fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
