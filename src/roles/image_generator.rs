//! A prompt in, pictures out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{
    CallContext,
    request::{Hidden, failures, reply, request},
};
use crate::{
    domain::{Card, CopySpace, Image, Palette, PixelSize, Usage},
    error::{Error, Result},
};

/// Makes pictures for one task.
#[cfg_attr(feature = "test-util", mockall::automock)]
#[async_trait]
pub trait ImageGenerator: std::fmt::Debug + Send + Sync + 'static {
    /// Who generates, its limits and prices.
    fn card(&self) -> &Card;

    /// What the generator can do.
    fn capabilities(&self) -> &GeneratorCapabilities;

    /// Makes `count` pictures.
    ///
    /// # Guarantees
    /// Each picture has the size asked for, and comes with the seed really used and the bytes as the
    /// model delivered them. The same request with the same seed gives the same bytes where the
    /// capabilities say `deterministic`.
    /// # Ordering
    /// One result per picture. With a seed, the pictures of one call differ from each other.
    /// # Partial failure
    /// A picture that was filtered or failed has an error at its place: `Blocked` says at which stage,
    /// why, and whether it is charged. `Err` of the call means that nothing was made.
    /// # Idempotency
    /// None: a call made twice is billed twice.
    /// # Cancellation
    /// Dropping the future stops the work; a provider may still make and bill the pictures.
    /// # Errors
    /// `Unsupported` for a size, count, seed, negative prompt, reference or product that the
    /// capabilities exclude; `InvalidInput` for an empty or over-long prompt or nothing to work with; transport errors.
    async fn generate(&self, request: GenerateRequest) -> Result<GenerateReply>;
}

/// The sizes a generator delivers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Sizes {
    /// Any width and height within the limits.
    Any {
        /// The shortest side.
        min: u32,
        /// The longest side.
        max: u32,
        /// Both sides are a multiple of this.
        multiple_of: u32,
    },
    /// These only. A model that takes aspect ratios lists the sizes it delivers for them.
    These(Vec<PixelSize>),
}

impl Sizes {
    /// Whether a picture of this size can be asked for.
    #[must_use]
    pub fn contains(&self, size: PixelSize) -> bool {
        match self {
            Self::Any { min, max, multiple_of } => [size.width, size.height]
                .iter()
                .all(|side| (min..=max).contains(&side) && side.is_multiple_of((*multiple_of).max(1))),
            Self::These(sizes) => sizes.contains(&size),
        }
    }
}

/// What a generator can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GeneratorCapabilities {
    /// The sizes it delivers.
    pub sizes: Sizes,
    /// The most pictures of one call.
    pub max_count: u32,
    /// The longest prompt, in characters.
    pub max_prompt_chars: usize,
    /// Takes a negative prompt.
    pub negative_prompt: bool,
    /// The largest seed it takes; none if it takes no seed. The smallest is 0.
    pub max_seed: Option<u64>,
    /// How many past pictures it builds on.
    pub max_references: usize,
    /// How many packshots it places.
    pub max_products: usize,
    /// Keeps to a palette.
    pub palette: bool,
    /// Gives the same bytes for the same request and seed.
    pub deterministic: bool,
}

impl GeneratorCapabilities {
    /// One picture at a time of one of `sizes`, from a prompt of at most `max_prompt_chars` characters and nothing else.
    #[must_use]
    pub fn new(sizes: Sizes, max_prompt_chars: usize) -> Self {
        Self {
            sizes,
            max_count: 1,
            max_prompt_chars,
            negative_prompt: false,
            max_seed: None,
            max_references: 0,
            max_products: 0,
            palette: false,
            deterministic: false,
        }
    }

    /// Sets the most pictures of one call.
    #[must_use]
    pub fn with_max_count(mut self, pictures: u32) -> Self {
        self.max_count = pictures.max(1);
        self
    }

    /// Takes a negative prompt.
    #[must_use]
    pub fn with_negative_prompt(mut self) -> Self {
        self.negative_prompt = true;
        self
    }

    /// Takes seeds from 0 to `seed`.
    #[must_use]
    pub fn with_max_seed(mut self, seed: u64) -> Self {
        self.max_seed = Some(seed);
        self
    }

    /// Builds on past pictures and places packshots.
    #[must_use]
    pub fn with_pictures(mut self, references: usize, products: usize) -> Self {
        self.max_references = references;
        self.max_products = products;
        self
    }

    /// Keeps to a palette.
    #[must_use]
    pub fn with_palette(mut self) -> Self {
        self.palette = true;
        self
    }

    /// Gives the same bytes for the same request and seed.
    #[must_use]
    pub fn with_determinism(mut self) -> Self {
        self.deterministic = true;
        self
    }
}

/// Pictures to make. `Debug` does not show the prompt.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GenerateRequest {
    /// What the pictures shall show.
    pub prompt: String,
    /// What they shall not show.
    pub negative_prompt: Option<String>,
    /// The size of each.
    pub size: PixelSize,
    /// How many, 1 to `max_count`.
    pub count: u32,
    /// The seed of the first; none lets the generator choose.
    pub seed: Option<u64>,
    /// Past pictures to build on.
    pub references: Vec<Image>,
    /// Packshots to place, best cut-outs with transparent ground.
    pub products: Vec<Image>,
    /// The brand's colours.
    pub palette: Option<Palette>,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl std::fmt::Debug for GenerateRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GenerateRequest")
            .field("prompt", &Hidden(&self.prompt))
            .field("negative_prompt", &self.negative_prompt.as_deref().map(Hidden))
            .field("size", &self.size)
            .field("count", &self.count)
            .field("seed", &self.seed)
            .field("references", &self.references)
            .field("products", &self.products)
            .field("palette", &self.palette)
            .finish_non_exhaustive()
    }
}

