//! `POST chat/completions` as a [`ChatModel`].

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    OpenAi, TokenLimitField, error,
    wire::{
        ChatAnswer, ChatBody, Choice, Content, ImageUrl, JsonSchema, MessageBody, PartBody, ResponseFormat,
    },
};
use crate::{
    domain::{Card, Image, Usage},
    error::{Error, ErrorKind, Result},
    roles::{
        ChatCapabilities, ChatModel, ChatReply, ChatRequest, Message, OutputSchema, Part, Request, Speaker,
        StopReason,
    },
};

/// A chat model on a server that speaks OpenAI's interface.
///
/// It is taken to accept pictures, a schema and a temperature until it is told otherwise. Answers are
/// forced with `json_schema` and `strict`, which takes schemas whose objects are closed and
/// whose fields are all required; the fields are sent in the order of `required`.
#[derive(Clone, Debug)]
pub struct OpenAiChat {
    server: OpenAi,
    card: Card,
    capabilities: ChatCapabilities,
    temperature: bool,
}

impl OpenAiChat {
    pub(super) fn new(server: OpenAi, model: String) -> Self {
        let card = Card::new(&server.config().provider, model);
        Self { server, card, capabilities: ChatCapabilities::new(), temperature: true }
    }

    /// Changes the card: prices, end of life, the most calls at the same time. Its name is the model that is asked for.
    #[must_use]
    pub fn with_card(mut self, change: impl FnOnce(Card) -> Card) -> Self {
        self.card = change(self.card);
        self
    }

    /// Says whether the model takes pictures. Those for one that does not are refused before anything is sent.
    #[must_use]
    pub fn with_image_input(mut self, images: bool) -> Self {
        self.capabilities = self.capabilities.with_images(images);
        self
    }

    /// Says whether the server can force an answer by a schema.
    #[must_use]
    pub fn with_json_schema(mut self, json_schema: bool) -> Self {
        self.capabilities = self.capabilities.with_json_schema(json_schema);
        self
    }

    /// Sets the most tokens the model writes in one answer. A request for more is refused before anything is sent.
    #[must_use]
    pub fn with_max_output_tokens(mut self, tokens: u32) -> Self {
        self.capabilities = self.capabilities.with_max_output_tokens(tokens);
        self
    }

    /// Says whether temperatures are sent. Models that reason by themselves refuse one: with `false` every request
    /// is answered at the model's own.
    #[must_use]
    pub fn with_temperature_sent(mut self, sent: bool) -> Self {
        self.temperature = sent;
        self
    }

    fn body<'a>(&'a self, request: &'a ChatRequest) -> ChatBody<'a> {
        let system = MessageBody { role: "system", content: Content::Text(&request.system) };
        let system = (!request.system.is_empty()).then_some(system);
        let limit = |field| (self.server.config().token_limit_field == field).then_some(request.max_tokens);
        ChatBody {
            model: &self.card.name,
            messages: system.into_iter().chain(request.messages.iter().map(message)).collect(),
            response_format: request.schema.as_ref().map(response_format),
            max_tokens: limit(TokenLimitField::MaxTokens),
            max_completion_tokens: limit(TokenLimitField::MaxCompletionTokens),
            temperature: request.temperature.filter(|_| self.temperature),
        }
    }
}

#[async_trait]
impl ChatModel for OpenAiChat {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &ChatCapabilities {
        &self.capabilities
    }

    async fn chat(&self, request: ChatRequest) -> Result<ChatReply> {
        request.validate(&self.capabilities).map_err(|e| e.with_context("model", &self.card.name))?;
        let send = self.server.post::<ChatAnswer>("chat/completions", &self.body(&request)).await;
        let reply = send.and_then(|answer| reply(answer, &request));
        reply.map_err(|e| e.with_operation("chat").with_context("model", &self.card.name))
    }
}

fn message(message: &Message) -> MessageBody<'_> {
    let role = match message.speaker {
        Speaker::User => "user",
        Speaker::Assistant => "assistant",
    };
    let content = match message.parts.as_slice() {
        [Part::Text(text)] => Content::Text(text),
        parts => Content::Parts(parts.iter().map(part).collect()),
    };
    MessageBody { role, content }
}

fn part(part: &Part) -> PartBody<'_> {
    match part {
        Part::Text(text) => PartBody::Text { text },
        Part::Image(image) => PartBody::ImageUrl { image_url: ImageUrl { url: data_url(image) } },
    }
}

fn data_url(image: &Image) -> String {
    format!("data:{};base64,{}", image.media_type(), STANDARD.encode(image.bytes()))
}

fn response_format(schema: &OutputSchema) -> ResponseFormat<'_> {
    let json_schema = JsonSchema { name: &schema.name, strict: true, schema: schema.in_order() };
    ResponseFormat::JsonSchema { json_schema }
}

fn reply(answer: ChatAnswer, request: &ChatRequest) -> Result<ChatReply> {
    let mut choices = answer.choices.into_iter();
    let Some(Choice { message, finish_reason }) = choices.next() else {
        return Err(error::reply("the server gave no answer: the list of choices is empty"));
    };
    if let Some(refusal) = message.refusal.filter(|refusal| !refusal.trim().is_empty()) {
        let refusal: String = refusal.chars().take(300).collect();
        return Err(Error::new(ErrorKind::Blocked, format!("the model refused: {refusal}")).sent());
    }
    let stop = match finish_reason.as_deref() {
        Some("stop") | None => StopReason::Done,
        Some("length") => StopReason::MaxTokens,
        Some("content_filter") => StopReason::Filtered,
        Some(other) => StopReason::Other(other.to_owned()),
    };
    let usage = answer.usage.map_or_else(
        || request.at_most(),
        |usage| Usage::REQUEST.with_tokens(usage.prompt_tokens, usage.completion_tokens),
    );
    Ok(ChatReply::new(message.content.unwrap_or_default()).with_stop(stop).with_usage(usage))
}
