//! Prompt to pictures, each kept as it comes.

use std::{pin::Pin, sync::Arc};

use futures_util::{Stream, StreamExt, stream};

use super::{
    CampaignPipeline, Shared,
    pictures::{campaign_key, key},
    references::found_before,
    step::Running,
};
use crate::{
    adapt::{self, Made},
    domain::{
        Campaign, CampaignId, Creative, CreativeId, Entry, GenerationRecord, Image, ImageRef, PixelSize,
        ReferenceId, Spend, Step, Timestamp, Usage,
    },
    error::{Error, ErrorKind, Result},
    roles::{GenerateRequest, Picture},
};

/// The most pictures of one call, so that a typing error does not cost a fortune.
const MOST: u32 = 100;

/// The size where neither the call nor the brief names one.
const DEFAULT_SIZE: PixelSize = PixelSize::new(1200, 628);

/// What to generate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generate {
    /// How many pictures, 1 to 100.
    pub count: u32,
    /// The size of each; none takes the first channel of the brief, or 1200 x 628.
    pub size: Option<PixelSize>,
    /// The seed of the first; none draws one where the generator takes seeds.
    pub seed: Option<u64>,
    /// Give the chosen references to the generator, as far as it takes any.
    pub references: bool,
    /// Give the brief's packshots to the generator, as far as it takes any.
    pub products: bool,
}

impl Generate {
    /// `count` pictures from the chosen references and the brief's packshots.
    #[must_use]
    pub fn new(count: u32) -> Self {
        Self { count, size: None, seed: None, references: true, products: true }
    }

    /// Sets the size of each picture.
    #[must_use]
    pub fn with_size(mut self, width: u32, height: u32) -> Self {
        self.size = Some(PixelSize::new(width, height));
        self
    }

    /// Sets the seed of the first picture; the others follow from it.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Keeps the references from the generator: the prompt has to do.
    #[must_use]
    pub fn without_references(mut self) -> Self {
        self.references = false;
        self
    }

    /// Keeps the packshots from the generator.
    #[must_use]
    pub fn without_products(mut self) -> Self {
        self.products = false;
        self
    }
}

/// What became of each picture that was asked for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Generated {
    /// The pictures that were made and kept, in the order they came.
    pub creatives: Vec<Creative>,
    /// The errors of those that were not.
    pub failed: Vec<Error>,
}

/// The pictures of a call as they come; an error stands for one picture that was not made.
pub type Creatives = Pin<Box<dyn Stream<Item = Result<Creative>> + Send>>;

impl CampaignPipeline {
    /// Generates pictures from the current prompt and keeps each as it comes.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) for an unknown id; [`OutOfOrder`](ErrorKind::OutOfOrder)
    /// before there is a prompt; [`InvalidInput`](ErrorKind::InvalidInput) for a count outside 1 to
    /// 100 or a size without pixels. All of these before anything is spent. When no picture at all was
    /// made, the error of the first.
    pub async fn generate(&self, id: &CampaignId, what: Generate) -> Result<Generated> {
        let mut stream = self.generate_stream(id, what).await?;
        let mut made = Generated { creatives: Vec::new(), failed: Vec::new() };
        while let Some(creative) = stream.next().await {
            match creative {
                Ok(creative) => made.creatives.push(creative),
                Err(error) => made.failed.push(error),
            }
        }
        match made.failed.first() {
            Some(error) if made.creatives.is_empty() => Err(error.clone()),
            _ => Ok(made),
        }
    }

    /// As [`generate`](Self::generate), but gives each picture when it is kept.
    ///
    /// Dropping the stream stops the work; pictures that were given are kept, and the campaign shows the
    /// step as unfinished.
    ///
    /// # Errors
    /// As for [`generate`](Self::generate), but for errors of single pictures, which come in the stream.
    pub async fn generate_stream(&self, id: &CampaignId, what: Generate) -> Result<Creatives> {
        if what.count == 0 || what.count > MOST {
            return Err(Error::invalid(format!(
                "{} pictures were asked for, 1 to {MOST} can be",
                what.count
            )));
        }
        let campaign = self.shared.campaign(id).await?;
        let order = Order::new(&self.shared, &campaign, what).await?;
        let calls = what.count.div_ceil(self.shared.generator.capabilities().max_count.max(1));
        let at_most = Usage { requests: calls.into(), ..Usage::NONE }.with_output_pictures(what.count.into());
        let running = self.shared.begin(id, Step::Generate, at_most).await?;
        let request = order.request.clone().with_context(running.context());
        let places = Box::pin(adapt::fan_out(Arc::clone(&self.shared.generator), request, what.count)?);
        let keeper = Keeper { shared: Arc::clone(&self.shared), order, running };
        Ok(keeper.keep_all(places))
    }
}

