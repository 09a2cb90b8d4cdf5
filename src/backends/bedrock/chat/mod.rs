//! A chat model, asked through `Converse`.

mod answer;
mod body;
mod check;
mod document;
mod settings;
mod wire;

pub use settings::Reasoning;

use async_trait::async_trait;

use super::{
    Bedrock,
    client::Model,
    picture::{PictureOverflow, Rules},
    registry::{Case, Family, ImageLimits, ModelId, Price, Role, Tier},
};
use crate::{
    domain::Card,
    error::{Error, Result},
    roles::{ChatCapabilities, ChatModel, ChatReply, ChatRequest, Part},
};
use settings::Settings;

/// The longest side of a picture that is written anew: the models scale down what is larger.
const SHRINK_TO: u32 = 2_048;

/// A chat model on Bedrock: Nova, or any other that answers `Converse`.
///
/// - **Form.** An answer by a schema is forced: the schema is the input of the only tool, and the model must call it. What it
///   calls the tool with is the answer. Words in its place come back as they are.
/// - **Pictures** are sent as their bytes, in the format of their first bytes. Those that come together in a message go before its
///   text, as the models read best, several of them with a label each: `Image 1:`. Where texts stand between pictures the order is kept.
/// - **Usage.** Tokens read from or written to the cache of prompts count as tokens sent, at their full price: what a
///   call cost may be less than is said here, never more.
///
/// ```no_run
/// use keyvisual::{
///     backends::bedrock::{Bedrock, BedrockConfig, registry::Tier},
///     chat::ChatDescriber,
/// };
///
/// # async fn run() -> keyvisual::Result<()> {
/// let bedrock = Bedrock::new(BedrockConfig::new().with_region("us-east-1")).await?;
/// let describer = ChatDescriber::new(bedrock.chat("us.amazon.nova-pro-v1:0")?.with_service_tier(Tier::Flex));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct BedrockChat {
    bedrock: Bedrock,
    model: Model,
    capabilities: ChatCapabilities,
    rules: Rules,
    settings: Settings,
}

impl Bedrock {
    /// The chat model `id`: a model, an inference profile or the ARN of one. Its family decides which fields it is sent; one
    /// that is not known gets those of `Converse` only.
    ///
    /// # Errors
    /// `Unsupported` for a model that does not chat; `InvalidInput` for one that the region does not serve.
    pub fn chat(&self, id: impl Into<String>) -> Result<BedrockChat> {
        Ok(BedrockChat::new(self.clone(), self.model(id, Role::Chat)?))
    }
}

impl BedrockChat {
    fn new(bedrock: Bedrock, model: Model) -> Self {
        let limits = model.entry.as_ref().map(|entry| entry.limits.clone()).unwrap_or_default();
        let images = or_generic(limits.images, model.family);
        let mut capabilities = ChatCapabilities::new();
        capabilities.max_images = images.most;
        capabilities.max_output_tokens = limits.tokens.output;
        let rules = Rules::new(&images, SHRINK_TO);
        Self { bedrock, model, capabilities, rules, settings: Settings::default() }
    }

    /// Changes the card: prices, end of life, limits of calls. Its name is the model that is asked for.
    #[must_use]
    pub fn with_card(mut self, change: impl FnOnce(Card) -> Card) -> Self {
        self.model.card = change(self.model.card);
        self
    }

    /// Says whether the model takes pictures. All are taken to do so until told otherwise.
    #[must_use]
    pub fn with_image_input(mut self, images: bool) -> Self {
        self.capabilities = self.capabilities.with_images(images);
        self
    }

    /// Says whether the model can be made to call a tool. All are taken to do so until told otherwise.
    #[must_use]
    pub fn with_json_schema(mut self, json_schema: bool) -> Self {
        self.capabilities = self.capabilities.with_json_schema(json_schema);
        self
    }

    /// Sets the most tokens the model writes in one answer, for one that the registry does not know.
    #[must_use]
    pub fn with_max_output_tokens(mut self, tokens: u32) -> Self {
        self.capabilities = self.capabilities.with_max_output_tokens(tokens);
        self
    }

