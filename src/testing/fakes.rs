//! Fakes that answer by the request alone: the same request, the same answer.

use async_trait::async_trait;

use super::example::example_of;
#[allow(clippy::wildcard_imports, reason = "every model role with its request and reply")]
use crate::roles::*;
use crate::{
    domain::{Card, Concept, ContentHash, Embedding, EmbeddingSpace, Prices, Prompt, Usage},
    error::{Error, Result},
};

/// A free model of the provider `keyvisual.testing`.
pub(super) fn test_card(name: &str) -> Card {
    Card::new("keyvisual.testing", name).with_prices(Prices::FREE)
}

macro_rules! fake {
    ($(#[$docs:meta])+ $fake:ident plays $role:ident, $capabilities:ident = $default:expr;
     $($method:ident($request:ident: $Request:ident) -> $Reply:ident $body:block)+) => {
        $(#[$docs])+
        #[derive(Clone, Debug)]
        pub struct $fake {
            card: Card,
            capabilities: $capabilities,
        }

        impl $fake {
            /// The fake with its usual card and capabilities.
            #[must_use]
            pub fn new() -> Self {
                Self { card: test_card(stringify!($fake)), capabilities: $default }
            }

            /// Sets what it says that it can do.
            #[must_use]
            pub fn with_capabilities(mut self, capabilities: $capabilities) -> Self {
                self.capabilities = capabilities;
                self
            }
        }

        impl Default for $fake {
            fn default() -> Self {
                Self::new()
            }
        }

        #[async_trait]
        impl $role for $fake {
            fn card(&self) -> &Card {
                &self.card
            }

            fn capabilities(&self) -> &$capabilities {
                &self.capabilities
            }

            $(async fn $method(&self, $request: $Request) -> Result<$Reply> $body)+
        }
    };
}

fake! {
    /// Answers with the last message, or with an instance of the schema.
    FakeChatModel plays ChatModel, ChatCapabilities = ChatCapabilities::new();
    chat(request: ChatRequest) -> ChatReply {
        let last = request.messages.last().ok_or_else(|| Error::invalid("there are no messages"))?;
        let texts = last.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Image(_) => None,
        });
        let text = match &request.schema {
            Some(schema) => example_of(&schema.schema).to_string(),
            None => texts.collect::<Vec<_>>().join("\n"),
        };
        let tokens = (request.at_most().input_tokens, text.len() as u64);
        Ok(ChatReply::new(text).with_usage(Usage::REQUEST.with_tokens(tokens.0, tokens.1)))
    }
}

fake! {
    /// Gives the caption back, or names the picture by its hash.
    FakeDescriber plays Describer, DescriberCapabilities = DescriberCapabilities::new(true);
    describe(request: DescribeRequest) -> DescribeReply {
        let caption = request.caption.unwrap_or_else(|| {
            Caption::new(format!("a picture {}", &request.image.hash().as_str()[..8]))
        });
        Ok(DescribeReply::new(caption.text, caption.keywords).with_usage(Usage::REQUEST))
    }
}

fake! {
    /// Takes the description of the brief as the picture, and the concept with the references as the prompt.
    FakePromptWriter plays PromptWriter, PromptWriterCapabilities = PromptWriterCapabilities::new(false, true);
    concept(request: ConceptRequest) -> ConceptReply {
        request.brief.validate()?;
        Ok(ConceptReply::new(Concept::new(request.brief.description)).with_usage(Usage::REQUEST))
    }
    write(request: WriteRequest) -> WriteReply {
        let references = request.references.iter().map(|reference| reference.description.as_str());
        let parts = std::iter::once(request.concept.image_description.as_str()).chain(references);
        let text = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
        let text: String = text.chars().take(request.max_chars).collect();
        if text.is_empty() {
            return Err(Error::invalid("there is nothing to write a prompt from, or no room for it"));
        }
        let mut prompt = Prompt::suggested(text, "the concept, then the references");
        if request.negative {
            prompt = prompt.with_negative("text, watermark");
        }
        Ok(WriteReply::new(prompt).with_usage(Usage::REQUEST))
    }
}

