//! Picture to words.

use async_trait::async_trait;

use super::{
    ask::{Asker, settings},
    language::{Names, require_english},
    text::distinct,
};
use crate::{
    domain::Card,
    error::Result,
    prompts,
    roles::{ChatModel, DescribeReply, DescribeRequest, Describer, DescriberCapabilities},
};

/// Two short paragraphs and twenty elements, in characters.
const ANSWER_CHARS: usize = 2_400;

/// Describes pictures with a chat model that takes them.
///
/// The temperature is 1, as in the system this role comes from.
#[derive(Clone, Debug)]
pub struct ChatDescriber<M> {
    asker: Asker<M>,
    capabilities: DescriberCapabilities,
}

impl<M: ChatModel> ChatDescriber<M> {
    /// A describer that asks `model`.
    pub fn new(model: M) -> Self {
        let capabilities = DescriberCapabilities::new(model.capabilities().images);
        Self { asker: Asker::new(model), capabilities }
    }
}

settings!(ChatDescriber);

#[async_trait]
impl<M: ChatModel> Describer for ChatDescriber<M> {
    fn card(&self) -> &Card {
        self.asker.model.card()
    }

    fn capabilities(&self) -> &DescriberCapabilities {
        &self.capabilities
    }

    async fn describe(&self, request: DescribeRequest) -> Result<DescribeReply> {
        self.asker.require_sight()?;
        let DescribeRequest { image, caption, context } = request;
        let caption = caption.unwrap_or_default();
        let question = prompts::Describe {
            known: !caption.text.trim().is_empty() || !caption.keywords.is_empty(),
            caption: caption.text.trim(),
            keywords: &caption.keywords,
        };
        let (request, notes) = self.asker.request(&question, [image], ANSWER_CHARS, context)?;
        let (answer, usage) = self
            .asker
            .ask::<prompts::Describe<'_>>(request, |answer, _| {
                require_english("description", &answer.description, &Names::default())
            })
            .await?;
        let description = answer.description.trim();
        Ok(DescribeReply::new(description, distinct(answer.elements)).with_notes(notes).with_usage(usage))
    }
}
