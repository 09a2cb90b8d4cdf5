//! A generated picture with its full record.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CampaignId, CompFacts, CreativeId, ImageRef, PixelSize, ReferenceId, Spend, Timestamp};

/// A generated picture with everything that is needed to judge it and to make it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Creative {
    /// Its id.
    pub id: CreativeId,
    /// The campaign it was made for.
    pub campaign: CampaignId,
    /// The picture in the asset store: as the model delivered it, or brought to the size asked for.
    pub image: ImageRef,
    /// How it was made.
    pub record: GenerationRecord,
    /// When it was kept.
    pub created_at: Timestamp,
    /// What a person said of it; none until somebody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Its id in the library once it was promoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promoted: Option<ReferenceId>,
}

/// How a picture was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GenerationRecord {
    /// The prompt as sent.
    pub prompt: String,
    /// The negative prompt as sent.
    pub negative_prompt: Option<String>,
    /// Which version of the campaign's prompt this is, counted from 1.
    pub prompt_version: u32,
    /// The provider of the model.
    pub provider: String,
    /// The name of the model.
    pub model: String,
    /// The seed that was really used; none where the model does not tell.
    pub seed: Option<u64>,
    /// The size asked for.
    pub requested: PixelSize,
    /// The size the model made, before the picture was cropped and scaled; none in records from before this was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<PixelSize>,
    /// The picture as the model delivered it, where it was cropped or scaled since: its bytes are kept too, with what
    /// they say of where they come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<ImageRef>,
    /// The size of the picture that is kept.
    pub delivered: PixelSize,
    /// The references the prompt or the picture was made from.
    pub references: Vec<ReferenceId>,
    /// The packshots that were placed.
    pub products: Vec<ImageRef>,
    /// Where the picture leaves room for copy, where that is known.
    pub copy_space: Option<CopySpace>,
    /// How the picture is put together, if it is a comp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comp: Option<CompFacts>,
    /// The mask of the products in the picture: black is product, white may be painted anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_mask: Option<ImageRef>,
    /// What the backend and the pipeline say of it: "this is a comp", "cropped from 1344x768", which generators were
    /// passed over and why.
    pub notes: Vec<String>,
    /// What the call used, cost and took; a call that made n pictures is shared out among them.
    pub spend: Spend,
}

impl GenerationRecord {
    /// How long the picture took.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.spend.took
    }
}

/// A rectangle that is calm enough for copy, in shares of width and height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CopySpace {
    /// The left edge, 0 to 1.
    pub x: f32,
    /// The top edge, 0 to 1.
    pub y: f32,
    /// The width, 0 to 1.
    pub width: f32,
    /// The height, 0 to 1.
    pub height: f32,
    /// The text colour to set there.
    pub text: super::Color,
    /// The WCAG 2 contrast of that text with the ground behind it, 1 to 21.
    pub contrast: f32,
    /// The scrim that the picture has there already, if it needed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scrim: Option<Scrim>,
}

/// A veil under the copy that gives it contrast. It is part of the picture; it is named so that a layered file can have
/// it as a layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Scrim {
    /// The colour it tends to.
    pub color: super::Color,
    /// How much of the picture it replaces under the copy, 0 to 1; it fades out beyond.
    pub strength: f32,
}

impl Scrim {
    /// A scrim towards `color`.
    #[must_use]
    pub fn new(color: super::Color, strength: f32) -> Self {
        Self { color, strength }
    }
}

impl CopySpace {
    /// The rectangle at `(x, y)` of `width` x `height`, each in shares of the picture.
    #[must_use]
    pub fn new(x: f32, y: f32, width: f32, height: f32, text: super::Color, contrast: f32) -> Self {
        Self { x, y, width, height, text, contrast, scrim: None }
    }

    /// Names the scrim that lies under the copy.
    #[must_use]
    pub fn with_scrim(mut self, scrim: Scrim) -> Self {
        self.scrim = Some(scrim);
        self
    }
}

/// What a person said of a creative.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verdict {
    /// Yes or no.
    pub approved: bool,
    /// Why; a rejection always has a reason.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl Verdict {
    /// A verdict of now.
    #[must_use]
    pub fn new(approved: bool, reason: Option<String>) -> Self {
        Self { approved, reason, at: Timestamp::now() }
    }
}
