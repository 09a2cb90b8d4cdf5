//! Brief to concept.

use super::CampaignPipeline;
use crate::{
    domain::{Brief, CampaignId, Concept, Entry, Step, Usage},
    error::Result,
    roles::{ConceptRequest, Request},
};

impl CampaignPipeline {
    /// Finds the idea behind the ad; run again, it finds another and keeps the old one.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) for an unknown id; errors of the [prompt writer](crate::roles::PromptWriter::concept).
    pub async fn concept(&self, id: &CampaignId) -> Result<Concept> {
        let head = self.shared.head(id).await?;
        self.concept_for(id, head.brief).await
    }

    pub(super) async fn concept_for(&self, id: &CampaignId, brief: Brief) -> Result<Concept> {
        let request = ConceptRequest::new(brief);
        let running = self.shared.begin(id, Step::Concept, with_a_second_try(request.at_most())).await?;
        let reply = self.shared.prompt_writer.concept(request.with_context(running.context())).await;
        let concept = reply.map(|reply| reply.concept);
        running.end(concept, |concept| vec![Entry::Concept { concept: concept.clone() }]).await
    }
}

/// A writer made of a chat model asks once more when an answer cannot be used.
pub(super) fn with_a_second_try(at_most: Usage) -> Usage {
    at_most.each(|units| units.saturating_mul(2))
}
