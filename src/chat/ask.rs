//! One question to a model: forced form, stop reason first, one repair, then a clear error.

use crate::{
    domain::{Image, Usage},
    error::{Error, ErrorKind, Result},
    prompts::{self, Question},
    roles::{CallContext, ChatModel, ChatReply, ChatRequest, Message, OutputSchema, Part, StopReason},
};

use super::json;

/// Room for reasoning, in tokens, unless the application says otherwise.
const REASONING_TOKENS: u32 = 1_024;

/// The most room for reasoning, in tokens: what a role says it can use at most counts on it.
pub(super) const MOST_REASONING_TOKENS: u32 = 32_768;

/// Braces, field names and quotation marks of an answer, in tokens.
const FORM_TOKENS: usize = 64;

/// Characters of English text in one token, on the safe side: tokenizers need four for plain
/// prose and fewer for names and numbers.
const CHARS_PER_TOKEN: usize = 3;

/// A model with the settings of one role.
#[derive(Clone, Debug)]
pub(super) struct Asker<M> {
    pub(super) model: M,
    pub(super) temperature: Temperature,
    pub(super) reasoning_tokens: u32,
}

/// What is known of the temperature to ask with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Temperature {
    /// The question's own.
    Usual,
    /// The application's; none leaves it to the provider.
    Set(Option<f32>),
}

/// Which answer of a conversation is looked at.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Turn {
    /// The model can be asked to mend it.
    First,
    /// It is this or an error.
    Last,
}

/// What is wrong with an answer.
enum Misfit {
    /// Telling the model may help.
    Form(String),
    /// Asking again does not help.
    Final(Error),
}

impl<M: ChatModel> Asker<M> {
    pub(super) fn new(model: M) -> Self {
        Self { model, temperature: Temperature::Usual, reasoning_tokens: REASONING_TOKENS }
    }

    /// The request for `question` with `images`, whose answer has about `answer_chars` characters
    /// beside the reasoning, and notes on what in it reads like an instruction to the model.
    pub(super) fn request<Q: Question>(
        &self,
        question: &Q,
        images: impl IntoIterator<Item = Image>,
        answer_chars: usize,
        context: CallContext,
    ) -> Result<(ChatRequest, Vec<String>)> {
        let rendered = prompts::render(question)?;
        let message = images.into_iter().fold(Message::user(rendered.user), Message::with_image);
        let schema = OutputSchema::new(Q::NAME, prompts::schema::<Q::Answer>());
        let request = if self.model.capabilities().json_schema {
            ChatRequest::new(message).with_system(rendered.system).with_schema(schema)
        } else {
            let form = prompts::unforced(&schema.in_order())?;
            ChatRequest::new(message).with_system(format!("{}\n\n{form}", rendered.system))
        };
        let mut request = request.with_max_tokens(self.max_tokens(answer_chars)).with_context(context);
        request.temperature = match self.temperature {
            Temperature::Usual => Some(Q::TEMPERATURE),
            Temperature::Set(temperature) => temperature,
        };
        let notes = prompts::hostile_notes(question);
        if !notes.is_empty() {
            let campaign = request.context.campaign.as_ref().map(|id| id.as_str());
            tracing::warn!(
                operation = Q::NAME,
                campaign,
                texts = notes.len(),
                "texts in the material read like instructions to a model; they are not followed"
            );
        }
        Ok((request, notes))
    }

    fn max_tokens(&self, answer_chars: usize) -> u32 {
        let answer = answer_chars.div_ceil(CHARS_PER_TOKEN) + FORM_TOKENS;
        let tokens = u32::try_from(answer).unwrap_or(u32::MAX).saturating_add(self.reasoning_tokens);
        self.model.capabilities().max_output_tokens.map_or(tokens, |most| tokens.min(most))
    }