fake! {
    /// Takes what stands between commas as a product, a background and themes, in this order.
    FakeDecomposer plays Decomposer, DecomposerCapabilities = DecomposerCapabilities::new(false);
    decompose(request: DecomposeRequest) -> DecomposeReply {
        let mut parts = request.query.split(',').map(str::trim).filter(|part| !part.is_empty()).map(String::from);
        let product = parts.next().ok_or_else(|| Error::invalid("the query is empty"))?;
        let background = parts.next().into_iter().collect();
        Ok(DecomposeReply::new(vec![product], background, parts.collect()).with_usage(Usage::REQUEST))
    }
}

fake! {
    /// Plans half the height of the canvas, standing in the middle.
    FakePlanner plays Planner, PlannerCapabilities = PlannerCapabilities::new(false);
    plan(request: PlanRequest) -> PlanReply {
        if request.canvas.area() == 0 {
            return Err(Error::invalid(format!("a canvas of {} has no pixels", request.canvas)));
        }
        Ok(PlanReply::new(0.5, vec![Placement::new(0.5, 0.9, 0.0)]).with_usage(Usage::REQUEST))
    }
}

fake! {
    /// Finds every guideline met.
    FakeJudge plays Judge, JudgeCapabilities = JudgeCapabilities::new(32);
    judge(request: JudgeRequest) -> JudgeReply {
        if request.guidelines.is_empty() {
            return Err(Error::invalid("there are no guidelines"));
        }
        let met = |guideline| Finding::new(guideline, Outcome::Pass, "a fake says so");
        Ok(JudgeReply::new(request.guidelines.into_iter().map(met).collect()).with_usage(Usage::REQUEST))
    }
}

fake! {
    /// Scores by the hash of the picture, 0 to 1.
    FakeScorer plays Scorer, ScorerCapabilities = ScorerCapabilities::new("nothing");
    score(request: ScoreRequest) -> ScoreReply {
        let number = leading_number(request.image.hash());
        Ok(ScoreReply::new(f64::from(number) / f64::from(u32::MAX)).with_usage(Usage::REQUEST))
    }
}

/// The first 32 bits of a hash.
pub(super) fn leading_number(hash: &ContentHash) -> u32 {
    u32::from_str_radix(&hash.as_str()[..8], 16).unwrap_or(0)
}

/// Counts words into 32 numbers: texts that share words are near each other. A picture counts as one word.
#[derive(Clone, Debug)]
pub struct FakeEmbedder {
    card: Card,
    capabilities: EmbedderCapabilities,
}

impl FakeEmbedder {
    /// A fake of 32 dimensions that takes 16 inputs at a time.
    #[must_use]
    pub fn new() -> Self {
        Self::of(EmbeddingSpace::new("keyvisual.testing/FakeEmbedder", "1", 32))
    }

    /// A fake of `space`.
    #[must_use]
    pub fn of(space: EmbeddingSpace) -> Self {
        let capabilities = EmbedderCapabilities::multimodal(space).with_max_batch(16).with_determinism();
        Self { card: test_card("FakeEmbedder"), capabilities }
    }

    /// Sets what it says that it can do; the space is part of it.
    #[must_use]
    pub fn with_capabilities(mut self, capabilities: EmbedderCapabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    fn vector(&self, input: &EmbedInput) -> Result<Embedding> {
        let mut numbers = vec![0.0; self.capabilities.space.dimensions];
        let words = input.text().unwrap_or_default().split_whitespace();
        let words = words.map(|word| ContentHash::of(word.to_lowercase().as_bytes()));
        for hash in words.chain(input.image().map(|image| image.hash().clone())) {
            let place = leading_number(&hash) as usize % numbers.len().max(1);
            if let Some(number) = numbers.get_mut(place) {
                *number += 1.0;
            }
        }
        Embedding::new(numbers)?.unit()
    }
}

impl Default for FakeEmbedder {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Embedder for FakeEmbedder {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &EmbedderCapabilities {
        &self.capabilities
    }

    async fn embed(&self, request: EmbedRequest) -> Result<EmbedReply> {
        let (inputs, most) = (request.inputs.len(), self.capabilities.max_batch);
        if inputs == 0 || inputs > most {
            return Err(Error::invalid(format!("{inputs} inputs; this embedder takes 1 to {most}")));
        }
        let results = request.inputs.iter().map(|input| self.vector(input)).collect();
        Ok(EmbedReply::new(results).with_usage(request.at_most()))
    }
}