    /// Sets what is done with pictures that are larger than the model takes, 3.75 MB and sides of 8 000 as a rule: they are
    /// written anew with sides of at most 2 048 unless told.
    #[must_use]
    pub fn with_picture_overflow(mut self, overflow: PictureOverflow) -> Self {
        self.settings.pictures = overflow;
        self.capabilities.max_image_bytes = match overflow {
            PictureOverflow::Refuse => self.rules.bytes(),
            PictureOverflow::Fit => None,
        };
        self
    }

    /// Sets the service tier and with it the prices on the card; those that are not known are none. A model that is not
    /// served in the tier is refused by Bedrock.
    #[must_use]
    pub fn with_service_tier(mut self, tier: Tier) -> Self {
        let case = Case::new().with_via(&ModelId::parse(&self.model.id).via).with_tier(tier);
        let price = self.model.entry.as_ref().and_then(|entry| entry.price(&case));
        self.model.card.prices = price.map(Price::prices);
        self.settings.tier = tier;
        self
    }

    /// Lets the model reason before it answers: Nova 2 only. What it writes for itself is billed and counts against the token
    /// limit, so give the roles of [`chat`](crate::chat) more room with `with_reasoning_tokens`.
    #[must_use]
    pub fn with_reasoning(mut self, reasoning: Reasoning) -> Self {
        self.settings.reasoning = Some(reasoning);
        self
    }

    /// Has a guardrail of the account look at what is asked and answered: its id or ARN, and its version or `DRAFT`. Where it
    /// steps in, the answer is [`Filtered`](crate::roles::StopReason::Filtered) and its text is the guardrail's.
    #[must_use]
    pub fn with_guardrail(mut self, id: impl Into<String>, version: impl Into<String>) -> Self {
        self.settings.guardrail = Some((id.into(), version.into()));
        self
    }

    /// Adds a name and a value to every request, for the account's own invocation logs: at most 16 pairs of at most 256 characters.
    #[must_use]
    pub fn with_request_metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.metadata.insert(name.into(), value.into());
        self
    }

    /// Has the system text kept in Bedrock's cache of prompts for some minutes, where it is long enough for the model: 1 000 tokens
    /// for Nova. Shorter ones are read anew each time.
    #[must_use]
    pub fn with_prompt_cache(mut self, cache: bool) -> Self {
        self.settings.cache = cache;
        self
    }

    fn named(&self, error: Error) -> Error {
        error.with_context("model", &self.model.id)
    }

    async fn answer(&self, mut request: ChatRequest) -> Result<ChatReply> {
        let named = |error| self.named(error);
        self.check(&request).map_err(named)?;
        let notes = self.fit_pictures(&mut request).await.map_err(named)?;
        let body = body::write(&request, self).map_err(named)?;
        let output = self.bedrock.converse(&self.model.id, body).await?;
        let mut reply = answer::read(output, &request).map_err(named)?;
        reply.notes = notes;
        Ok(reply)
    }

    /// Puts the pictures that are sent in place of those that are too large, and says what was done.
    async fn fit_pictures(&self, request: &mut ChatRequest) -> Result<Vec<String>> {
        let mut notes = Vec::new();
        for part in request.messages.iter_mut().flat_map(|message| &mut message.parts) {
            if let Part::Image(image) = part {
                let (fitted, note) = self.rules.apply(image.clone(), self.settings.pictures).await?;
                *image = fitted;
                notes.extend(note);
            }
        }
        Ok(notes)
    }
}

#[async_trait]
impl ChatModel for BedrockChat {
    fn card(&self) -> &Card {
        &self.model.card
    }

    fn capabilities(&self) -> &ChatCapabilities {
        &self.capabilities
    }

    async fn chat(&self, request: ChatRequest) -> Result<ChatReply> {
        self.answer(request).await.map_err(|e| e.with_operation("chat"))
    }
}

/// What is not known of a model is that of `Converse` (API reference, 2026): 20 pictures of 3.75 MB with sides of 8 000; Nova takes 5
/// (its user guide, 2026).
fn or_generic(known: ImageLimits, family: Family) -> ImageLimits {
    let most = if matches!(family, Family::Nova | Family::Nova2) { 5 } else { 20 };
    ImageLimits {
        most: known.most.or(Some(most)),
        bytes: known.bytes.or(Some(3_750_000)),
        max_side: known.max_side.or(Some(8_000)),
        ..known
    }
}
