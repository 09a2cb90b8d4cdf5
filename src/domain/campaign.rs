//! A campaign: a small head, and an append-only list of what happened.

use serde::{Deserialize, Serialize};

use super::{
    Brief, CampaignId, Concept, Creative, CreativeId, Prompt, ReferenceId, References, Spend, Timestamp,
    Usage, Verdict,
};
use crate::error::Error;

/// The part of a campaign that is replaced as a whole, under compare-and-set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CampaignHead {
    /// Its id.
    pub id: CampaignId,
    /// Counted up by the store with each replacement; 1 when new.
    pub revision: u64,
    /// What the marketer asked for.
    pub brief: Brief,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the head was last replaced.
    pub updated_at: Timestamp,
}

impl CampaignHead {
    /// A new campaign with a fresh id, at revision 1.
    #[must_use]
    pub fn new(brief: Brief) -> Self {
        let now = Timestamp::now();
        Self { id: CampaignId::fresh(), revision: 1, brief, created_at: now, updated_at: now }
    }
}

/// A step of a campaign that asks a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// Brief to concept.
    Concept,
    /// Concept to references.
    References,
    /// Concept and chosen references to prompt.
    Prompt,
    /// Prompt to pictures.
    Generate,
}

impl Step {
    /// The step in a word, as in events and spans.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Concept => "concept",
            Self::References => "references",
            Self::Prompt => "prompt",
            Self::Generate => "generate",
        }
    }
}

/// Something that happened to a campaign. Entries are only ever appended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Entry {
    /// A step began: until it ends it may cost this much.
    Began {
        /// Names this run of the step, until its [`Entry::Ended`].
        run: String,
        /// The step.
        step: Step,
        /// The most it can use.
        at_most: Usage,
    },
    /// A step ended.
    Ended {
        /// The run that ended.
        run: String,
        /// What it used and cost.
        spend: Spend,
        /// The first error, if anything failed; what was made is kept.
        error: Option<Error>,
    },
    /// A new concept.
    Concept {
        /// The concept.
        concept: Concept,
    },
    /// New references.
    References {
        /// The references.
        references: References,
    },
    /// A person, or the default, chose references.
    Chosen {
        /// The chosen ones, possibly none.
        references: Vec<ReferenceId>,
    },
    /// A new prompt, suggested or edited.
    Prompt {
        /// The prompt.
        prompt: Prompt,
    },
    /// A new picture.
    Creative {
        /// The creative.
        creative: Box<Creative>,
    },
    /// A person's verdict; the last one counts.
    Verdict {
        /// Which picture.
        creative: CreativeId,
        /// What was said.
        verdict: Verdict,
    },
    /// A picture went back into the library.
    Promoted {
        /// Which picture.
        creative: CreativeId,
        /// Its id in the library.
        reference: ReferenceId,
    },
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogEntry {
    /// Its place in the campaign's list, counted from 1 without gaps.
    pub sequence: u64,
    /// When it was appended.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub entry: Entry,
}

impl LogEntry {
    /// An entry at `sequence`, for those who implement a campaign store.
    #[must_use]
    pub fn new(sequence: u64, at: Timestamp, entry: Entry) -> Self {
        Self { sequence, at, entry }
    }
}

/// A result of a step; a step run again gives a new version and keeps the old one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Version<T> {
    /// Counted from 1.
    pub version: u32,
    /// When it was kept.
    pub at: Timestamp,
    /// The result.
    pub value: T,
}

/// A step whose end was never recorded: its process died, or it is still running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Unfinished {
    /// The step.
    pub step: Step,
    /// When it began.
    pub since: Timestamp,
    /// The most it may have used.
    pub at_most: Usage,
}

/// A campaign as a whole: the head with everything that happened, put together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// The revision of the brief.
    pub revision: u64,
    /// What the marketer asked for.
    pub brief: Brief,
    /// When it was created.
    pub created_at: Timestamp,
    /// All concepts, the current one last.
    pub concepts: Vec<Version<Concept>>,
    /// All searches for references, the current one last.
    pub references: Vec<Version<References>>,
    /// All choices of references, the current one last.
    pub choices: Vec<Version<Vec<ReferenceId>>>,
    /// All prompts, suggestions and edits, the current one last.
    pub prompts: Vec<Version<Prompt>>,
    /// All pictures, in the order they were kept.
    pub creatives: Vec<Creative>,
    /// What all finished steps used and cost.
    pub spend: Spend,
    /// Steps that began and whose end is not recorded.
    pub unfinished: Vec<Unfinished>,
}

impl Campaign {
    /// Puts a campaign together from its head and its entries in order.
    #[must_use]
    pub fn assemble(head: CampaignHead, entries: impl IntoIterator<Item = LogEntry>) -> Self {
        let mut campaign = Self {
            id: head.id,
            revision: head.revision,
            brief: head.brief,
            created_at: head.created_at,
            concepts: Vec::new(),
            references: Vec::new(),
            choices: Vec::new(),
            prompts: Vec::new(),
            creatives: Vec::new(),
            spend: Spend::default(),
            unfinished: Vec::new(),
        };
        let mut running = Vec::new();
        for LogEntry { at, entry, .. } in entries {
            match entry {
                Entry::Began { run, step, at_most } => {
                    running.push((run, Unfinished { step, since: at, at_most }))
                }
                Entry::Ended { run, spend, .. } => {
                    running.retain(|(name, _)| *name != run);
                    campaign.spend += spend;
                }
                Entry::Concept { concept } => push(&mut campaign.concepts, at, concept),
                Entry::References { references } => push(&mut campaign.references, at, references),
                Entry::Chosen { references } => push(&mut campaign.choices, at, references),
                Entry::Prompt { prompt } => push(&mut campaign.prompts, at, prompt),
                // A store that was asked twice after a lost answer may hold an entry twice.
                Entry::Creative { creative } if campaign.creative(&creative.id).is_some() => {}
                Entry::Creative { creative } => campaign.creatives.push(*creative),
                Entry::Verdict { creative, verdict } => {
                    if let Some(creative) = campaign.find(&creative) {
                        creative.verdict = Some(verdict);
                    }
                }
                Entry::Promoted { creative, reference } => {
                    if let Some(creative) = campaign.find(&creative) {
                        creative.promoted = Some(reference);
                    }
                }
            }
        }
        campaign.unfinished = running.into_iter().map(|(_, step)| step).collect();
        campaign
    }

    /// The current concept.
    #[must_use]
    pub fn concept(&self) -> Option<&Concept> {
        self.concepts.last().map(|version| &version.value)
    }

    /// The current references.
    #[must_use]
    pub fn current_references(&self) -> Option<&References> {
        self.references.last().map(|version| &version.value)
    }

    /// The references chosen last.
    #[must_use]
    pub fn chosen(&self) -> &[ReferenceId] {
        self.choices.last().map_or(&[], |version| &version.value)
    }

    /// The current prompt.
    #[must_use]
    pub fn prompt(&self) -> Option<&Prompt> {
        self.prompts.last().map(|version| &version.value)
    }

    /// The picture with this id.
    #[must_use]
    pub fn creative(&self, id: &CreativeId) -> Option<&Creative> {
        self.creatives.iter().find(|creative| creative.id == *id)
    }

    fn find(&mut self, id: &CreativeId) -> Option<&mut Creative> {
        self.creatives.iter_mut().find(|creative| creative.id == *id)
    }
}

fn push<T>(versions: &mut Vec<Version<T>>, at: Timestamp, value: T) {
    let version = u32::try_from(versions.len() + 1).unwrap_or(u32::MAX);
    versions.push(Version { version, at, value });
}
