//! Concept to references: what worked before, and why each one is here.

use super::CampaignPipeline;
use crate::{
    domain::{
        Campaign, CampaignId, Entry, RankingPolicy, Reference, ReferenceId, References, Shortfall, Step,
        Usage,
    },
    error::{Error, ErrorKind, Result},
};

/// The most references of one search.
const MOST: usize = 100;

/// How references are searched for and put in order.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FindReferences {
    /// How many.
    pub count: usize,
    /// How they are put in order. `Similarity` and `Kpi` look at the `count` most similar pictures;
    /// `Blended` chooses from four times as many.
    pub policy: RankingPolicy,
}

impl FindReferences {
    /// The best `count` by the default policy.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { count, policy: RankingPolicy::default() }
    }

    /// Sets how they are put in order.
    #[must_use]
    pub fn with_policy(mut self, policy: RankingPolicy) -> Self {
        self.policy = policy;
        self
    }

    fn candidates(self) -> usize {
        match self.policy {
            RankingPolicy::Blended { .. } => self.count * 4,
            RankingPolicy::Similarity | RankingPolicy::Kpi => self.count,
        }
    }
}

impl From<usize> for FindReferences {
    fn from(count: usize) -> Self {
        Self::new(count)
    }
}

impl CampaignPipeline {
    /// Finds past pictures for the campaign: those of its audience *and* objective, nearest to the
    /// concept's one-sentence description. A campaign without a concept gets one first.
    ///
    /// `find` is a number, or a [`FindReferences`] with a ranking policy. Fewer than asked for come
    /// with the reason.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) for an unknown id; [`InvalidInput`](ErrorKind::InvalidInput)
    /// for more than 100; errors of the prompt writer, the embedder and the vector store.
    pub async fn references(
        &self,
        id: &CampaignId,
        find: impl Into<FindReferences> + Send,
    ) -> Result<References> {
        let find = find.into();
        if find.count > MOST {
            return Err(Error::invalid(format!(
                "{} references were asked for, at most {MOST} are given",
                find.count
            )));
        }
        let campaign = self.shared.campaign(id).await?;
        let concept = match campaign.concept() {
            Some(concept) => concept.clone(),
            None => self.concept_for(id, campaign.brief.clone()).await?,
        };
        let query = concept.image_description;
        let running = self.shared.begin(id, Step::References, Usage::REQUEST).await?;
        let brief = &campaign.brief;
        let found = self
            .library()
            .find(
                &query,
                brief.objective.as_ref(),
                brief.audience.as_ref(),
                find.candidates(),
                running.context(),
            )
            .await;
        let references = found.map(|(hits, shortfall)| {
            let mut references =
                References::rank(query, find.count, hits, brief.objective.as_ref(), find.policy);
            references.shortfall = why_short(references.hits.len(), find.count, shortfall);
            references.hits.truncate(find.count);
            references
        });
        running.end(references, |references| vec![Entry::References { references: references.clone() }]).await
    }

    /// Keeps which references the prompt shall be made from; none is a choice too.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) for an unknown campaign, or a reference that was not among
    /// those found for it; [`OutOfOrder`](ErrorKind::OutOfOrder) before references were searched for.
    pub async fn choose_references(&self, id: &CampaignId, chosen: &[ReferenceId]) -> Result<()> {
        let campaign = self.shared.campaign(id).await?;
        if campaign.references.is_empty() {
            return Err(Error::new(
                ErrorKind::OutOfOrder,
                "no references were searched for yet: call `references` first",
            ));
        }
        found_before(&campaign, chosen)?;
        self.shared.append(id, vec![Entry::Chosen { references: chosen.to_vec() }]).await
    }
}

/// The references themselves, from the latest search that found each.
pub(super) fn found_before(campaign: &Campaign, chosen: &[ReferenceId]) -> Result<Vec<Reference>> {
    let find = |id: &ReferenceId| {
        let hit = campaign.references.iter().rev().find_map(|search| search.value.get(id));
        hit.map(|hit| hit.reference.clone()).ok_or_else(|| Error::not_found("reference of this campaign", id))
    };
    chosen.iter().map(find).collect()
}

/// A search for more candidates than were asked for is short only if it gives too few.
fn why_short(found: usize, asked: usize, shortfall: Option<Shortfall>) -> Option<Shortfall> {
    (found < asked).then(|| shortfall.unwrap_or(Shortfall::Approximate))
}
