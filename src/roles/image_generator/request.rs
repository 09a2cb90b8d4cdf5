//! What is asked of a generator.

use serde::Serialize;

use super::{GenerateReply, GeneratorCapabilities, Ground, PromptRule, Sizes, Task};
use crate::{
    domain::{Image, Palette, PixelSize, Usage},
    error::{Error, ErrorKind, Result},
    roles::{
        CallContext,
        request::{Hidden, failures, request},
    },
};

/// Pictures to make. `Debug` does not show the prompt.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GenerateRequest {
    /// What the pictures shall show.
    pub prompt: String,
    /// What they shall not show.
    pub negative_prompt: Option<String>,
    /// What is to be done, and on which pictures.
    pub task: Task,
    /// The size of each; none where the task gives it.
    pub size: Option<PixelSize>,
    /// How many, 1 to `max_count`.
    pub count: u32,
    /// The seed of the first; none lets the generator choose.
    pub seed: Option<u64>,
    /// How far the result may depart from the task's picture: 0 keeps it, 1 ignores it; none is the model's
    /// own measure.
    pub strength: Option<f64>,
    /// Past pictures to build on.
    pub references: Vec<Image>,
    /// Packshots to place, best cut-outs with transparent ground.
    pub products: Vec<Image>,
    /// Where in the references a product may stand; none leaves them as they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grounds: Vec<Ground>,
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
            .field("task", &self.task)
            .field("size", &self.size)
            .field("count", &self.count)
            .field("seed", &self.seed)
            .field("strength", &self.strength)
            .field("references", &self.references)
            .field("products", &self.products)
            .field("grounds", &self.grounds)
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
            task: Task::TextToImage,
            size: Some(size),
            count: 1,
            seed: None,
            strength: None,
            references: Vec::new(),
            products: Vec::new(),
            grounds: Vec::new(),
            palette: None,
            context: CallContext::new(),
        }
    }

    /// One picture of the size that `task` gives, without a prompt.
    #[must_use]
    pub fn of(task: Task) -> Self {
        Self { task, size: None, ..Self::new("", PixelSize::new(0, 0)) }
    }

    /// Sets what is to be done.
    #[must_use]
    pub fn with_task(mut self, task: Task) -> Self {
        self.task = task;
        self
    }

    /// Sets what the pictures shall show.
    #[must_use]
    pub fn with_prompt(mut self, prompt: impl Into<String>) -> Self {
        self.prompt = prompt.into();
        self
    }

    /// Sets how far the result may depart from the task's picture, 0 to 1.
    #[must_use]
    pub fn with_strength(mut self, strength: f64) -> Self {
        self.strength = Some(strength);
        self
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

    /// Sets where in the references a product may stand: at most one line of each.
    #[must_use]
    pub fn with_grounds(mut self, grounds: Vec<Ground>) -> Self {
        self.grounds = grounds;
        self
    }

    /// Sets the brand's colours.
    #[must_use]
    pub fn with_palette(mut self, palette: Palette) -> Self {
        self.palette = Some(palette);
        self
    }

    /// The size asked for.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when none is.
    pub fn required_size(&self) -> Result<PixelSize> {
        self.size.ok_or_else(|| Error::invalid("no size is asked for: this generator makes pictures of any"))
    }

    /// Refuses what `capabilities` exclude: the check every generator makes first. Pictures are not looked at.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) naming the field and the limit;
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an empty prompt, no size, a count of 0 or a ground that is
    /// no line of one of the references.
    pub fn validate(&self, capabilities: &GeneratorCapabilities) -> Result<()> {
        let can = capabilities;
        let unsupported = |what: String| Err(Error::new(ErrorKind::Unsupported, what));
        let task = self.task.kind();
        if task != can.task {
            return unsupported(format!("the task {task}; this generator serves {}", can.task));
        }
        self.validate_words(can)?;
        if self.count == 0 {
            return Err(Error::invalid("0 pictures were asked for"));
        }
        if self.count > can.max_count {
            let (count, most) = (self.count, can.max_count);
            return unsupported(format!("{count} pictures in one call; this generator makes {most}"));
        }
        match (self.size, &can.sizes) {
            (None, Sizes::OfTask) => {}
            (Some(size), Sizes::OfTask) => {
                return unsupported(format!("the size {size}; the task gives the size of its pictures"));
            }
            (None, _) => drop(self.required_size()?),
            (Some(size), sizes) if !sizes.contains(size) => {
                return unsupported(format!("the size {size}; this generator delivers {sizes:?}"));
            }
            _ => {}
        }
        match (self.seed, &can.seeds) {
            (Some(_), None) => return unsupported("a seed".into()),
            (Some(seed), Some(seeds)) if !seeds.contains(&seed) => {
                let (first, last) = (seeds.start(), seeds.end());
                return unsupported(format!("the seed {seed}; seeds are {first} to {last}"));
            }
            _ => {}
        }
        match (self.strength, &can.strength) {
            (Some(_), None) => return unsupported("a strength".into()),
            (Some(strength), Some(range)) if !range.contains(&strength) => {
                let (least, most) = (range.start(), range.end());
                return unsupported(format!("the strength {strength}; strengths are {least} to {most}"));
            }
            _ => {}
        }
        if self.references.len() > can.max_references {
            let (count, most) = (self.references.len(), can.max_references);
            return unsupported(format!("{count} references; this generator takes {most}"));
        }
        if self.products.len() > can.max_products {
            let (count, most) = (self.products.len(), can.max_products);
            return unsupported(format!("{count} products; this generator takes {most}"));
        }
        if self.palette.is_some() && !can.palette {
            return unsupported("a palette".into());
        }
        if !self.grounds.is_empty() && !can.grounds {
            return unsupported("a ground: this generator places no product in a reference".into());
        }
        Ground::validate(&self.grounds, self.references.len())
    }

    fn validate_words(&self, can: &GeneratorCapabilities) -> Result<()> {
        let refused = |what: &str| Err(Error::new(ErrorKind::Unsupported, what));
        match (self.prompt.trim().is_empty(), can.prompt) {
            (true, PromptRule::Required) => return Err(Error::invalid("the prompt is empty")),
            (false, PromptRule::Refused) => return refused("a prompt: the task has no use for one"),
            _ => {}
        }
        if self.negative_prompt.is_some() && !can.negative_prompt {
            return refused("a negative prompt");
        }
        let negative = self.negative_prompt.as_deref().unwrap_or_default();
        for (what, text) in [("prompt", &*self.prompt), ("negative prompt", negative)] {
            let (length, most) = (text.chars().count(), can.max_prompt_chars);
            if length > most {
                return Err(Error::invalid(format!(
                    "the {what} has {length} characters, this generator takes {most}"
                )));
            }
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
