//! The measured words of the sample photographs, each held against what a person says of them.

use std::{collections::BTreeMap, fs, path::Path};

use keyvisual::domain::Image;
use serde::Deserialize;

/// What a person says; every list names all answers that are right, "none" where the word is better not said.
#[derive(Deserialize)]
struct Said {
    /// The colours in order, each with the names it may have.
    colours: Vec<Vec<String>>,
    /// Names that are there too.
    also: Vec<String>,
    /// Whether the second colour may be said first.
    loose: bool,
    accent: Vec<String>,
    light: Vec<String>,
    contrast: Vec<String>,
    key: Vec<String>,
    warmth: Vec<String>,
    framing: Vec<String>,
    shallow: Vec<bool>,
    calm: Vec<String>,
    orientation: String,
}

/// The words of one sentence, such as "A dim, warm, vertical picture, mostly brown and tan with a red accent,
/// close-up, shallow focus, calm area at the top left."
struct Words<'a> {
    adjectives: Vec<&'a str>,
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn of(sentence: &'a str) -> Self {
        let (adjectives, rest) = sentence.trim_start_matches("A ").split_once(" picture").unwrap();
        Self { adjectives: adjectives.split(", ").collect(), rest: rest.trim_end_matches('.') }
    }

    /// The one of these adjectives that is said.
    fn one_of(&self, words: &[&'static str]) -> &'static str {
        words.iter().find(|word| self.adjectives.contains(word)).map_or("none", |word| *word)
    }

    fn accent(&self) -> &'a str {
        let accent = self.rest.split_once(" with a").and_then(|(_, after)| after.split_once(" accent"));
        accent.map_or("none", |(accent, _)| accent.trim_start_matches('n').trim())
    }

    fn colours(&self) -> Vec<&'a str> {
        let Some((_, colours)) = self.rest.split_once("mostly ") else { return Vec::new() };
        let end = [" with a", ", wide view", ", close-up", ", shallow", ", calm"]
            .iter()
            .filter_map(|end| colours.find(end))
            .min()
            .unwrap_or(colours.len());
        colours[..end].split([',']).flat_map(|part| part.split(" and ")).map(str::trim).collect()
    }

    fn framing(&self) -> &'static str {
        match self.rest {
            rest if rest.contains(", wide view") => "wide",
            rest if rest.contains(", close-up") => "close-up",
            _ => "medium",
        }
    }

    fn calm(&self) -> String {
        let Some((_, place)) = self.rest.split_once("calm area ") else { return "none".into() };
        match place.trim_start_matches("at the ").trim_start_matches("on the ").trim_start_matches("in the ")
        {
            "top" => "top centre".into(),
            "bottom" => "bottom centre".into(),
            "centre" => "middle centre".into(),
            side @ ("left" | "right") => format!("middle {side}"),
            corner => corner.into(),
        }
    }
}

/// Where the measuring is known to say other than the eye: the vivid before the large, unrest where a person still sees
/// calm, and fine structure that a person does not take for distance.
const KNOWN: [(&str, &str); 15] = [
    ("brown-leather-chair-by-tall-windows.jpg", "first colour brown"),
    ("hands-with-pen-tablet-and-laptop.jpg", "calm area none"),
    ("headphones-with-red-cable.jpg", "accent none"),
    ("low-sun-over-mountain-ridges.jpg", "first colour dark brown"),
    ("low-sun-over-mountain-ridges.jpg", "contrast none"),
    ("low-sun-over-mountain-ridges.jpg", "framing medium"),
    ("mountain-path-below-rocky-peaks.jpg", "first colour brown"),
    ("mountain-path-below-rocky-peaks.jpg", "calm area none"),
    ("painted-pagoda-above-a-lake.jpg", "accent tan"),
    ("person-in-beanie-facing-fog.jpg", "shallow focus false"),
    ("person-on-wooden-spiral-stairs.jpg", "framing close-up"),
    ("person-photographing-columned-facade.jpg", "calm area none"),
    ("pink-cakes-with-sprinkles.jpg", "framing wide"),
    ("red-railcar-on-steel-bridge.jpg", "calm area none"),
    ("red-typewriter-on-black-leather.jpg", "calm area none"),
];

#[test]
fn measured_words_are_those_of_the_eye() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/library");
    let golden: BTreeMap<String, Said> = serde_json::from_str(include_str!("../data/words.json")).unwrap();
    let (mut checked, mut wrong) = (0, Vec::new());
    for (file, said) in &golden {
        let image = Image::new(fs::read(library.join(file)).unwrap()).unwrap();
        let sentence = super::describe(image, None).description;
        println!("{file}: {sentence}");
        let words = Words::of(&sentence);
        let mut check = |what: &str, word: &str, right: bool| {
            checked += 1;
            if !right {
                wrong.push((file.as_str(), format!("{what} {word}")));
            }
        };
        let has = |list: &[String], word: &str| list.iter().any(|right| right == word);
        let colours = words.colours();
        let first = &said.colours[..if said.loose { 2.min(said.colours.len()) } else { 1 }];
        check("first colour", colours[0], first.iter().any(|slot| has(slot, colours[0])));
        for colour in &colours {
            let slots = said.colours.iter().any(|slot| has(slot, colour));
            check("colour", colour, slots || has(&said.also, colour));
        }
        if let Some(second) = said.colours.get(1) {
            let found = colours.iter().chain([&words.accent()]).any(|colour| has(second, colour));
            check("second colour missing", &second[0], found);
        }
        check("accent", words.accent(), has(&said.accent, words.accent()));
        for (what, adjectives, list) in [
            ("light", &["dark", "dim", "bright"][..], &said.light),
            ("warmth", &["warm", "cool"], &said.warmth),
        ] {
            let word = match (what, words.one_of(adjectives)) {
                ("warmth", "none") => "neutral",
                (_, word) => word,
            };
            check(what, word, has(list, word));
        }
        for (what, adjectives, list) in [
            ("contrast", &["high-contrast", "low-contrast"], &said.contrast),
            ("key", &["high-key", "low-key"], &said.key),
        ] {
            let word = words.one_of(adjectives);
            let alike = |right: &String| {
                word == right.replace(' ', "-") || word.trim_end_matches("-contrast") == right
            };
            check(what, word, list.iter().any(alike));
        }
        let format = words.one_of(&["horizontal", "square", "vertical"]);
        let orientation = if said.orientation == "portrait" { "vertical" } else { "horizontal" };
        check("format", format, format == orientation);
        check("framing", words.framing(), has(&said.framing, words.framing()));
        let shallow = words.rest.contains("shallow focus");
        check("shallow focus", &shallow.to_string(), said.shallow.contains(&shallow));
        check("calm area", &words.calm(), has(&said.calm, &words.calm()));
    }
    for (file, word) in &wrong {
        println!("WRONG {file}: {word}");
    }
    println!("{} of {checked} words are right", checked - wrong.len());
    let known: Vec<_> = KNOWN.map(|(file, word)| (file, word.to_owned())).to_vec();
    assert_eq!(wrong, known, "words that are wrong");
}
