//! What the prompt writer makes of briefs in several languages, with references and a brand.

use keyvisual::{
    ErrorKind,
    backends::local::GrammarPromptWriter,
    domain::{Brand, Brief, Concept, Image, Palette, Product, Prompt, Reference},
    roles::{ConceptRequest, PromptWriter, WriteRequest},
};
use proptest::prelude::*;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn concept(brief: &Brief) -> Concept {
    block_on(GrammarPromptWriter::new().concept(ConceptRequest::new(brief.clone()))).unwrap().concept
}

fn write(brief: &Brief, references: &[Reference], max_chars: usize) -> Prompt {
    let request = WriteRequest::new(brief.clone(), concept(brief))
        .with_references(references.to_vec())
        .with_max_chars(max_chars)
        .with_negative(true);
    block_on(GrammarPromptWriter::new().write(request)).unwrap().prompt
}

fn reference(name: &str, elements: &[&str]) -> Reference {
    let bytes = [b"\x89PNG\r\n\x1a\n".as_slice(), name.as_bytes()].concat();
    let mut reference = Reference::new(Image::new(bytes).unwrap().reference().clone(), name);
    reference.elements = elements.iter().map(|&element| element.to_owned()).collect();
    reference
}

fn espresso() -> Reference {
    let elements = ["espresso", "red-brown cup", "saucer", "small spoon", "rust", "terracotta", "warm"];
    reference("espresso.jpg", &elements)
}

fn canal() -> Reference {
    let elements =
        ["canal", "half-timbered houses", "wooden terrace", "charcoal", "high-contrast", "wide view"];
    reference("canal.jpg", &elements)
}

fn coffee() -> Brief {
    Brief::new("Autumn coffee", "Slow mornings in the city, warm light")
        .with_objective("clicks")
        .with_audience("new customers")
}

#[test]
fn a_brief_with_a_brand_and_references() {
    let brand = Brand::new("Nordlys")
        .with_palette(Palette::default())
        .with_tone("calm, honest, a little dry")
        .with_avoided("plastic cups");
    let prompt = write(&coffee().with_brand(brand), &[espresso(), canal()], 10_000);
    insta::assert_snapshot!(prompt.text, @"Autumn coffee: Slow mornings in the city, with espresso, red-brown cup and saucer, canal and half-timbered houses as the setting. Warm light, wide view. Calm, honest, a little dry in mood, photorealistic advertising photograph, in tan, white and charcoal with terracotta accents.");
    insta::assert_snapshot!(prompt.negative.unwrap(), @"poorly rendered, poor background details, poor facial details, plastic cups");
    insta::assert_snapshot!(prompt.reasoning, @"Written by a grammar from the words at hand: subject, what is near it, place, pose, light, camera, style. The brief gave: Autumn coffee: Slow mornings in the city; warm light. Reference 1 (espresso.jpg) gave: espresso; red-brown cup; saucer. Reference 2 (canal.jpg) gave: canal; half-timbered houses; wide view. The brand gave: calm, honest, a little dry in mood; tan, white and charcoal with terracotta accents.");
}

