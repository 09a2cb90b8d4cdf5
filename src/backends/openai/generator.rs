//! `POST images/generations` and `POST images/edits` as an [`ImageGenerator`].

use std::ops::RangeInclusive;

use async_trait::async_trait;

use super::{
    ImageDelivery, OpenAi,
    image_body::{Edit, ImagesBody},
    image_models::ImageModel,
    image_reply::{Address, ImagesAnswer, Place},
};
use crate::{
    blocking::blocking,
    domain::{Card, MediaType},
    error::{Error, ErrorKind, Result, Retryability},
    roles::{
        GenerateReply, GenerateRequest, GeneratorCapabilities, ImageGenerator, Picture, PromptRule, Sizes,
        TaskKind,
    },
};

/// An image model on a server that speaks OpenAI's interface.
///
/// It makes pictures from a prompt; [`for_task`](Self::for_task) turns it to inpainting or to beginning from a
/// picture. An edit has the size of its picture where the model delivers that size, else the one that the model
/// chooses: the reply says which, and [`adapt::to_size`](crate::adapt::to_size) makes it exact.
///
/// The interface has no seeds, no strength and no negative prompt; some servers take seeds, see
/// [`with_seeds`](Self::with_seeds).
///
/// ```no_run
/// use keyvisual::backends::openai::{OpenAi, OpenAiConfig};
/// use keyvisual::roles::TaskKind;
///
/// # fn main() -> keyvisual::Result<()> {
/// let openai = OpenAi::new(OpenAiConfig::from_env()?)?;
/// let generator = openai.generator("gpt-image-2")?.with_quality("high")?;
/// let inpainter = generator.clone().for_task(TaskKind::Inpaint)?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct OpenAiGenerator {
    server: OpenAi,
    model: ImageModel,
    card: Card,
    capabilities: GeneratorCapabilities,
    /// What the model delivers, whatever the task.
    sizes: Sizes,
    quality: Option<String>,
    background: Option<String>,
    format: Option<MediaType>,
    delivery: Option<ImageDelivery>,
}

impl OpenAiGenerator {
    pub(super) fn new(server: OpenAi, name: String) -> Result<Self> {
        let model = ImageModel::of(&name)?;
        let sizes = model.sizes();
        let capabilities =
            GeneratorCapabilities::new(sizes.clone(), model.max_prompt_chars).with_max_count(model.max_count);
        let card = Card::new(&server.config().provider, name);
        let delivery = model.response_format;
        Ok(Self {
            server,
            model,
            card,
            capabilities,
            sizes,
            quality: None,
            background: None,
            format: None,
            delivery,
        })
    }

    /// Turns it to another task: [`Inpaint`](TaskKind::Inpaint), [`ImageToImage`](TaskKind::ImageToImage) or
    /// [`TextToImage`](TaskKind::TextToImage).
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for a task the interface does not have or the model does not serve.
    pub fn for_task(mut self, task: TaskKind) -> Result<Self> {
        if task != TaskKind::TextToImage && !self.model.edits.contains(&task) {
            return Err(self.unsupported(&format!("does not serve the task {task}")));
        }
        self.capabilities = self.capabilities.with_task(task, PromptRule::Required);
        self.settle_sizes();
        Ok(self)
    }

    /// Changes the card: prices, end of life, limits. Its name is the model that is asked for.
    #[must_use]
    pub fn with_card(mut self, change: impl FnOnce(Card) -> Card) -> Self {
        self.card = change(self.card);
        self
    }

    /// Sets the sizes the server delivers. A model that is not known is taken to deliver any.
    #[must_use]
    pub fn with_sizes(mut self, sizes: Sizes) -> Self {
        self.sizes = sizes;
        self.settle_sizes();
        self
    }

    /// Sets the most pictures of one call.
    #[must_use]
    pub fn with_max_count(mut self, pictures: u32) -> Self {
        self.capabilities = self.capabilities.with_max_count(pictures);
        self
    }

    /// Sets the longest prompt, in characters.
    #[must_use]
    pub fn with_max_prompt_chars(mut self, chars: usize) -> Self {
        self.capabilities.max_prompt_chars = chars;
        self
    }

    /// Says that the server takes seeds, which OpenAI's own does not. Each call then makes one picture, so that each has its own.
    #[must_use]
    pub fn with_seeds(mut self, seeds: RangeInclusive<u64>) -> Self {
        self.capabilities = self.capabilities.with_seeds(seeds).with_max_count(1);
        self
    }

    /// Sets the quality, such as `low`, `medium`, `high`.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for one that the model is known not to have.
    pub fn with_quality(mut self, quality: impl Into<String>) -> Result<Self> {
        let quality = quality.into();
        self.check("the quality", &quality, self.model.quality.as_deref())?;
        self.quality = Some(quality);
        Ok(self)
    }

