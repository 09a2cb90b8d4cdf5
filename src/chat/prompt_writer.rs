//! Brief to concept, concept and references to prompt.

use async_trait::async_trait;

use super::{
    ask::{Asker, Turn, settings},
    language::{Language, Names, require, require_english},
    text::distinct,
};
use crate::{
    domain::{Card, Concept, Prompt},
    error::{Error, Result},
    prompts,
    roles::{
        ChatModel, ConceptReply, ConceptRequest, PromptWriter, PromptWriterCapabilities, WriteReply,
        WriteRequest,
    },
    text::shorten,
};

/// Two couples of lines and a sentence, in characters.
const CONCEPT_CHARS: usize = 1_500;

/// A negative prompt, in characters.
const NEGATIVE_CHARS: usize = 600;

/// Less room than this holds no picture in words.
const MIN_CHARS: usize = 64;

/// Writes concepts and prompts with a chat model: what the picture shows is in English, whatever the language of the
/// brief; reasoning and the ideas are in that language, for the people who wrote it.
///
/// A generator that takes 2 000 characters or more gets a prompt of 1 500 to 2 000; any other gets one of at most 512.
/// A prompt above `max_chars` is sent back to the model once. If it is still too long, it is cut after a sentence or a
/// word, and its reasoning says so: a shortened prompt that a person can edit is worth more than an error.
///
/// The temperature is 1 for concepts and 0.7 for prompts, unless one is set for both.
#[derive(Clone, Debug)]
pub struct ChatPromptWriter<M> {
    asker: Asker<M>,
    capabilities: PromptWriterCapabilities,
}

impl<M: ChatModel> ChatPromptWriter<M> {
    /// A writer that asks `model`.
    pub fn new(model: M) -> Self {
        Self { asker: Asker::new(model), capabilities: PromptWriterCapabilities::new(true, false) }
    }
}

settings!(ChatPromptWriter);

#[async_trait]
impl<M: ChatModel> PromptWriter for ChatPromptWriter<M> {
    fn card(&self) -> &Card {
        self.asker.model.card()
    }

    fn capabilities(&self) -> &PromptWriterCapabilities {
        &self.capabilities
    }

    async fn concept(&self, request: ConceptRequest) -> Result<ConceptReply> {
        let ConceptRequest { brief, context } = request;
        brief.validate()?;
        let names = Names::of(&brief);
        let people = Language::of_brief(&brief, &names);
        let question = prompts::Concept { brief: &brief, people: people.map(Language::name) };
        // A token holds three characters of English, and one of some other scripts.
        let chars = CONCEPT_CHARS * if people.is_some_and(Language::is_english) { 1 } else { 3 };
        let (request, notes) = self.asker.request(&question, [], chars, context)?;
        let accept = |answer: &prompts::ConceptAnswer, _| {
            require_english("image_description", &answer.image_description, &names)?;
            let fields = [
                ("reasoning", &*answer.reasoning),
                ("campaign_concept", &*answer.campaign_concept),
                ("visual_concept", &*answer.visual_concept),
            ];
            require(people, &fields, &names)
        };
        let (answer, usage) = self.asker.ask::<prompts::Concept<'_>>(request, accept).await?;
        let mut concept = Concept::new(answer.image_description.trim());
        concept.campaign_concept = answer.campaign_concept.trim().into();
        concept.visual_concept = answer.visual_concept.trim().into();
        concept.reasoning = answer.reasoning.trim().into();
        let told = || people.map(|language| language.tag().into());
        concept.language = brief.language.or_else(told);
        concept.notes = notes;
        Ok(ConceptReply::new(concept).with_usage(usage))
    }

    async fn write(&self, request: WriteRequest) -> Result<WriteReply> {
        let WriteRequest { brief, concept, references, max_chars, negative, context } = request;
        if max_chars < MIN_CHARS {
            return Err(Error::invalid(format!(
                "a prompt needs room for at least {MIN_CHARS} characters, not {max_chars}"
            )));
        }
        let names = Names::of(&brief);
        let people = Language::of_brief(&brief, &names);
        let question = prompts::Write::new(&brief, &concept, max_chars)
            .with_references(&references)
            .with_negative(negative)
            .with_people(people.map(Language::name));
        let answer_chars = question.expected_chars() + if negative { NEGATIVE_CHARS } else { 0 };
        let (request, notes) = self.asker.request(&question, [], answer_chars, context)?;
        let accept = |answer: &prompts::WriteAnswer, turn| {
            require_english("prompt", &answer.prompt, &names)?;
            require(people, &[("reasoning", &answer.reasoning)], &names)?;
            let chars = answer.prompt.trim().chars().count();
            if chars > max_chars && turn == Turn::First {
                return Err(format!("the prompt has {chars} characters, at most {max_chars} are taken"));
            }
            Ok(())
        };
        let (answer, usage) = self.asker.ask::<prompts::Write<'_>>(request, accept).await?;
        let mut prompt = fit(answer.prompt.trim(), answer.reasoning.trim(), max_chars);
        if negative {
            let avoid = brief.brand.map(|brand| brand.avoid).unwrap_or_default();
            prompt.negative = negative_prompt(&answer.negative_prompt, avoid);
        }
        prompt.notes = notes;
        Ok(WriteReply::new(prompt).with_usage(usage))
    }
}

fn fit(text: &str, reasoning: &str, max_chars: usize) -> Prompt {
    let fitting = shorten(text, max_chars);
    if fitting.len() == text.len() {
        return Prompt::suggested(text, reasoning);
    }
    let chars = text.chars().count();
    let note =
        format!("(The prompt was cut: the model wrote {chars} characters, at most {max_chars} are taken.)");
    Prompt::suggested(fitting, format!("{reasoning}\n\n{note}").trim_start())
}

/// A thing without the word that says that it is not there: in a negative prompt, that would ask for it.
fn noun(item: &str) -> &str {
    const NEGATIONS: &[&str] = &["any", "avoid", "never", "no", "not", "without"];
    let item = item.trim();
    let (head, rest) = item.split_once(char::is_whitespace).unwrap_or((item, ""));
    if NEGATIONS.iter().any(|word| head.eq_ignore_ascii_case(word)) { noun(rest) } else { item }
}

/// The model's list, and whatever the brand never shows, each thing once.
fn negative_prompt(list: &str, avoid: Vec<String>) -> Option<String> {
    let items = avoid.into_iter().chain(list.split(',').map(|item| noun(item).to_owned()));
    let items = distinct(items);
    (!items.is_empty()).then(|| items.join(", "))
}
