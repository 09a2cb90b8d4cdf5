//! A product and a scene in, the product's scale and places out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext,
    request::{reply, request},
};
use crate::{
    domain::{Card, Image, PixelSize, Usage},
    error::Result,
};

/// Plans how large a product stands in a scene, and where.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait Planner: std::fmt::Debug + Send + Sync + 'static {
    /// Who plans, its limits and prices.
    fn card(&self) -> &Card;

    /// What the planner can do.
    fn capabilities(&self) -> &PlannerCapabilities;

    /// Plans one product in one scene.
    ///
    /// # Guarantees
    /// A scale above 0 and at most 1, and at least one placement, each inside the canvas.
    /// # Ordering
    /// Placements go from left to right, then by rotation.
    /// # Partial failure
    /// None: there is a plan or an error.
    /// # Idempotency
    /// Planning twice changes nothing; a model may answer differently.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still bill.
    /// # Errors
    /// `InvalidInput` for an empty canvas or a picture that cannot be read; `InvalidReply` and
    /// `Truncated` when the answer cannot be used; `Blocked`; transport errors.
    async fn plan(&self, request: PlanRequest) -> Result<PlanReply>;
}

/// What a planner can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlannerCapabilities {
    /// Looks at the pictures.
    pub sees: bool,
}

impl PlannerCapabilities {
    /// A planner that looks at the pictures or not.
    #[must_use]
    pub fn new(sees: bool) -> Self {
        Self { sees }
    }
}

/// A product to place.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlanRequest {
    /// What the picture shall show.
    pub caption: String,
    /// The product.
    pub product: Image,
    /// The scene; none for an empty canvas.
    pub scene: Option<Image>,
    /// The size of the canvas.
    pub canvas: PixelSize,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl PlanRequest {
    /// Places `product` on an empty canvas.
    pub fn new(caption: impl Into<String>, product: Image, canvas: PixelSize) -> Self {
        Self { caption: caption.into(), product, scene: None, canvas, context: CallContext::new() }
    }

    /// Sets the scene.
    #[must_use]
    pub fn with_scene(mut self, scene: Image) -> Self {
        self.scene = Some(scene);
        self
    }
}

request!(PlanRequest -> PlanReply, "plan", |_r| Usage::REQUEST.with_tokens(32_768, 34_816));

/// Where the product stands and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Placement {
    /// The middle of the product from left to right, in shares of the canvas.
    pub x: f32,
    /// The foot of the product from top to bottom, in shares of the canvas.
    pub y: f32,
    /// Degrees, clockwise.
    pub rotation: f32,
}

impl Placement {
    /// The product's foot at `(x, y)`, turned by `rotation` degrees.
    #[must_use]
    pub fn new(x: f32, y: f32, rotation: f32) -> Self {
        Self { x, y, rotation }
    }
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanReply {
    /// The height of the product in shares of the canvas's height, above 0 and at most 1.
    pub scale: f32,
    /// The places to try.
    pub placements: Vec<Placement>,
    /// Why.
    pub reasoning: String,
    /// What the call used.
    #[serde(default)]
    pub usage: Usage,
}

impl PlanReply {
    /// A plan that used nothing.
    #[must_use]
    pub fn new(scale: f32, placements: Vec<Placement>) -> Self {
        Self { scale, placements, reasoning: String::new(), usage: Usage::NONE }
    }

    /// Says why.
    #[must_use]
    pub fn with_reasoning(mut self, reasoning: impl Into<String>) -> Self {
        self.reasoning = reasoning.into();
        self
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

reply!(PlanReply);