    /// Sets the ground: `transparent`, `opaque` or `auto`.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for one that the model is known not to have.
    pub fn with_background(mut self, background: impl Into<String>) -> Result<Self> {
        let background = background.into();
        self.check("the background", &background, self.model.background.as_deref())?;
        self.background = Some(background);
        Ok(self)
    }

    /// Sets the file format of the pictures.
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) for one that the model is known not to have.
    pub fn with_output_format(mut self, format: MediaType) -> Result<Self> {
        if self.model.output_formats.as_ref().is_some_and(|formats| !formats.contains(&format)) {
            return Err(self.unsupported(&format!("cannot be asked for {format}")));
        }
        self.format = Some(format);
        Ok(self)
    }

    /// Sets how the pictures are delivered, or none where the server refuses to be told. Pictures at an address are fetched
    /// from the server itself, never from another.
    #[must_use]
    pub fn with_delivery(mut self, delivery: Option<ImageDelivery>) -> Self {
        self.delivery = delivery;
        self
    }

    fn settle_sizes(&mut self) {
        let from_prompt = self.capabilities.task == TaskKind::TextToImage;
        self.capabilities.sizes = if from_prompt { self.sizes.clone() } else { Sizes::OfTask };
    }

    fn check(&self, what: &str, value: &str, known: Option<&[String]>) -> Result<()> {
        match known {
            Some(known) if !known.iter().any(|one| one == value) => {
                let known = if known.is_empty() { "none".into() } else { known.join(", ") };
                Err(self.unsupported(&format!("does not take {what} \"{value}\"; it takes {known}")))
            }
            _ => Ok(()),
        }
    }

    fn unsupported(&self, what: &str) -> Error {
        Error::new(ErrorKind::Unsupported, format!("the model \"{}\" {what}", self.card.name))
    }

    fn body<'a>(&'a self, request: &'a GenerateRequest) -> ImagesBody<'a> {
        ImagesBody {
            model: &self.card.name,
            prompt: &request.prompt,
            n: request.count,
            size: request.size.map(|size| size.to_string()),
            quality: self.quality.as_deref(),
            background: self.background.as_deref(),
            output_format: self.format.map(MediaType::name),
            response_format: self.delivery.map(ImageDelivery::as_str),
            seed: request.seed,
        }
    }

    async fn send(&self, request: &GenerateRequest) -> Result<Vec<u8>> {
        if self.capabilities.task == TaskKind::TextToImage {
            let body = serde_json::to_vec(&self.body(request)).map_err(|e| {
                Error::new(ErrorKind::Internal, format!("the request cannot be written: {e}")).with_source(e)
            })?;
            return self.server.post_bytes("images/generations", "application/json", body).await;
        }
        let (this, request) = (self.clone(), request.clone());
        let (content_type, form) = blocking(move || {
            let edit = Edit::of(&request, &this.model)?;
            let size = edit.size(&this.sizes).map(|size| size.to_string());
            Ok(edit.to_bytes(&ImagesBody { size, ..this.body(&request) }))
        })
        .await?;
        self.server.post_bytes("images/edits", &content_type, form).await
    }

    async fn pictures(&self, request: GenerateRequest) -> Result<GenerateReply> {
        let (bytes, count) = (self.send(&request).await?, request.count);
        let (places, usage) = blocking(move || Ok(ImagesAnswer::read(&bytes)?.places(count))).await?;
        let mut results = Vec::with_capacity(places.len());
        for place in places {
            results.push(match place {
                Ok(Place::Here(picture)) => Ok(*picture),
                Ok(Place::At(address)) => self.fetch(address).await,
                Err(error) => Err(error),
            });
        }
        // Pictures of one call share its seed: it would not make any of them again by itself.
        if let Some(seed) = request.seed.filter(|_| count == 1) {
            results.iter_mut().flatten().for_each(|picture| picture.seed = Some(seed));
        }
        Ok(GenerateReply::new(results).with_usage(usage))
    }

    async fn fetch(&self, address: Address) -> Result<Picture> {
        let bytes = self.server.get_bytes(&address.url).await;
        // Asking the model again would be paid for again.
        let bytes = bytes.map_err(|error| error.with_retryability(Retryability::Permanent))?;
        blocking(move || address.picture(bytes)).await
    }
}

#[async_trait]
impl ImageGenerator for OpenAiGenerator {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &GeneratorCapabilities {
        &self.capabilities
    }

    async fn generate(&self, request: GenerateRequest) -> Result<GenerateReply> {
        request.validate(&self.capabilities)?;
        let reply = self.pictures(request).await;
        reply.map_err(|e| e.with_operation("generate").with_context("model", &self.card.name))
    }
}
