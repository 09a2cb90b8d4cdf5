//! What travels with every request beside its content.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::time::Instant;

use crate::{
    domain::{CampaignId, Spend, Step},
    sync::lock,
};

/// On whose behalf a call is made, until when, and who pays.
///
/// It is no part of a request's equality or serialised form: two requests for the same thing are equal.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CallContext {
    /// The campaign the call is made for.
    pub campaign: Option<CampaignId>,
    /// The step of the campaign.
    pub step: Option<Step>,
    /// Names the unit of work, so that doing it twice can be recognised.
    pub idempotency_key: Option<String>,
    /// When the answer is no longer wanted, retries included.
    pub deadline: Option<Instant>,
    /// Where spend is added up.
    pub tab: Option<Arc<Tab>>,
}

impl CallContext {
    /// No campaign, no deadline, no tab.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the campaign and its step.
    #[must_use]
    pub fn with_campaign(mut self, campaign: CampaignId, step: Step) -> Self {
        self.campaign = Some(campaign);
        self.step = Some(step);
        self
    }

    /// Sets the idempotency key.
    #[must_use]
    pub fn with_idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Sets the deadline to `timeout` from now; an earlier one that is already set stays.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        if let Some(new) = Instant::now().checked_add(timeout) {
            self.deadline = Some(self.deadline.map_or(new, |old| old.min(new)));
        }
        self
    }

    /// Sets where spend is added up.
    #[must_use]
    pub fn with_tab(mut self, tab: Arc<Tab>) -> Self {
        self.tab = Some(tab);
        self
    }
}

/// Always equal, so that requests can be compared by what they ask for.
impl PartialEq for CallContext {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Adds up what calls used and cost; the door writes to it. A tab with a parent adds there too.
#[derive(Debug, Default)]
pub struct Tab {
    spend: Mutex<Spend>,
    parent: Option<Arc<Self>>,
}

impl Tab {
    /// An empty tab.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty tab whose spend is added to `parent` as well: a step's on its campaign's, a campaign's on a month's.
    #[must_use]
    pub fn below(parent: Arc<Self>) -> Self {
        Self { spend: Mutex::default(), parent: Some(parent) }
    }

    /// Adds the spend of a call here and on every parent.
    pub fn add(&self, spend: Spend) {
        *lock(&self.spend) += spend;
        if let Some(parent) = &self.parent {
            parent.add(spend);
        }
    }

    /// What was spent so far.
    #[must_use]
    pub fn spent(&self) -> Spend {
        *lock(&self.spend)
    }
}
