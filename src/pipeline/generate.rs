//! Prompt to pictures, each kept as it comes.

use std::{pin::Pin, sync::Arc};

use futures_util::{Stream, StreamExt, TryStreamExt, stream};

use super::{
    CampaignPipeline, Shared,
    pictures::{self, campaign_key},
    references::found_before,
    step::Running,
};
use crate::{
    adapt::{self, Made},
    domain::{
        Campaign, CampaignId, Creative, CreativeId, Entry, GenerationRecord, Image, ImageRef, PixelSize, ReferenceId,
        Step, Timestamp, Usage,
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
            return Err(Error::invalid(format!("{} pictures were asked for, 1 to {MOST} can be", what.count)));
        }
        let campaign = self.shared.campaign(id).await?;
        let order = Order::new(&self.shared, &campaign, what).await?;
        let at_most = Usage { requests: what.count.into(), ..Usage::NONE }.with_output_pictures(what.count.into());
        let running = self.shared.begin(id, Step::Generate, at_most).await?;
        let request = order.request.clone().with_context(running.context());
        let places = adapt::fan_out(Arc::clone(&self.shared.generator), request, what.count)?;
        let work = Work { shared: Arc::clone(&self.shared), order, running };
        Ok(work.keep_all(Box::pin(places)))
    }
}

/// One call of `generate`: what is sent, and what every record of it says.
struct Order {
    request: GenerateRequest,
    prompt_version: u32,
    references: Vec<ReferenceId>,
    products: Vec<ImageRef>,
}

impl Order {
    async fn new(shared: &Shared, campaign: &Campaign, what: Generate) -> Result<Self> {
        let Some(prompt) = campaign.prompts.last() else {
            return Err(Error::new(
                ErrorKind::OutOfOrder,
                "there is no prompt yet: call `suggest_prompt` or `set_prompt` first",
            ));
        };
        let size = what.size.or(campaign.brief.channels.first().map(|channel| channel.size)).unwrap_or(DEFAULT_SIZE);
        if size.area() == 0 {
            return Err(Error::invalid(format!("a picture of {size} has no pixels")));
        }
        let chosen = if what.references { campaign.chosen() } else { &[] };
        let references = found_before(campaign, chosen)?;
        let products = campaign.brief.products.iter().filter_map(|product| product.packshot.clone());
        let products: Vec<_> = products.filter(|_| what.products).collect();
        let limits = shared.generator.capabilities();
        let mut request = GenerateRequest::new(&prompt.value.text, size)
            .with_references(
                shared.pictures(references.iter().map(|r| &r.image).take(limits.max_references)).await?,
            )
            .with_products(shared.pictures(products.iter().take(limits.max_products)).await?);
        request.negative_prompt = prompt.value.negative.clone();
        request.palette = campaign.brief.brand.as_ref().and_then(|brand| brand.palette);
        request.seed = what.seed;
        Ok(Self {
            prompt_version: prompt.version,
            references: campaign.chosen().to_vec(),
            products: request.products.iter().map(|image| image.reference().clone()).collect(),
            request,
        })
    }
}

/// Keeps the pictures of an order as they come, and notes the end of the step.
struct Work {
    shared: Arc<Shared>,
    order: Order,
    running: Running,
    places: Pin<Box<dyn Stream<Item = Made> + Send>>,
    first_error: Option<Error>,
}

impl Work {
    fn into_stream(self) -> Creatives {
        Box::pin(stream::unfold(Some(self), |work| async {
            let mut work = work?;
            let Some(made) = work.places.next().await else {
                // The end itself may fail to be noted; whoever waits for the stream shall know.
                let ended = work.running.end(work.first_error.map_or(Ok(()), Err), |()| Vec::new()).await;
                return ended.err().filter(|error| error.kind() == ErrorKind::StorageFull).map(|error| (Err(error), None));
            };
            let creative = work.keep(made).await;
            if let Err(error) = &creative {
                work.first_error.get_or_insert_with(|| error.clone());
            }
            Some((creative, Some(work)))
        }))
    }

    async fn keep(&self, made: Made) -> Result<Creative> {
        let picture = made.result?;
        let key = campaign_key(self.running.campaign(), picture.image.reference());
        self.shared.put(key, &picture.image, self.running.context()).await?;
        let creative = self.creative(picture, made.spend);
        self.running.keep(Entry::Creative { creative: Box::new(creative.clone()) }).await?;
        Ok(creative)
    }

    fn creative(&self, picture: Picture, spend: Spend) -> Creative {
        let card = self.shared.generator.card();
        let Order { request, prompt_version, references, notes } = &self.order;
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
                requested: request.size,
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
