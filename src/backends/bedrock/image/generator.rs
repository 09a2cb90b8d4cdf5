//! A task of an image model as an [`ImageGenerator`].

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    plan::Plan,
    rules::TaskRules,
    settings::{Settings, Value},
};
use crate::{
    backends::bedrock::{
        Bedrock,
        client::Model,
        registry::{Case, ModelEntry, ModelId, Price, Role},
    },
    blocking::blocking,
    domain::{Card, MediaType},
    error::{Error, ErrorKind, Result},
    roles::{GenerateReply, GenerateRequest, GeneratorCapabilities, ImageGenerator, Task, TaskKind},
};

/// An image model on Bedrock, set to one of its tasks.
///
/// # Sizes
/// The Stability models take an aspect ratio: the capabilities list the sizes that are known to come for each. What really came is
/// read from the picture's header and reported as its size, and [`adapt::to_size`](crate::adapt::to_size) makes it exact.
/// Tasks that work on a picture give that picture's size.
///
/// # Strength
/// 0 keeps the picture and 1 ignores it, whatever the model calls its measure:
///
/// | task | field | sent for a strength of s |
/// |---|---|---|
/// | image to image (SD3.5, Ultra) | `strength` | s |
/// | outpaint, upscale | `creativity` | s |
/// | style transfer | `change_strength` | s |
/// | sketch, structure | `control_strength`, `controlStrength` | 1 - s |
/// | style guide | `fidelity` | 1 - s |
/// | image to image (Canvas, Titan) | `similarityStrength` | 1 - s |
///
/// The range is that of the model, in [`GeneratorCapabilities::strength`]. Where none is asked for, the model's own default holds.
///
/// # Pictures and masks
/// Sides, pixels, shape, format and bytes are held against the model's limits before anything is sent. A picture that an EXIF
/// orientation turns is sent upright. A mask is any opaque JPEG, PNG or WebP of the picture's size, read by its lightness and
/// sent as a PNG in the model's own colours; models without a between get pure black and white. One with transparent
/// pixels is refused, because tools disagree on what they mean.
///
/// # Seeds
/// The seed that the model says it used is reported. Nova Canvas and Titan do not say, and would take the same seed each time none
/// is given: one is drawn here then. Several pictures of one call of theirs share its seed, which their notes say.
///
/// # Filters
/// What a filter withholds is a refusal at its place, with the stage and the model's words. Whether it is billed is not known for any
/// of the models, so usage counts it as a picture.
///
/// Virtual try-on, which only Nova Canvas had, is left out.
///
/// ```no_run
/// use keyvisual::{
///     backends::bedrock::{Bedrock, BedrockConfig},
///     domain::{Image, MediaType},
///     roles::{GenerateRequest, ImageGenerator, Task, TaskKind},
/// };
///
/// # async fn run(photo: Image, mask: Image) -> keyvisual::Result<()> {
/// let bedrock = Bedrock::new(BedrockConfig::new().with_region("us-west-2")).await?;
/// let ultra = bedrock.generator("stability.stable-image-ultra-v1:1")?.with_output_format(MediaType::Png)?;
/// let variant = ultra.clone().for_task(TaskKind::ImageToImage)?;
///
/// let inpainter = bedrock.generator("us.stability.stable-image-inpaint-v1:0")?.with_grow_mask(2)?;
/// let request = GenerateRequest::of(Task::Inpaint { image: photo, mask }).with_prompt("a wooden table at dawn");
/// let reply = inpainter.generate(request).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct BedrockGenerator {
    bedrock: Bedrock,
    id: String,
    entry: Arc<ModelEntry>,
    card: Card,
    plan: Arc<Plan>,
}

impl BedrockGenerator {
    pub(in super::super) fn new(bedrock: Bedrock, model: Model) -> Result<Self> {
        let Model { id, entry, card, .. } = model;
        let entry = entry.ok_or_else(|| {
            Error::new(
                ErrorKind::Unsupported,
                format!("the image model \"{id}\" is not in the registry: describe it with `Registry::with_overrides`"),
            )
        })?;
        let plan = Plan { rules: TaskRules::of(&entry, None)?, settings: Settings::default() };
        Ok(Self { bedrock, id, entry: Arc::new(entry), card, plan: Arc::new(plan) })
    }

    /// Turns it to another task of the model.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for a task the model does not serve, and for a setting made before that the
    /// task does not know.
    pub fn for_task(mut self, task: TaskKind) -> Result<Self> {
        let rules = TaskRules::of(&self.entry, Some(task))?;
        self.plan.settings.check(&rules)?;
        self.plan = Arc::new(Plan { rules, settings: self.plan.settings.clone() });
        Ok(self)
    }

