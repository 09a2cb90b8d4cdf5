//! A step of a campaign: noted when it begins, noted when it ends, paid on its own tab.

use std::sync::Arc;

use tokio::time::Instant;
use uuid::Uuid;

use super::Shared;
use crate::{
    domain::{CampaignId, Entry, Spend, Step, Usage},
    error::Result,
    roles::{AppendRequest, CallContext, Tab},
};

/// A step that began. Dropped before its end, it stays in the campaign as unfinished.
#[derive(Debug)]
pub(super) struct Running {
    shared: Arc<Shared>,
    id: CampaignId,
    run: String,
    step: Step,
    tab: Arc<Tab>,
    since: Instant,
}

impl Shared {
    /// Notes that a step begins and what it may use at most, before anything is sent.
    pub(super) async fn begin(
        self: &Arc<Self>,
        id: &CampaignId,
        step: Step,
        at_most: Usage,
    ) -> Result<Running> {
        let run = Uuid::now_v7().to_string();
        self.append(id, vec![Entry::Began { run: run.clone(), step, at_most }]).await?;
        let tab = Arc::new(Tab::new());
        Ok(Running { shared: Arc::clone(self), id: id.clone(), run, step, tab, since: Instant::now() })
    }

    pub(super) async fn append(&self, id: &CampaignId, entries: Vec<Entry>) -> Result<()> {
        self.campaigns.append(AppendRequest::new(id.clone(), entries)).await.map(|_| ())
    }
}

impl Running {
    pub(super) fn campaign(&self) -> &CampaignId {
        &self.id
    }

    /// What the calls of this step carry.
    pub(super) fn context(&self) -> CallContext {
        CallContext::new()
            .with_campaign(self.id.clone(), self.step)
            .with_idempotency_key(self.run.clone())
            .with_tab(Arc::clone(&self.tab))
    }

    /// Keeps something before the step ends.
    pub(super) async fn keep(&self, entry: Entry) -> Result<()> {
        self.shared.append(&self.id, vec![entry]).await
    }

    /// Notes the end of the step together with its result.
    pub(super) async fn end<T>(self, result: Result<T>, entry: impl FnOnce(&T) -> Vec<Entry>) -> Result<T> {
        let mut spend: Spend = self.tab.spent();
        spend.took = self.since.elapsed();
        let ended = |error| Entry::Ended { run: self.run.clone(), spend, error };
        match result {
            Ok(value) => {
                let mut entries = entry(&value);
                entries.push(ended(None));
                self.shared.append(&self.id, entries).await?;
                Ok(value)
            }
            Err(error) => {
                if let Err(unnoted) = self.shared.append(&self.id, vec![ended(Some(error.clone()))]).await {
                    tracing::warn!(campaign = %self.id, error = %unnoted, "the failed step stays noted as unfinished");
                }
                Err(error)
            }
        }
    }
}
