//! Query to products, backgrounds and themes.

use async_trait::async_trait;

use super::{
    ask::{Asker, settings},
    language::{Names, require_english},
    text::distinct,
};
use crate::{
    domain::Card,
    error::{Error, Result},
    prompts,
    roles::{ChatModel, DecomposeReply, DecomposeRequest, Decomposer, DecomposerCapabilities},
};

/// Some thirty things of a few words, in characters.
const ANSWER_CHARS: usize = 1_500;

/// The longest query, in characters: more is a brief.
const MAX_QUERY_CHARS: usize = 4_000;

/// Takes queries apart with a chat model, at temperature 0.
#[derive(Clone, Debug)]
pub struct ChatDecomposer<M> {
    asker: Asker<M>,
    capabilities: DecomposerCapabilities,
}

impl<M: ChatModel> ChatDecomposer<M> {
    /// A decomposer that asks `model`.
    pub fn new(model: M) -> Self {
        Self { asker: Asker::new(model), capabilities: DecomposerCapabilities::new(true) }
    }
}

settings!(ChatDecomposer);

#[async_trait]
impl<M: ChatModel> Decomposer for ChatDecomposer<M> {
    fn card(&self) -> &Card {
        self.asker.model.card()
    }

    fn capabilities(&self) -> &DecomposerCapabilities {
        &self.capabilities
    }

    /// A query has at most 4 000 characters.
    async fn decompose(&self, request: DecomposeRequest) -> Result<DecomposeReply> {
        let query = request.query.trim();
        let chars = query.chars().count();
        if chars == 0 {
            return Err(Error::invalid("the query is empty"));
        }
        if chars > MAX_QUERY_CHARS {
            return Err(Error::invalid(format!(
                "the query has {chars} characters, at most {MAX_QUERY_CHARS} are taken"
            )));
        }
        let question = prompts::Decompose { query };
        let (request, _) = self.asker.request(&question, [], ANSWER_CHARS, request.context)?;
        // Products keep their names, which are of no language.
        let accept = |answer: &prompts::DecomposeAnswer, _| {
            let seen = [&*answer.backgrounds, &*answer.themes].concat().join(", ");
            if seen.is_empty() { Ok(()) } else { require_english("backgrounds", &seen, &Names::default()) }
        };
        let (answer, usage) = self.asker.ask::<prompts::Decompose<'_>>(request, accept).await?;
        let (products, backgrounds, themes) =
            (distinct(answer.products), distinct(answer.backgrounds), distinct(answer.themes));
        Ok(DecomposeReply::new(products, backgrounds, themes).with_usage(usage))
    }
}
