//! What a generator can do.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::TaskKind;
use crate::domain::PixelSize;

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
    /// Any width and height within the limits, of which large and long ones are not.
    Within {
        /// The shortest side.
        min: u32,
        /// The longest side.
        max: u32,
        /// Both sides are a multiple of this.
        multiple_of: u32,
        /// The most pixels in all.
        max_pixels: u64,
        /// The most times that the long side is as long as the short one.
        max_ratio: u32,
    },
    /// These only. A model that takes aspect ratios lists the sizes it delivers for them.
    These(Vec<PixelSize>),
    /// As the task's pictures give it: that of the picture, with its margins, enlarged. A request names none.
    OfTask,
}

impl Sizes {
    /// Whether a picture of this size can be asked for.
    #[must_use]
    pub fn contains(&self, size: PixelSize) -> bool {
        match self {
            Self::Any { min, max, multiple_of } => [size.width, size.height]
                .iter()
                .all(|side| (min..=max).contains(&side) && side.is_multiple_of((*multiple_of).max(1))),
            Self::Within { min, max, multiple_of, max_pixels, max_ratio } => {
                let (short, long) = (size.width.min(size.height), size.width.max(size.height));
                let grid = Self::Any { min: *min, max: *max, multiple_of: *multiple_of };
                grid.contains(size)
                    && size.area() <= *max_pixels
                    && u64::from(long) <= u64::from(short) * u64::from(*max_ratio)
            }
            Self::These(sizes) => sizes.contains(&size),
            Self::OfTask => false,
        }
    }
}

/// What is to be said of the words of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PromptRule {
    /// There must be a prompt.
    Required,
    /// There may be one.
    Optional,
    /// The task has no use for one.
    Refused,
}

/// What a generator can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GeneratorCapabilities {
    /// The task it serves.
    pub task: TaskKind,
    /// The sizes it delivers.
    pub sizes: Sizes,
    /// The most pictures of one call.
    pub max_count: u32,
    /// Whether it takes a prompt.
    pub prompt: PromptRule,
    /// The longest prompt, in characters; the negative one may be as long.
    pub max_prompt_chars: usize,
    /// Takes a negative prompt.
    pub negative_prompt: bool,
    /// The seeds it takes, the first and the last included; none if it takes no seed.
    pub seeds: Option<RangeInclusive<u64>>,
    /// The strengths it takes, within 0 to 1; none if the task has no strength.
    pub strength: Option<RangeInclusive<f64>>,
    /// How many past pictures it builds on.
    pub max_references: usize,
    /// How many packshots it places.
    pub max_products: usize,
    /// Places packshots in references, on ground that is pointed out.
    #[serde(default)]
    pub grounds: bool,
    /// Keeps to a palette.
    pub palette: bool,
    /// Gives the same bytes for the same request and seed.
    pub deterministic: bool,
}

impl GeneratorCapabilities {
    /// One picture at a time of one of `sizes`, from a prompt of at most `max_prompt_chars` characters and nothing
    /// else.
    #[must_use]
    pub fn new(sizes: Sizes, max_prompt_chars: usize) -> Self {
        Self {
            task: TaskKind::TextToImage,
            sizes,
            max_count: 1,
            prompt: PromptRule::Required,
            max_prompt_chars,
            negative_prompt: false,
            seeds: None,
            strength: None,
            max_references: 0,
            max_products: 0,
            grounds: false,
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

    /// Takes these seeds.
    #[must_use]
    pub fn with_seeds(mut self, seeds: RangeInclusive<u64>) -> Self {
        self.seeds = Some(seeds);
        self
    }

    /// Takes these strengths.
    #[must_use]
    pub fn with_strength(mut self, strength: RangeInclusive<f64>) -> Self {
        self.strength = Some(strength);
        self
    }

    /// Serves another task than making pictures from a prompt, with such a prompt.
    #[must_use]
    pub fn with_task(mut self, task: TaskKind, prompt: PromptRule) -> Self {
        self.task = task;
        self.prompt = prompt;
        self
    }

    /// Builds on past pictures and places packshots.
    #[must_use]
    pub fn with_pictures(mut self, references: usize, products: usize) -> Self {
        self.max_references = references;
        self.max_products = products;
        self
    }

    /// Places packshots in references, on ground that is pointed out.
    #[must_use]
    pub fn with_grounds(mut self) -> Self {
        self.grounds = true;
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