/// One call of `generate`: what is sent, and what every record of it says.
struct Order {
    request: GenerateRequest,
    /// The size asked for; the request has the one that the generator delivers.
    size: PixelSize,
    prompt_version: u32,
    references: Vec<ReferenceId>,
    notes: Vec<String>,
}

impl Order {
    /// Puts the request together and checks it: whatever is wrong shows here, before anything is spent.
    async fn new(shared: &Shared, campaign: &Campaign, what: Generate) -> Result<Self> {
        let Some(prompt) = campaign.prompts.last() else {
            return Err(Error::new(
                ErrorKind::OutOfOrder,
                "there is no prompt yet: call `suggest_prompt` or `set_prompt` first",
            ));
        };
        let channel = campaign.brief.channels.first().map(|channel| channel.size);
        let size = what.size.or(channel).unwrap_or(DEFAULT_SIZE);
        let mut request = GenerateRequest::new(&prompt.value.text, size);
        request.negative_prompt.clone_from(&prompt.value.negative);
        request.palette = campaign.brief.brand.as_ref().and_then(|brand| brand.palette);
        request.seed = what.seed;
        let limits = shared.generator.capabilities();
        if what.references {
            let chosen = found_before(campaign, campaign.chosen())?;
            let images = chosen.iter().map(|reference| &reference.image);
            request.references = shared.pictures(images.take(limits.max_references)).await?;
        }
        if what.products {
            let packshots = campaign.brief.products.iter().filter_map(|product| product.packshot.as_ref());
            request.products = shared.pictures(packshots.take(limits.max_products)).await?;
        }
        let (request, notes) = adapt::fit_request(request, limits)?;
        Ok(Self {
            request,
            size,
            prompt_version: prompt.version,
            references: campaign.chosen().to_vec(),
            notes,
        })
    }
}

impl Shared {
    async fn pictures<'a>(&self, images: impl Iterator<Item = &'a ImageRef> + Send) -> Result<Vec<Image>> {
        let mut all = Vec::new();
        for image in images {
            all.push(self.picture(&key(image), image).await?);
        }
        Ok(all)
    }
}

/// Keeps the pictures of an order as they come, and notes the end of the step.
struct Keeper {
    shared: Arc<Shared>,
    order: Order,
    running: Running,
}

impl Keeper {
    fn keep_all(self, places: impl Stream<Item = Made> + Send + Unpin + 'static) -> Creatives {
        let state = (Some(self), places, None);
        Box::pin(stream::unfold(state, |(keeper, mut places, mut first_error)| async move {
            let keeper = keeper?;
            let Some(made) = places.next().await else {
                let known = first_error.is_some();
                let ended = keeper.running.end(first_error.map_or(Ok(()), Err), |()| Vec::new()).await;
                // An error of a picture was given already; that the end could not be kept is news.
                return ended.err().filter(|_| !known).map(|error| (Err(error), (None, places, None)));
            };
            let creative = keeper.keep(made).await;
            if let Err(error) = &creative {
                first_error.get_or_insert_with(|| error.clone());
            }
            Some((creative, (Some(keeper), places, first_error)))
        }))
    }

    async fn keep(&self, made: Made) -> Result<Creative> {
        let picture = adapt::to_size(made.result?, self.order.size).await?;
        let key = campaign_key(self.running.campaign(), picture.image.reference());
        self.shared.put(key, &picture.image, self.running.context()).await?;
        let creative = self.creative(picture, made.spend);
        self.running.keep(Entry::Creative { creative: Box::new(creative.clone()) }).await?;
        Ok(creative)
    }

    fn creative(&self, picture: Picture, spend: Spend) -> Creative {
        let card = self.shared.generator.card();
        let Order { request, size, prompt_version, references, notes } = &self.order;
        Creative {
            id: CreativeId::fresh(),
            campaign: self.running.campaign().clone(),
            image: picture.image.reference().clone(),
            record: GenerationRecord {
                prompt: request.prompt.clone(),
                negative_prompt: request.negative_prompt.clone(),
                prompt_version: *prompt_version,
                provider: card.provider.clone(),
                model: card.name.clone(),
                seed: picture.seed,
                requested: *size,
                delivered: picture.size,
                references: references.clone(),
                products: request.products.iter().map(|image| image.reference().clone()).collect(),
                copy_space: picture.copy_space,
                notes: notes.iter().cloned().chain(picture.notes).collect(),
                spend,
            },
            created_at: Timestamp::now(),
            verdict: None,
            promoted: None,
        }
    }
}
