//! Where words and pixels meet: 39 colours, nine words for light and ten for what else is seen, each at a place of its own.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{seen, words};
use crate::imaging::measure::{
    Brightness, COLOR_NAMES, ColorName, Contrast, Key, Light, Warmth, palette_weight,
};
use crate::imaging::{Lab, Plane};

/// Colours first, then light, then format, framing, focus and calm areas.
pub(super) const PLACES: usize = SEEN + seen::COUNT;
const SEEN: usize = COLOR_NAMES + LIGHT.len();

const LIGHT: [&str; 9] =
    ["dark", "dim", "bright", "high contrast", "low contrast", "high key", "low key", "warm", "cool"];

/// What light counts against all colours together.
const LIGHT_WEIGHT: f32 = 0.5;

/// What a colour word counts in a text; a word by itself counts 1, with its groups and pieces about 1.6.
const WORD_WEIGHT: f32 = 0.7;

/// Colours nearer than this to each other count for each other.
const ALIKE: f32 = 0.02;

/// Other words for the same: Spanish, and names that are not among the 39.
const SYNONYMS: [(&str, &str); 44] = [
    ("gray", "grey"),
    ("gris", "grey"),
    ("silver", "light grey"),
    ("negro", "black"),
    ("negra", "black"),
    ("blanco", "white"),
    ("blanca", "white"),
    ("ivory", "cream"),
    ("crema", "cream"),
    ("marron", "brown"),
    ("sepia", "brown"),
    ("terracota", "terracotta"),
    ("oxido", "rust"),
    ("naranja", "orange"),
    ("ambar", "amber"),
    ("golden", "amber"),
    ("dorado", "amber"),
    ("dorada", "amber"),
    ("ochre", "amber"),
    ("ocre", "amber"),
    ("amarillo", "yellow"),
    ("amarilla", "yellow"),
    ("oliva", "olive"),
    ("verde", "green"),
    ("turquesa", "turquoise"),
    ("azul", "blue"),
    ("morado", "purple"),
    ("violet", "purple"),
    ("lavender", "lilac"),
    ("lila", "lilac"),
    ("rosa", "pink"),
    ("rojo", "red"),
    ("roja", "red"),
    ("maroon", "dark red"),
    ("oscuro", "dark"),
    ("oscura", "dark"),
    ("luminoso", "bright"),
    ("luminosa", "bright"),
    ("airy", "bright"),
    ("calido", "warm"),
    ("calida", "warm"),
    ("cold", "cool"),
    ("frio", "cool"),
    ("fria", "cool"),
];

/// A vector over the places of the words.
pub(super) type Profile = [f32; PLACES];

/// Words with the places they fill: a whole name fills one, `green` fills every green.
static PLACES_OF: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for name in ColorName::all() {
        let parts = name.as_str().split([' ', '-']);
        let hue = parts.clone().next_back().map(str::to_owned);
        let whole = parts.collect::<Vec<_>>().join(" ");
        for word in [Some(whole), hue].into_iter().flatten().collect::<HashSet<_>>() {
            places.entry(word).or_default().push(name.index());
        }
    }
    for (at, word) in LIGHT.iter().enumerate() {
        places.insert((*word).to_owned(), vec![COLOR_NAMES + at]);
    }
    for (synonym, word) in SYNONYMS {
        if let Some(of_word) = places.get(word).cloned() {
            places.insert(synonym.to_owned(), of_word);
        }
    }
    places
});

pub(super) fn is_measurable(stem: &str) -> bool {
    PLACES_OF.contains_key(stem)
}

/// What a normalised text says of colour and light. Two-word names win over their parts.
pub(super) fn of_text(normalised: &str) -> Profile {
    let words: Vec<String> = words::all(normalised).into_iter().map(words::stem).collect();
    let mut profile = [0.0; PLACES];
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let pair = words.get(at + 1).map(|next| format!("{word} {next}"));
        let whole = pair.and_then(|pair| PLACES_OF.get(&pair));
        let found = whole.or_else(|| PLACES_OF.get(word));
        at += if whole.is_some() { 2 } else { 1 };
        let mut of_word = [0.0; PLACES];
        for place in found.into_iter().flatten() {
            of_word[*place] = 1.0;
        }
        // One by one, or a word with many neighbours such as white would drown black.
        let of_word = scaled(blended(of_word), WORD_WEIGHT);
        profile.iter_mut().zip(of_word).for_each(|(sum, value)| *sum += value);
    }
    for word in seen::of_text(&words) {
        profile[SEEN + word as usize] = WORD_WEIGHT;
    }
    profile
}

/// What a description says of format, framing, focus and calm areas was measured, so it counts in full beside the
/// picture's own measurements.
pub(super) fn lift_seen(profile: &mut [f32]) {
    for place in profile.iter_mut().skip(SEEN).filter(|place| **place > 0.0) {
        *place = LIGHT_WEIGHT;
    }
}

/// What is measured in a picture: areas of named colours, vivid ones and those near the centre counting
/// more, and the light.
pub(super) fn of_picture(lab: &Lab, opacity: &Plane) -> Profile {
    let mut areas = [0.0_f32; PLACES];
    let (width, height) = (lab.width() as f32, lab.height() as f32);
    for (index, (color, opacity)) in lab.colors().zip(opacity.values()).enumerate() {
        let x = (index % lab.width()) as f32 / width - 0.5;
        let y = (index / lab.width()) as f32 / height - 0.5;
        let central = 1.0 - 2.0 * (x * x + y * y);
        areas[ColorName::of(color).index()] += opacity * palette_weight(color, central);
    }
    let total = areas.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    // The root lifts what is small and vivid, such as a red cup, over a large calm ground.
    let mut profile = scaled(blended(areas.map(|area| (area / total).sqrt())), 1.0);
    for place in light(Light::of(lab, opacity)) {
        profile[COLOR_NAMES + place] = LIGHT_WEIGHT;
    }
    profile
}

fn light(light: Light) -> impl Iterator<Item = usize> {
    let brightness = light.brightness.map(|brightness| match brightness {
        Brightness::Dark => 0,
        Brightness::Dim => 1,
        Brightness::Bright => 2,
    });
    let contrast = light.contrast.map(|contrast| if contrast == Contrast::High { 3 } else { 4 });
    let key = light.key.map(|key| if key == Key::High { 5 } else { 6 });
    let warmth = light.warmth.map(|warmth| if warmth == Warmth::Warm { 7 } else { 8 });
    [brightness, contrast, key, warmth].into_iter().flatten()
}

/// How much each colour counts for each other, in steps of 1/256 so that no platform rounds differently.
static ALIKENESS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let alike = |one: ColorName, other| ((-one.distance(other) / ALIKE).exp() * 256.0).round() / 256.0;
    ColorName::all().flat_map(|one| ColorName::all().map(move |other| alike(one, other))).collect()
});

/// Lets colours that look alike share their weight, so that crimson meets red.
fn blended(profile: Profile) -> Profile {
    let mut blended = profile;
    for (place, row) in blended.iter_mut().zip(ALIKENESS.chunks_exact(COLOR_NAMES)) {
        *place = row.iter().zip(profile).map(|(alike, value)| alike * value).sum();
    }
    blended
}

fn scaled(mut profile: Profile, length: f32) -> Profile {
    super::scale_to(&mut profile, length);
    profile
}
