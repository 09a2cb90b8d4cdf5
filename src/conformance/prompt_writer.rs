//! The contract of [`PromptWriter`].

use super::{kind, sample};
use crate::{
    domain::{Brief, PromptAuthor},
    error::ErrorKind,
    roles::{ConceptRequest, PromptWriter, WriteRequest},
};

/// Everything below. A provider bills about ten calls.
pub async fn all(writer: &dyn PromptWriter) {
    finds_a_concept(writer).await;
    writes_within_the_limit(writer).await;
    writes_a_negative_prompt_only_when_asked(writer).await;
    repeats_itself_where_it_says_so(writer).await;
    refuses_a_brief_that_is_not_valid(writer).await;
    refuses_a_limit_too_small_to_write_in(writer).await;
}

/// The concept has the picture in one sentence; a brief in Spanish has one too.
pub async fn finds_a_concept(writer: &dyn PromptWriter) {
    let spanish =
        Brief::new("Café de otoño", "Mañanas tranquilas en la ciudad, luz cálida").with_language("es");
    for brief in [sample::brief(), Brief::new("Bare", "A cup"), spanish] {
        let reply = writer.concept(ConceptRequest::new(brief)).await.expect("a concept");
        let picture = reply.concept.image_description;
        assert!(!picture.trim().is_empty(), "the picture is described");
        assert!(!picture.contains('\n'), "in one sentence: {picture:?}");
    }
}

/// The prompt is not empty, a suggestion, and at most as long as the generator takes, with references or without.
pub async fn writes_within_the_limit(writer: &dyn PromptWriter) {
    for (most, references) in [(10_000, 2), (1_024, 0), (512, 3)] {
        let references = (0..references).map(sample::reference).collect();
        let request = request().with_references(references).with_max_chars(most);
        let prompt = writer.write(request).await.expect("a prompt").prompt;
        let length = prompt.text.chars().count();
        assert!(length > 0 && length <= most, "{length} characters of at most {most}");
        assert_eq!(prompt.author, PromptAuthor::Suggested);
    }
}

/// A generator without negative prompts gets none.
pub async fn writes_a_negative_prompt_only_when_asked(writer: &dyn PromptWriter) {
    let reply = writer.write(request()).await.expect("a prompt");
    assert_eq!(reply.prompt.negative, None, "none was asked for");
    let reply = writer.write(request().with_negative(true)).await.expect("a prompt");
    let negative = reply.prompt.negative.unwrap_or_default();
    assert!(!reply.prompt.text.is_empty() && negative.chars().count() <= 10_000);
}

/// Equal requests give equal prompts where the capabilities say `deterministic`.
pub async fn repeats_itself_where_it_says_so(writer: &dyn PromptWriter) {
    if !writer.capabilities().deterministic {
        return;
    }
    let [first, second] = [writer.write(request()).await, writer.write(request()).await];
    assert_eq!(first.expect("a prompt").prompt, second.expect("a prompt").prompt);
    let concept = || ConceptRequest::new(sample::brief());
    let [first, second] = [writer.concept(concept()).await, writer.concept(concept()).await];
    assert_eq!(first.expect("a concept").concept, second.expect("a concept").concept);
}

/// A brief without a description is `InvalidInput`.
pub async fn refuses_a_brief_that_is_not_valid(writer: &dyn PromptWriter) {
    let refusal = writer.concept(ConceptRequest::new(Brief::new("A name", " "))).await;
    assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "the brief says nothing");
}

/// A prompt of no characters is `InvalidInput`.
pub async fn refuses_a_limit_too_small_to_write_in(writer: &dyn PromptWriter) {
    let refusal = writer.write(request().with_max_chars(0)).await;
    assert_eq!(kind(&refusal), Some(ErrorKind::InvalidInput), "there is no room");
}

fn request() -> WriteRequest {
    WriteRequest::new(sample::brief(), sample::concept())
}
