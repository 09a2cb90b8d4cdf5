//! Concept and chosen references to prompt; a person's edit beside the suggestion.

use super::{CampaignPipeline, concept::with_a_second_try, references::found_before};
use crate::{
    domain::{CampaignId, Entry, Prompt, ReferenceId, Step},
    error::{Error, ErrorKind, Result},
    roles::{Request, WriteRequest},
};

impl CampaignPipeline {
    /// Writes a prompt from the concept and the `chosen` references, possibly none, and keeps the choice.
    ///
    /// The prompt fits the generator, the first where there are several: its longest prompt, and a negative prompt only
    /// where it takes one.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) for an unknown campaign, or a reference that was not among
    /// those found for it; [`OutOfOrder`](ErrorKind::OutOfOrder) before there is a concept; errors of
    /// the [prompt writer](crate::roles::PromptWriter::write).
    pub async fn suggest_prompt(&self, id: &CampaignId, chosen: &[ReferenceId]) -> Result<Prompt> {
        let campaign = self.shared.campaign(id).await?;
        let references = found_before(&campaign, chosen)?;
        let Some(concept) = campaign.concept().cloned() else {
            return Err(Error::new(
                ErrorKind::OutOfOrder,
                "there is no concept yet: call `concept` or `references` first",
            ));
        };
        let generator = self.shared.generators.first().capabilities();
        let request = WriteRequest::new(campaign.brief.clone(), concept)
            .with_references(references)
            .with_max_chars(generator.max_prompt_chars)
            .with_negative(generator.negative_prompt);
        if campaign.choices.is_empty() || campaign.chosen() != chosen {
            self.shared.append(id, vec![Entry::Chosen { references: chosen.to_vec() }]).await?;
        }
        let running = self.shared.begin(id, Step::Prompt, with_a_second_try(request.at_most())).await?;
        let reply = self.shared.prompt_writer.write(request.with_context(running.context())).await;
        let prompt = reply.map(|reply| reply.prompt);
        running.end(prompt, |prompt| vec![Entry::Prompt { prompt: prompt.clone() }]).await
    }

    /// Keeps a person's prompt as the current one; suggestions stay. Its negative part, if any, comes
    /// from the prompt before, unless `prompt` has its own.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) for an unknown id; [`InvalidInput`](ErrorKind::InvalidInput)
    /// for a prompt that is empty or longer than the generator takes.
    pub async fn set_prompt(
        &self,
        id: &CampaignId,
        prompt: impl Into<EditedPrompt> + Send,
    ) -> Result<Prompt> {
        let mut prompt = prompt.into().0;
        let campaign = self.shared.campaign(id).await?;
        if prompt.negative.is_none() {
            prompt.negative = campaign.prompt().and_then(|before| before.negative.clone());
        }
        check_length(&prompt.text, self.shared.generators.first().capabilities().max_prompt_chars)?;
        self.shared.append(id, vec![Entry::Prompt { prompt: prompt.clone() }]).await?;
        Ok(prompt)
    }
}

/// A person's prompt: text, or a [`Prompt`] with a negative part. It counts as edited in any case.
#[derive(Clone, Debug)]
pub struct EditedPrompt(Prompt);

impl From<&str> for EditedPrompt {
    fn from(text: &str) -> Self {
        Self(Prompt::edited(text))
    }
}

impl From<String> for EditedPrompt {
    fn from(text: String) -> Self {
        Self(Prompt::edited(text))
    }
}

impl From<Prompt> for EditedPrompt {
    fn from(prompt: Prompt) -> Self {
        Self(Prompt { author: crate::domain::PromptAuthor::Edited, ..prompt })
    }
}

fn check_length(text: &str, most: usize) -> Result<()> {
    let length = text.chars().count();
    match length {
        _ if text.trim().is_empty() => Err(Error::invalid("the prompt is empty")),
        _ if length > most => Err(Error::invalid(format!(
            "the prompt has {length} characters, the generator takes at most {most}"
        ))),
        _ => Ok(()),
    }
}
