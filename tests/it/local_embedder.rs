//! What finds what: texts, pictures and both, on the sample library.

mod relevance;

use std::{fs, path::Path};

use keyvisual::{
    ErrorKind,
    backends::local::{LexicalEmbedder, MeasuringDescriber},
    domain::{ContentHash, Embedding, Image, PixelSize},
    imaging::{Encoding, Picture},
    roles::{Caption, DescribeRequest, Describer, EmbedInput, EmbedRequest, Embedder, Purpose},
};
use proptest::prelude::*;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn embed(inputs: Vec<EmbedInput>) -> Vec<keyvisual::Result<Embedding>> {
    block_on(LexicalEmbedder::new().embed(EmbedRequest::new(inputs, Purpose::Query))).unwrap().results
}

fn text(text: &str) -> Embedding {
    embed(vec![EmbedInput::Text(text.into())]).remove(0).unwrap()
}

fn similarity(one: &str, other: &str) -> f64 {
    text(one).dot(&text(other)).unwrap()
}

#[derive(serde::Deserialize)]
struct Sample {
    file: String,
    description: String,
    elements: Vec<String>,
}

impl Sample {
    fn all() -> Vec<(Self, Image)> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
        let samples: Vec<Self> =
            serde_json::from_slice(&fs::read(data.join("captions.json")).unwrap()).unwrap();
        samples
            .into_iter()
            .map(|sample| {
                let image = Image::new(fs::read(data.join(&sample.file)).unwrap()).unwrap();
                (sample, image)
            })
            .collect()
    }

    /// What a person wrote, and no more.
    fn caption(&self) -> String {
        format!("{}\n{}", self.description, self.elements.join(", "))
    }

    fn described(&self, image: &Image) -> EmbedInput {
        let caption = Caption::new(&self.description).with_keywords(self.elements.clone());
        let request = DescribeRequest::new(image.clone()).with_caption(caption);
        let reply = block_on(MeasuringDescriber::new().describe(request)).unwrap();
        let text = format!("{}\n{}", reply.description, reply.elements.join(", "));
        EmbedInput::Both { text, image: image.clone() }
    }
}

/// A library of vectors with the names of their files.
struct Library(Vec<(String, Embedding)>);

impl Library {
    fn of(input: impl Fn(&Sample, &Image) -> EmbedInput) -> Self {
        let samples = Sample::all();
        let inputs = samples.iter().map(|(sample, image)| input(sample, image)).collect();
        let names = samples.iter().map(|(sample, _)| sample.file.clone());
        Self(names.zip(embed(inputs).into_iter().map(Result::unwrap)).collect())
    }

    fn ranked(&self, query: &str) -> Vec<&str> {
        let query = text(query);
        let mut hits: Vec<(f64, &str)> =
            self.0.iter().map(|(name, vector)| (query.dot(vector).unwrap(), name.as_str())).collect();
        hits.sort_by(|a, b| b.0.total_cmp(&a.0));
        hits.into_iter().map(|(_, name)| name).collect()
    }

    /// The share of queries with a right picture among the first `k`.
    fn recall(&self, queries: &[(&str, &[&str])], k: usize) -> f64 {
        let found = queries.iter().filter(|(query, right)| {
            self.ranked(query)[..k].iter().any(|file| right.iter().any(|name| file.contains(name)))
        });
        found.count() as f64 / queries.len() as f64
    }
}

/// What a marketer might ask for, with parts of the names of the files that answer it.
const QUERIES: [(&str, &[&str]); 28] = [
    ("coffee in a cup, warm light", &["espresso"]),
    ("person in fog", &["fog"]),
    ("dog at a window", &["dogs"]),
    ("city architecture", &["canal", "facade", "pagoda", "stairs"]),
    ("man listening to music", &["man-listening"]),
    ("tourist taking a photo of a building", &["person-photographing"]),
    ("working at a laptop", &["laptop"]),
    ("wooden staircase from above", &["stairs"]),
    ("hiking trail in the mountains", &["mountain-path"]),
    ("sunset over the hills", &["low-sun"]),
    ("waterfall in the forest", &["forest-stream"]),
    ("summer holiday by the sea", &["beach"]),
    ("flower in evening light", &["dandelion"]),
    ("red train crossing a bridge", &["railcar"]),
    ("asian temple by a lake", &["pagoda"]),
    ("fresh fruit on a plate", &["fig"]),
    ("healthy breakfast drink, bright kitchen", &["milk"]),
    ("birthday party with sweets", &["cakes"]),
    ("cute cat portrait", &["cat"]),
    ("vintage writing machine", &["typewriter"]),
    ("bike leaning on a wall", &["bicycle"]),
    ("headphones on a wooden table", &["headphones-with-red-cable"]),
    ("leather armchair in a living room", &["chair"]),
    ("modern sofa with cushions", &["sofa"]),
    ("un perro en la ventana", &["dogs"]),
    ("café por la mañana", &["espresso"]),
    ("playa con agua turquesa", &["beach"]),
    ("bicicleta negra", &["bicycle"]),
];