#[test]
fn a_spanish_brief_that_asks_for_a_slogan() {
    let brief = Brief::new(
        "Café de otoño",
        "Mañanas lentas en la ciudad, con luz cálida y dorada. Una taza de café junto a la ventana, plano cenital, \
         con el lema \"Despierta despacio\".",
    );
    let concept = concept(&brief);
    insta::assert_snapshot!(concept.image_description, @"Café de otoño: Mañanas lentas en la ciudad, con luz cálida y dorada.");
    insta::assert_snapshot!(concept.visual_concept, @"Mañanas lentas en la ciudad; con luz cálida y dorada; plano cenital");
    let prompt = write(&brief, &[espresso()], 512);
    insta::assert_snapshot!(prompt.text, @"Café de otoño: Mañanas lentas en la ciudad, with espresso, red-brown cup and saucer. Con luz cálida y dorada, plano cenital. Photorealistic advertising photograph, in rust and terracotta.");
    insta::assert_snapshot!(prompt.reasoning, @r#"Written by a grammar from the words at hand: subject, what is near it, place, pose, light, camera, style. The brief gave: Café de otoño: Mañanas lentas en la ciudad; con luz cálida y dorada; plano cenital. Reference 1 (espresso.jpg) gave: espresso; red-brown cup; saucer; rust; terracotta. Left out, because a picture carries no text and no size: con el lema "Despierta despacio"."#);
}

#[test]
fn the_sentence_that_shows_something_is_the_picture() {
    let brief = Brief::new(
        "Trail shoe launch",
        "We launch our new trail shoe this spring. It is made for runners who leave the road behind. Show a runner \
         on a mountain path at sunrise, low angle, in fog, 1200x628 px, 4K. Photorealistic, cinematic.",
    )
    .with_product(Product::new("Ridge One").with_description("A moss green trail shoe, 250 g"));
    insta::assert_snapshot!(concept(&brief).image_description, @"Trail shoe launch, Ridge One: A runner on a mountain path at sunrise, low angle, in fog.");
    insta::assert_snapshot!(write(&brief, &[], 1_024).text, @"Trail shoe launch, Ridge One: A runner on a mountain path at sunrise, A moss green trail shoe, in fog. Low angle. Photorealistic, cinematic.");
}

#[test]
fn other_scripts_keep_their_words_and_their_commas() {
    for (name, description, expected) in [
        (
            "قهوة الخريف",
            "صباحات هادئة في المدينة، ضوء دافئ",
            "قهوة الخريف: صباحات هادئة في المدينة، ضوء دافئ.",
        ),
        (
            "秋のコーヒー",
            "都会のゆっくりとした朝、暖かい光。",
            "秋のコーヒー: 都会のゆっくりとした朝、暖かい光.",
        ),
    ] {
        let brief = Brief::new(name, description);
        assert_eq!(concept(&brief).image_description, expected);
        assert!(write(&brief, &[], 512).text.starts_with(expected));
    }
}

#[test]
fn nothing_asks_for_text_or_names_a_size() {
    let brief = Brief::new(
        "Slogan 4K",
        "The logo on a wall; a street at 16:9; rain in 1920 x 1080 px; the word \u{201c}now\u{201d} in neon, a girl reads",
    );
    let prompt = write(&brief, &[reference("a.jpg", &["lettering RIVIERA", "umbrella"])], 512);
    let text = prompt.text.to_lowercase();
    for word in ["logo", "slogan", "4k", "16:9", "1920", "1080", "px", "now", "lettering", "riviera"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    for word in ["a street", "rain", "a girl reads", "umbrella"] {
        assert!(text.contains(word), "{word} not in {text}");
    }
}

#[test]
fn a_prompt_fits_and_says_that_it_was_cut() {
    let whole = write(&coffee(), &[espresso(), canal()], 10_000);
    assert!(!whole.reasoning.contains("Cut to"));
    for max in [32, 60, 100, 150] {
        let prompt = write(&coffee(), &[espresso(), canal()], max);
        assert!(prompt.text.chars().count() <= max);
        assert!(prompt.reasoning.contains(&format!("Cut to {max} characters")), "{}", prompt.reasoning);
        assert!(prompt.text.starts_with("Autumn coffee"));
    }
    let request = WriteRequest::new(coffee(), concept(&coffee())).with_max_chars(31);
    let error = block_on(GrammarPromptWriter::new().write(request)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn a_brief_that_is_not_valid_is_refused() {
    let brief = Brief::new("Too long", "x".repeat(100_000));
    let error = block_on(GrammarPromptWriter::new().concept(ConceptRequest::new(brief))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn a_negative_prompt_comes_only_where_it_is_taken() {
    let request = WriteRequest::new(coffee(), concept(&coffee()));
    assert_eq!(block_on(GrammarPromptWriter::new().write(request)).unwrap().prompt.negative, None);
}

#[test]
fn a_subject_without_a_word_that_fits_is_cut_inside_it() {
    let brief = Brief::new("𞹝;AAেⵯa𝄩#ਾAAAa0®A𐤿0ໆ®¡a#a𑼒￨aퟋ⑀ⴰ", "𝐀,G\0");
    let prompt = write(&brief, &[], 32);
    assert!(!prompt.text.trim().is_empty() && prompt.text.chars().count() <= 32, "{:?}", prompt.text);
}

proptest! {
    #[test]
    fn any_brief_has_a_concept_and_a_prompt_that_fits(
        name in "\\PC{1,40}",
        description in "(?s).{1,300}",
        element in "\\PC{0,40}",
        max in 32_usize..400,
    ) {
        let brief = Brief::new(name, description);
        prop_assume!(brief.validate().is_ok());
        prop_assert!(!concept(&brief).image_description.trim().is_empty());
        let prompt = write(&brief, &[reference("a.jpg", &[&element])], max);
        prop_assert!(!prompt.text.trim().is_empty());
        prop_assert!(prompt.text.chars().count() <= max);
        prop_assert!(!prompt.text.contains(char::is_control));
    }
}
