//! Measurements in words.

use crate::imaging::measure::{Brightness, CalmArea, Contrast, Format, Framing, Key, Measured, Warmth};

/// One sentence, such as "A dim, warm, vertical picture, mostly brown and tan with a red accent, close-up."
pub(super) fn sentence(measured: &Measured) -> String {
    let light = measured.light;
    let adjectives: Vec<&str> = [
        light.brightness.map(brightness),
        light.warmth.map(warmth),
        light.contrast.map(contrast),
        light.key.map(key),
        Some(format(measured.format)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut sentence = format!("A {} picture", adjectives.join(", "));
    let colors: Vec<&str> = measured.colors.main.iter().map(|color| color.name.as_str()).collect();
    if !colors.is_empty() {
        sentence.push_str(", mostly ");
        sentence.push_str(&listed(&colors));
    }
    if let Some(accent) = measured.colors.accent {
        let name = accent.name.as_str();
        let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        sentence.push_str(&format!(" with {article} {name} accent"));
    }
    if let Some(framing) = framing(measured.framing) {
        sentence.push_str(&format!(", {framing}"));
    }
    if measured.shallow_focus {
        sentence.push_str(", shallow focus");
    }
    if let Some(area) = measured.calm {
        sentence.push_str(&format!(", calm area {}", place(area)));
    }
    sentence.push('.');
    sentence
}

/// Single words and short phrases, colours first.
pub(super) fn elements(measured: &Measured) -> impl Iterator<Item = String> {
    let light = measured.light;
    let colors = measured.colors.main.iter().chain(&measured.colors.accent).map(|color| color.name.as_str());
    let others = [
        light.brightness.map(brightness),
        light.warmth.map(warmth),
        light.contrast.map(contrast),
        light.key.map(key),
        framing(measured.framing),
        measured.shallow_focus.then_some("shallow focus"),
    ];
    let words: Vec<String> = colors.chain(others.into_iter().flatten()).map(str::to_owned).collect();
    words.into_iter()
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn brightness(brightness: Brightness) -> &'static str {
    match brightness {
        Brightness::Dark => "dark",
        Brightness::Dim => "dim",
        Brightness::Bright => "bright",
    }
}

fn warmth(warmth: Warmth) -> &'static str {
    match warmth {
        Warmth::Warm => "warm",
        Warmth::Cool => "cool",
    }
}

fn contrast(contrast: Contrast) -> &'static str {
    match contrast {
        Contrast::High => "high-contrast",
        Contrast::Low => "low-contrast",
    }
}

fn key(key: Key) -> &'static str {
    match key {
        Key::High => "high-key",
        Key::Low => "low-key",
    }
}

/// Not "landscape" and "portrait": those words say what is shown.
fn format(format: Format) -> &'static str {
    match format {
        Format::Horizontal => "horizontal",
        Format::Square => "square",
        Format::Vertical => "vertical",
    }
}

fn framing(framing: Framing) -> Option<&'static str> {
    match framing {
        Framing::Wide => Some("wide view"),
        Framing::Medium => None,
        Framing::CloseUp => Some("close-up"),
    }
}

fn place(area: CalmArea) -> &'static str {
    const PLACES: [[&str; 3]; 3] = [
        ["at the top left", "at the top", "at the top right"],
        ["on the left", "in the centre", "on the right"],
        ["at the bottom left", "at the bottom", "at the bottom right"],
    ];
    PLACES[area.row.min(2)][area.column.min(2)]
}