    /// Changes the card: prices, end of life, limits.
    #[must_use]
    pub fn with_card(mut self, change: impl FnOnce(Card) -> Card) -> Self {
        self.card = change(self.card);
        self
    }

    /// Sets the file format of the pictures. It is always sent; unless told it is the first that the model has.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for one the model does not make, or where it has one of its own.
    pub fn with_output_format(mut self, format: MediaType) -> Result<Self> {
        let plan = Arc::make_mut(&mut self.plan);
        plan.settings.set_format(format, &plan.rules)?;
        Ok(self)
    }

    /// Sets a style of the model's own: `photographic`, `cinematic` ... of the Stability services, `PHOTOREALISM` ... of Nova Canvas.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for a style or a task the model does not have.
    pub fn with_style_preset(self, style: impl Into<String>) -> Result<Self> {
        self.with("style_preset", Value::Word(style.into()))
    }

    /// Sets by how many pixels the mask grows, 0 to 20; the grown edge is blurred.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) beyond that, and where the task grows no mask.
    pub fn with_grow_mask(self, pixels: u32) -> Result<Self> {
        self.with("grow_mask", Value::Whole(pixels))
    }

    /// Sets how closely style transfer keeps the composition, 0 to 1.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) beyond that, and for other tasks.
    pub fn with_composition_fidelity(self, fidelity: f64) -> Result<Self> {
        self.with("composition_fidelity", Value::Number(fidelity))
    }

    /// Sets how much of the style comes over in style transfer, 0 to 1.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) beyond that, and for other tasks.
    pub fn with_style_strength(self, strength: f64) -> Result<Self> {
        self.with("style_strength", Value::Number(strength))
    }

    /// Sets the quality, `standard` or `premium`, of Nova Canvas and Titan Image. The card's price is that of the quality, for pictures
    /// of up to a megapixel.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for another, and where there is no choice.
    pub fn with_quality(self, quality: impl Into<String>) -> Result<Self> {
        let quality = quality.into();
        let mut this = self.with("quality", Value::Word(quality.clone()))?;
        let via = ModelId::parse(&this.id).via;
        let price = this.entry.price(&Case::new().with_via(&via).with_quality(quality));
        this.card.prices = price.map(Price::prices);
        Ok(this)
    }

    /// Sets how strictly Nova Canvas and Titan Image follow the prompt, 1.1 to 10.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) beyond that, and for other models.
    pub fn with_cfg_scale(self, scale: f64) -> Result<Self> {
        self.with("cfg_scale", Value::Number(scale))
    }

    /// Sets how Nova Canvas and Titan Image replace a background: `DEFAULT` with a soft transition, `PRECISE` strictly along the mask.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for another, and for other tasks.
    pub fn with_outpainting_mode(self, mode: impl Into<String>) -> Result<Self> {
        self.with("outpainting_mode", Value::Word(mode.into()))
    }

    /// Sets what Nova Canvas and Titan Image take as the structure of a picture: `CANNY_EDGE` or `SEGMENTATION`.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for another, and for other tasks.
    pub fn with_control_mode(self, mode: impl Into<String>) -> Result<Self> {
        self.with("control_mode", Value::Word(mode.into()))
    }

    fn with(mut self, name: &'static str, value: Value) -> Result<Self> {
        let plan = Arc::make_mut(&mut self.plan);
        plan.settings.set(name, value, &plan.rules)?;
        Ok(self)
    }

    async fn call(&self, request: GenerateRequest) -> Result<GenerateReply> {
        let (count, seed) = (request.count, self.plan.seed(&request));
        let plan = Arc::clone(&self.plan);
        // Pictures are decoded and encoded; a prompt alone is not worth a thread.
        let body = match request.task {
            Task::TextToImage => plan.body(&request, seed)?,
            _ => blocking(move || plan.body(&request, seed)).await?,
        };
        let bytes = self.bedrock.invoke(&self.id, body).await?;
        let plan = Arc::clone(&self.plan);
        blocking(move || plan.reply(&bytes, count, seed)).await
    }
}

#[async_trait]
impl ImageGenerator for BedrockGenerator {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &GeneratorCapabilities {
        &self.plan.rules.capabilities
    }

    async fn generate(&self, request: GenerateRequest) -> Result<GenerateReply> {
        request.validate(self.capabilities())?;
        self.call(request).await.map_err(|error| error.with_operation("generate"))
    }
}

impl Bedrock {
    /// The image model `id`, set to the first of its tasks; [`for_task`](BedrockGenerator::for_task) turns it to another.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for a model that makes no pictures or is not in the registry;
    /// [`InvalidInput`](ErrorKind::InvalidInput) for one the region does not serve, naming where it is served.
    pub fn generator(&self, id: impl Into<String>) -> Result<BedrockGenerator> {
        BedrockGenerator::new(self.clone(), self.model(id, Role::Generate)?)
    }
}
