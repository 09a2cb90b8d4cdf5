//! Words for what is seen beside colour and light: format, framing, focus, and where copy may stand.

/// One of them; the number is its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Vertical,
    Horizontal,
    Square,
    Wide,
    CloseUp,
    Blurred,
    CopyLeft,
    CopyRight,
    CopyTop,
    CopyBottom,
}

pub(super) const COUNT: usize = Seen::CopyBottom as usize + 1;

/// Words before the side that belongs to them: "calm area at the top left", "space for text on the left".
const REACH: usize = 6;

/// What a text says, by the stems of its words in order. Most of it takes two words: a square may be a place in a town.
pub(super) fn of_text(words: &[String]) -> Vec<Seen> {
    let mut said = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map_or("", String::as_str);
        said.extend(of_words(word, next));
        if leaves_room(word, next) {
            said.extend(words.iter().skip(at + 1).take(REACH).filter_map(|word| side(word)));
        }
    }
    said
}

fn of_words(word: &str, next: &str) -> Option<Seen> {
    let is_shape = matches!(next, "picture" | "format" | "post" | "photo" | "image" | "foto" | "formato");
    match (word, next) {
        ("vertical" | "upright" | "story" | "reel", _) => Some(Seen::Vertical),
        ("tall", _) if is_shape => Some(Seen::Vertical),
        ("horizontal" | "banner" | "leaderboard", _) => Some(Seen::Horizontal),
        ("square", _) if is_shape => Some(Seen::Square),
        ("wide", "view" | "shot" | "angle") | ("panorama" | "panoramic" | "vista", _) => Some(Seen::Wide),
        ("close", "up") | ("closeup" | "macro", _) => Some(Seen::CloseUp),
        ("shallow", _) | ("blurred" | "blurry" | "bokeh" | "defocused", _) => Some(Seen::Blurred),
        _ => None,
    }
}

fn leaves_room(word: &str, next: &str) -> bool {
    matches!((word, next), ("calm", "area") | ("room", "for") | ("espacio", _))
        || matches!(word, "space" | "empty" | "copy" | "headline")
}

fn side(word: &str) -> Option<Seen> {
    match word {
        "left" | "izquierda" => Some(Seen::CopyLeft),
        "right" | "derecha" => Some(Seen::CopyRight),
        "top" | "above" | "upper" | "arriba" => Some(Seen::CopyTop),
        "bottom" | "below" | "lower" | "abajo" => Some(Seen::CopyBottom),
        _ => None,
    }
}
