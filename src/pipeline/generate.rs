//! Prompt to pictures, each kept as it comes.

use std::{collections::BTreeMap, pin::Pin, sync::Arc};

use futures_util::{Stream, StreamExt, stream};

use super::{
    CampaignPipeline, Shared,
    pictures::{campaign_key, key},
    references::found_before,
    step::Running,
};
use crate::{
    adapt::{self, Made, Offered},
    domain::{
        Campaign, CampaignId, Creative, CreativeId, Entry, GenerationRecord, Image, ImageRef, PixelSize,
        ReferenceId, Step, Timestamp,
    },
    error::{Error, ErrorKind, Result},
    roles::{GenerateRequest, GeneratorCapabilities, Ground, GroundLine, ImageGenerator},
};

/// The most pictures of one call, so that a typing error does not cost a fortune.
const MOST: u32 = 100;

/// The size where neither the call nor the brief names one.
const DEFAULT_SIZE: PixelSize = PixelSize::new(1200, 628);

/// What to generate.
///
/// ```
/// # use keyvisual::{CampaignPipeline, Generate, domain::Campaign};
/// # async fn example(pipeline: CampaignPipeline, campaign: Campaign) -> keyvisual::Result<()> {
/// // A person has marked the desk in the first of the chosen references: the product shall stand there.
/// let mut what = Generate::new(4).with_size(1200, 628);
/// if let Some(desk) = campaign.chosen().first() {
///     what = what.with_ground(desk.clone(), 0.84);
/// }
/// let made = pipeline.generate(&campaign.id, what).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
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
    /// The lines of chosen references on which a product may stand.
    pub grounds: BTreeMap<ReferenceId, GroundLine>,
}

impl Generate {
    /// `count` pictures from the chosen references and the brief's packshots.
    #[must_use]
    pub fn new(count: u32) -> Self {
        Self { count, size: None, seed: None, references: true, products: true, grounds: BTreeMap::new() }
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

    /// Lets a product stand in one of the chosen references, on ground that a person has pointed out: a row of it in
    /// shares of its height, or a [`GroundLine`] that ends. A generator that places no product in a reference leaves
    /// this out, and the notes say so.
    #[must_use]
    pub fn with_ground(mut self, reference: impl Into<ReferenceId>, line: impl Into<GroundLine>) -> Self {
        self.grounds.insert(reference.into(), line.into());
        self
    }

    /// The grounds by the place of their reference among those that are `given` to the generator.
    fn grounds_in(&self, given: &[ReferenceId]) -> Result<Vec<Ground>> {
        let place = |(reference, line): (&ReferenceId, &GroundLine)| {
            let place = given.iter().position(|one| one == reference);
            place.map(|place| Ground::new(place, *line)).ok_or_else(|| {
                Error::invalid(format!(
                    "a ground is given for reference {reference}, which is none of the {} that go to the generator: \
                     choose it first, and keep `references`",
                    given.len()
                ))
            })
        };
        self.grounds.iter().map(place).collect()
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
    /// 100, a size without pixels, or a ground that is no line of a chosen reference. All of these before anything is
    /// spent. When no picture at all was
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
        let (order, facts) = self.shared.order(&campaign, &what).await?;
        let running = self.shared.begin(id, Step::Generate, order.at_most()).await?;
        let places = order.make(running.context());
        let keeper = Keeper { shared: Arc::clone(&self.shared), facts, running };
        Ok(keeper.keep_all(places))
    }
}

/// What every record of one call of `generate` says.
struct Facts {
    /// The size asked for; requests have the one that the generator delivers.
    size: PixelSize,
    prompt_version: u32,
    references: Vec<ReferenceId>,
}

impl Shared {
    /// Puts the request together and checks it: whatever is wrong shows here, before anything is spent.
    async fn order(
        &self,
        campaign: &Campaign,
        what: &Generate,
    ) -> Result<(adapt::Order<Arc<dyn ImageGenerator>>, Facts)> {
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
        let given = if what.references { campaign.chosen() } else { &[] };
        request.grounds = what.grounds_in(given)?;
        let chosen = found_before(campaign, given)?;
        let chosen: Vec<_> = chosen.iter().map(|reference| &reference.image).collect();
        let packshots = campaign.brief.products.iter().filter_map(|product| product.packshot.as_ref());
        let packshots: Vec<_> = packshots.filter(|_| what.products).collect();
        let offered = Offered { references: chosen.len(), products: packshots.len() };
        // Only what some generator takes is read.
        let most = |limit: fn(&GeneratorCapabilities) -> usize| {
            self.generators
                .generators()
                .map(|generator| limit(generator.capabilities()))
                .max()
                .unwrap_or_default()
        };
        request.references = self.pictures(&chosen, most(|can| can.max_references)).await?;
        request.products = self.pictures(&packshots, most(|can| can.max_products)).await?;
        let order = self.generators.order_of(request, offered, what.count)?;
        let references = campaign.chosen().to_vec();
        Ok((order, Facts { size, prompt_version: prompt.version, references }))
    }

    async fn pictures(&self, images: &[&ImageRef], most: usize) -> Result<Vec<Image>> {
        let mut all = Vec::new();
        for image in images.iter().take(most) {
            all.push(self.picture(&key(image), image).await?);
        }
        Ok(all)
    }
}

/// Keeps the pictures of an order as they come, and notes the end of the step.
struct Keeper {
    shared: Arc<Shared>,
    facts: Facts,
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

    async fn put(&self, image: &Image) -> Result<()> {
        let key = campaign_key(self.running.campaign(), image.reference());
        self.shared.put(key, image, self.running.context()).await.map(|_| ())
    }

    async fn keep(&self, made: Made) -> Result<Creative> {
        let Made { result, spend, by, request, notes, passed_over, .. } = made;
        let original = result?;
        // It is paid for: kept before anything is done with it.
        self.put(&original.image).await?;
        let (made_at, original_image) = (original.size, original.image.reference().clone());
        let picture = adapt::to_size(original, self.facts.size).await?;
        let changed = *picture.image.reference() != original_image;
        if changed {
            self.put(&picture.image).await?;
        }
        if let Some(mask) = &picture.product_mask {
            self.put(mask).await?;
        }
        let record = GenerationRecord {
            prompt: request.prompt.clone(),
            negative_prompt: request.negative_prompt.clone(),
            prompt_version: self.facts.prompt_version,
            provider: by.provider,
            model: by.name,
            seed: picture.seed,
            requested: self.facts.size,
            made: Some(made_at),
            original: changed.then_some(original_image),
            delivered: picture.size,
            references: self.facts.references.clone(),
            products: request.products.iter().map(|image| image.reference().clone()).collect(),
            copy_space: picture.copy_space,
            comp: picture.comp,
            product_mask: picture.product_mask.map(|mask| mask.reference().clone()),
            notes: passed_over.into_iter().chain(notes).chain(picture.notes).collect(),
            spend,
        };
        let creative = Creative {
            id: CreativeId::fresh(),
            campaign: self.running.campaign().clone(),
            image: picture.image.reference().clone(),
            record,
            created_at: Timestamp::now(),
            verdict: None,
            promoted: None,
        };
        self.running.keep(Entry::Creative { creative: Box::new(creative.clone()) }).await?;
        Ok(creative)
    }
}