impl GenerateRequest {
    /// One picture of `size` from `prompt`.
    pub fn new(prompt: impl Into<String>, size: PixelSize) -> Self {
        Self {
            prompt: prompt.into(),
            negative_prompt: None,
            size,
            count: 1,
            seed: None,
            references: Vec::new(),
            products: Vec::new(),
            palette: None,
            context: CallContext::new(),
        }
    }

    /// Sets what the pictures shall not show.
    #[must_use]
    pub fn with_negative_prompt(mut self, negative: impl Into<String>) -> Self {
        self.negative_prompt = Some(negative.into());
        self
    }

    /// Sets how many pictures.
    #[must_use]
    pub fn with_count(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// Sets the seed of the first picture.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets the past pictures to build on.
    #[must_use]
    pub fn with_references(mut self, references: Vec<Image>) -> Self {
        self.references = references;
        self
    }

    /// Sets the packshots to place.
    #[must_use]
    pub fn with_products(mut self, products: Vec<Image>) -> Self {
        self.products = products;
        self
    }

    /// Sets the brand's colours.
    #[must_use]
    pub fn with_palette(mut self, palette: Palette) -> Self {
        self.palette = Some(palette);
        self
    }

    /// Refuses what `capabilities` exclude: the check every generator makes first.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) naming the field and the limit;
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an empty prompt or a count of 0.
    pub fn validate(&self, capabilities: &GeneratorCapabilities) -> Result<()> {
        let unsupported = |what: String| Err(Error::new(crate::ErrorKind::Unsupported, what));
        if self.prompt.trim().is_empty() {
            return Err(Error::invalid("the prompt is empty"));
        }
        let length = self.prompt.chars().count();
        if length > capabilities.max_prompt_chars {
            let most = capabilities.max_prompt_chars;
            return Err(Error::invalid(format!(
                "the prompt has {length} characters, this generator takes {most}"
            )));
        }
        if self.count == 0 {
            return Err(Error::invalid("0 pictures were asked for"));
        }
        if self.count > capabilities.max_count {
            return unsupported(format!(
                "{} pictures in one call; this generator makes {}",
                self.count, capabilities.max_count
            ));
        }
        if !capabilities.sizes.contains(self.size) {
            return unsupported(format!(
                "the size {}; this generator delivers {:?}",
                self.size, capabilities.sizes
            ));
        }
        if self.negative_prompt.is_some() && !capabilities.negative_prompt {
            return unsupported("a negative prompt".into());
        }
        match (self.seed, capabilities.max_seed) {
            (Some(_), None) => return unsupported("a seed".into()),
            (Some(seed), Some(most)) if seed > most => {
                return unsupported(format!("the seed {seed}; the largest is {most}"));
            }
            _ => {}
        }
        if self.references.len() > capabilities.max_references {
            return unsupported(format!(
                "{} references; this generator takes {}",
                self.references.len(),
                capabilities.max_references
            ));
        }
        if self.products.len() > capabilities.max_products {
            return unsupported(format!(
                "{} products; this generator takes {}",
                self.products.len(),
                capabilities.max_products
            ));
        }
        if self.palette.is_some() && !capabilities.palette {
            return unsupported("a palette".into());
        }
        Ok(())
    }
}

request!(@request GenerateRequest, GenerateReply, "generate", true, |r| {
    Usage::REQUEST.with_output_pictures(r.count.into()).with_tokens(r.prompt.len() as u64, 0)
}, |request, reply| {
    // Seeds after those already used: a place that is asked for again never repeats a picture that was made.
    // When none was made, the seeds asked for are still free.
    let open = failures(&reply.results).into_iter().filter(|e| e.is_transient()).count();
    let count = u32::try_from(open).ok().filter(|open| *open > 0)?;
    let used = if reply.results.iter().any(Result::is_ok) { u64::from(request.count) } else { 0 };
    let seed = request.seed.map(|seed| seed.saturating_add(used));
    Some(GenerateRequest { count, seed, ..request.clone() })
});

/// A generated picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Picture {
    /// The picture as delivered.
    pub image: Image,
    /// Its size.
    pub size: PixelSize,
    /// The seed really used; none where the model does not tell.
    pub seed: Option<u64>,
    /// Where it leaves room for copy, where that is known.
    pub copy_space: Option<CopySpace>,
    /// What there is to say of it: "this is a comp", "enlarged 1.4 times".
    pub notes: Vec<String>,
}

impl Picture {
    /// A picture of `size`.
    #[must_use]
    pub fn new(image: Image, size: PixelSize) -> Self {
        Self { image, size, seed: None, copy_space: None, notes: Vec::new() }
    }

    /// Sets the seed that was used.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets where there is room for copy.
    #[must_use]
    pub fn with_copy_space(mut self, space: CopySpace) -> Self {
        self.copy_space = Some(space);
        self
    }

    /// Adds something to say of it.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

/// The pictures.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GenerateReply {
    /// One result per picture asked for.
    pub results: Vec<Result<Picture>>,
    /// What the call used.
    pub usage: Usage,
}

impl GenerateReply {
    /// Results, counted as one request and the pictures that are there.
    #[must_use]
    pub fn new(results: Vec<Result<Picture>>) -> Self {
        let made = results.iter().filter(|result| result.is_ok()).count() as u64;
        Self { results, usage: Usage::REQUEST.with_output_pictures(made) }
    }

    /// Sets what the call used.
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }
}

reply!(GenerateReply[results]);
