//! All steps with their defaults, for those who want pictures and no questions.

use super::{CampaignPipeline, Generate};
use crate::{
    domain::{Brief, Campaign},
    error::Result,
};

/// How many references are searched for, and how many of them the prompt is made from.
const REFERENCES: usize = 5;
const CHOSEN: usize = 3;

/// Pictures per channel.
const PICTURES: u32 = 4;

impl CampaignPipeline {
    /// Takes a brief through all steps: concept, five references, a prompt from the best three, and
    /// four pictures for each channel of the brief, or four of 1200 x 628 where it names none.
    ///
    /// Every step is kept, so whatever fails, the campaign is there with what was made before:
    /// find it with [`list`](Self::list) and go on by hand.
    ///
    /// # Errors
    /// Those of the steps.
    pub async fn run(&self, brief: Brief) -> Result<Campaign> {
        let campaign = self.create(brief).await?;
        let id = &campaign.id;
        let references = self.references(id, REFERENCES).await?;
        self.suggest_prompt(id, &references.top(CHOSEN)).await?;
        if campaign.brief.channels.is_empty() {
            self.generate(id, Generate::new(PICTURES)).await?;
        }
        for channel in &campaign.brief.channels {
            self.generate(id, Generate::new(PICTURES).with_size(channel.size.width, channel.size.height))
                .await?;
        }
        self.get(id).await
    }
}