#[test]
fn briefs_find_the_right_picture() {
    let library = Library::of(|sample, image| sample.described(image));
    let (first, three) = (library.recall(&QUERIES, 1), library.recall(&QUERIES, 3));
    assert!(first >= 0.78 && three >= 0.89, "recall@1 {first:.2}, recall@3 {three:.2}");
}

/// Colours and light asked for in words, with pictures in which a person sees them.
const COLORS: [(&str, &[&str]); 8] = [
    ("turquoise water", &["beach", "railcar"]),
    ("something red", &["fig", "typewriter", "railcar", "espresso"]),
    ("pink", &["cakes"]),
    ("lush green", &["forest", "dandelion"]),
    ("black and white, dark", &["man-listening"]),
    ("bright white", &["milk", "bicycle"]),
    ("warm brown", &["espresso", "headphones-with", "stairs", "cat", "dogs"]),
    ("azul", &["mountain-path", "beach", "low-sun"]),
];

#[test]
fn colour_words_find_pictures_that_nobody_described() {
    let library = Library::of(|_, image| EmbedInput::Image(image.clone()));
    let (first, three) = (library.recall(&COLORS, 1), library.recall(&COLORS, 3));
    assert!(first >= 0.87 && three >= 0.87, "recall@1 {first:.2}, recall@3 {three:.2}");
}

#[test]
fn a_picture_made_smaller_is_the_nearest_to_itself() {
    let library = Library::of(|_, image| EmbedInput::Image(image.clone()));
    for (sample, image) in Sample::all().iter().step_by(5) {
        let small = keyvisual::imaging::fit(image, PixelSize::new(300, 200)).unwrap();
        let query = embed(vec![EmbedInput::Image(small)]).remove(0).unwrap();
        let nearest =
            library.0.iter().max_by(|a, b| query.dot(&a.1).unwrap().total_cmp(&query.dot(&b.1).unwrap()));
        assert_eq!(nearest.unwrap().0, sample.file);
    }
}

#[test]
fn spelling_plural_accents_and_language_matter_little() {
    for (one, other) in [
        ("two dogs", "dog"),
        ("A CAFÉ TABLE", "cafe tables"),
        ("ﬁne light", "fine light"),
        ("perro", "dog"),
        ("ciudad", "city"),
        ("misty forest", "mist in a forest"),
    ] {
        assert!(similarity(one, other) > 0.35, "{one} / {other}: {}", similarity(one, other));
    }
    for (one, other) in [("dog", "typewriter"), ("coffee", "bicycle"), ("red", "teal"), ("狗", "咖啡")] {
        assert!(similarity(one, other) < 0.25, "{one} / {other}: {}", similarity(one, other));
    }
}

#[test]
fn texts_give_the_same_bits_everywhere() {
    let numbers = text("Autumn coffee: slow mornings in the city, warm terracotta light");
    let bytes: Vec<u8> = numbers.as_slice().iter().flat_map(|x| x.to_le_bytes()).collect();
    assert_eq!(&ContentHash::of(&bytes).as_str()[..16], "78aa8366877608df");
}

#[test]
fn each_place_has_its_own_result() {
    let broken = Image::new(b"\xff\xd8\xff broken".as_slice()).unwrap();
    let results = embed(vec![
        EmbedInput::Text("a cup".into()),
        EmbedInput::Text(" \n".into()),
        EmbedInput::Image(broken.clone()),
        EmbedInput::Both { text: "a cup".into(), image: broken },
        EmbedInput::Text("x".repeat(32_769)),
        EmbedInput::Text("!?".into()),
    ]);
    let kinds: Vec<_> = results.iter().map(|r| r.as_ref().err().map(keyvisual::Error::kind)).collect();
    let bad = Some(ErrorKind::InvalidInput);
    assert_eq!(kinds, [None, bad, bad, bad, bad, None]);
    for inputs in [vec![], vec![EmbedInput::Text("a".into()); 65]] {
        let result = block_on(LexicalEmbedder::new().embed(EmbedRequest::new(inputs, Purpose::Index)));
        assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn a_transparent_picture_has_a_direction_too() {
    let empty = Picture::filled(PixelSize::new(8, 8), [0; 4]).encode(Encoding::Png).unwrap();
    assert!(embed(vec![EmbedInput::Image(empty)]).remove(0).is_ok());
}

proptest! {
    #[test]
    fn any_visible_text_has_a_unit_vector(written in "\\PC{0,60}") {
        let result = embed(vec![EmbedInput::Text(written.clone())]).remove(0);
        if written.trim().is_empty() {
            prop_assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidInput);
        } else {
            let vector = result.unwrap();
            prop_assert!((vector.dot(&vector).unwrap() - 1.0).abs() < 1e-5);
            prop_assert_eq!(vector.dimensions(), 1_024);
        }
    }
}
