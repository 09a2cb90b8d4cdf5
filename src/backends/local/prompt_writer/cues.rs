//! What a clause speaks of, known by its words, and what it must not ask for.

use std::{collections::HashMap, sync::LazyLock};

use unicode_segmentation::UnicodeSegmentation;

use crate::backends::local::words::normalised;

/// The parts of a caption in the order they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Slot {
    Subject,
    PointOfReference,
    Environment,
    Pose,
    Lighting,
    Camera,
    Style,
}

/// More words than this are a statement of their own and stay where they are.
const MAX_WORDS: usize = 7;

static CUES: LazyLock<HashMap<&str, Slot>> = LazyLock::new(|| {
    let lines = include_str!("cues.txt").lines().filter_map(|line| line.split_once(':'));
    lines
        .filter_map(|(kind, words)| {
            let slot = match kind {
                "lighting" => Slot::Lighting,
                "camera" => Slot::Camera,
                "pose" => Slot::Pose,
                "style" => Slot::Style,
                "environment" => Slot::Environment,
                _ => return None,
            };
            Some(words.split_whitespace().map(move |word| (word, slot)))
        })
        .flatten()
        .collect()
});

/// The slot that most words of a short clause speak for; of equals the later in the sentence wins, since
/// English ends on the noun. None for a long clause and one without cues.
pub(super) fn slot_of(clause: &str) -> Option<Slot> {
    let text = normalised(clause);
    let words: Vec<&str> =
        text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    if words.len() > MAX_WORDS {
        return None;
    }
    let mut counts = HashMap::<Slot, (usize, usize)>::new();
    for (at, word) in words.iter().enumerate() {
        if let Some(slot) = CUES.get(word) {
            let (count, last) = counts.entry(*slot).or_default();
            (*count, *last) = (*count + 1, at);
        }
    }
    counts.into_iter().max_by_key(|(_, (count, last))| (*count, *last)).map(|(slot, _)| slot)
}

/// How many words of a sentence speak of place, pose, light or camera.
pub(super) fn telling(sentence: &str) -> usize {
    let text = normalised(sentence);
    text.unicode_words().filter(|word| CUES.get(word).is_some_and(|slot| *slot != Slot::Style)).count()
}

/// A sentence without the order at its beginning: a prompt is a caption, not an instruction.
pub(super) fn without_order(sentence: &str) -> &str {
    const ORDERS: [&str; 14] = [
        "show", "shows", "create", "generate", "make", "draw", "imagine", "please", "use", "muestra",
        "mostrar", "crea", "genera", "imagina",
    ];
    let mut rest = sentence;
    while let Some((first, tail)) = rest.split_once(' ') {
        if !ORDERS.contains(&normalised(first).as_str()) {
            break;
        }
        rest = tail.trim_start();
    }
    rest
}

/// Words of a clause that names something to be read in the picture.
const WRITING: [&str; 40] = [
    "text",
    "texts",
    "slogan",
    "headline",
    "tagline",
    "lettering",
    "letters",
    "caption",
    "subtitle",
    "typography",
    "font",
    "logo",
    "logos",
    "logotype",
    "wordmark",
    "watermark",
    "signage",
    "cta",
    "word",
    "words",
    "written",
    "printed",
    "printing",
    "inscription",
    "texto",
    "textos",
    "eslogan",
    "lema",
    "titular",
    "letras",
    "rotulo",
    "tipografia",
    "logotipo",
    "palabra",
    "palabras",
    "escrito",
    "escrita",
    "impreso",
    "impresa",
    "leyenda",
];

/// Whether a clause asks for text in the picture: a word for it, or a quotation.
pub(super) fn asks_for_text(clause: &str) -> bool {
    let text = normalised(clause);
    text.unicode_words().any(|word| WRITING.contains(&word))
        || text.contains("call to action")
        || clause.contains(['"', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}', '\u{201e}'])
}

/// A clause without sizes such as `1200x628`, `16:9`, `4K`, `1080p` and `300 dpi`.
pub(super) fn without_sizes(clause: &str) -> String {
    let words: Vec<&str> = clause.split_whitespace().collect();
    let is_unit = |word: &str| {
        matches!(bare(word).as_str(), "px" | "pixel" | "pixels" | "dpi" | "ppi" | "megapixels" | "mp")
    };
    let is_times = |word: &str| matches!(word, "x" | "×");
    let mut kept = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let near =
            |offset: isize| at.checked_add_signed(offset).and_then(|at| words.get(at)).copied().unwrap_or("");
        let number =
            !word.is_empty() && bare(word).chars().all(|c| c.is_ascii_digit()) && !bare(word).is_empty();
        let of_pair = number && (is_times(near(1)) || is_times(near(-1)) || is_unit(near(1)));
        let times =
            is_times(word) && [near(-1), near(1)].iter().all(|w| bare(w).chars().all(|c| c.is_ascii_digit()));
        if !(of_pair || times || is_unit(word) || is_size(&bare(word))) {
            kept.push(*word);
        }
    }
    kept.join(" ")
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

fn is_size(word: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let pair = |mark: char| {
        word.split_once(mark).is_some_and(|(a, b)| digits(a) && digits(b.trim_end_matches("px")))
    };
    let suffix = |end: &str| word.strip_suffix(end).is_some_and(digits);
    pair('x')
        || pair('×')
        || pair(':')
        || ["px", "p", "k", "dpi", "ppi", "mp"].into_iter().any(suffix)
        || matches!(word, "hd" | "uhd" | "fullhd")
}