    /// Sends `request` and gives the answer that `accept` takes, with the usage of all wire calls.
    /// What `accept` says of a refused answer is told to the model.
    pub(super) async fn ask<Q: Question>(
        &self,
        request: ChatRequest,
        accept: impl Fn(&Q::Answer, Turn) -> std::result::Result<(), String> + Send + Sync,
    ) -> Result<(Q::Answer, Usage)> {
        let first = self.model.chat(request.clone()).await?;
        let problem = match self.understand::<Q>(&request, &first, |answer| accept(answer, Turn::First)) {
            Ok(answer) => return Ok((answer, first.usage)),
            Err(Misfit::Final(error)) => return Err(error),
            Err(Misfit::Form(problem)) => problem,
        };
        let again = repair(request, &first, &problem)?;
        let second = self.model.chat(again.clone()).await?;
        let answer = self.understand::<Q>(&again, &second, |answer| accept(answer, Turn::Last));
        let answer = answer.map_err(|misfit| match misfit {
            Misfit::Final(error) => error,
            Misfit::Form(problem) => self.error(
                ErrorKind::InvalidReply,
                format!("the model's answer could not be used, nor the one it was asked to mend: {problem}"),
            ),
        })?;
        let mut usage = first.usage;
        usage += second.usage;
        Ok((answer, usage))
    }

    fn understand<Q: Question>(
        &self,
        request: &ChatRequest,
        reply: &ChatReply,
        accept: impl Fn(&Q::Answer) -> std::result::Result<(), String>,
    ) -> std::result::Result<Q::Answer, Misfit> {
        match reply.stop {
            StopReason::MaxTokens => {
                let limit = request.max_tokens;
                let remedy = match self.model.capabilities().max_output_tokens {
                    Some(most) if most <= limit => "this is the most the model can write".to_owned(),
                    _ => format!("raise it with `with_reasoning_tokens` (now {})", self.reasoning_tokens),
                };
                let message = format!("the answer was cut off at its limit of {limit} tokens: {remedy}");
                return Err(Misfit::Final(self.error(ErrorKind::Truncated, message)));
            }
            StopReason::Filtered => {
                let message = "a filter stopped the answer: reword the brief, or use another model";
                return Err(Misfit::Final(self.error(ErrorKind::Blocked, message)));
            }
            StopReason::Done | StopReason::Other(_) => {}
        }
        let answer = json::object(&reply.text).map_err(Misfit::Form)?;
        accept(&answer).map_err(Misfit::Form)?;
        Ok(answer)
    }

    /// `Unsupported` for a model that takes no pictures, before anything is sent.
    pub(super) fn require_sight(&self) -> Result<()> {
        if self.model.capabilities().images {
            return Ok(());
        }
        let name = &self.model.card().name;
        Err(Error::new(
            ErrorKind::Unsupported,
            format!("the model \"{name}\" takes no pictures: use one that does for this role"),
        ))
    }

    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, message).with_context("model", &self.model.card().name).sent()
    }
}

/// The conversation so far with the problem told. Providers refuse an empty turn, so an empty
/// answer is passed over.
fn repair(mut request: ChatRequest, reply: &ChatReply, problem: &str) -> Result<ChatRequest> {
    let repair = prompts::repair(problem)?;
    if !reply.text.trim().is_empty() {
        return Ok(request.with_message(Message::assistant(&reply.text)).with_message(Message::user(repair)));
    }
    if let Some(message) = request.messages.last_mut() {
        message.parts.push(Part::Text(repair));
    }
    Ok(request)
}

/// The settings that every language role has.
macro_rules! settings {
    ($role:ident) => {
        impl<M> $role<M> {
            /// Sets the temperature; none leaves it to the provider, as models that reason by themselves ask for.
            #[must_use]
            pub fn with_temperature(mut self, temperature: impl Into<Option<f32>>) -> Self {
                self.asker.temperature = $crate::chat::ask::Temperature::Set(temperature.into());
                self
            }

            /// Sets the room for reasoning in tokens, 1 024 by default and at most 32 768, on top of what the answer
            /// takes. Models that reason by themselves need several times as much.
            #[must_use]
            pub fn with_reasoning_tokens(mut self, tokens: u32) -> Self {
                self.asker.reasoning_tokens = tokens.min($crate::chat::ask::MOST_REASONING_TOKENS);
                self
            }
        }
    };
}

pub(super) use settings;
