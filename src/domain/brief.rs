//! What the marketer asks for.

use serde::{Deserialize, Serialize};

use super::{Audience, Brand, ImageRef, Objective, PixelSize};
use crate::error::{Error, Result};

/// The longest description, in characters: about ten pages.
const MAX_DESCRIPTION: usize = 20_000;

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// What a campaign is about, for whom and what for.
///
/// ```
/// use keyvisual::domain::Brief;
///
/// let brief = Brief::new("Autumn coffee", "Slow mornings in the city, warm light")
///     .with_objective("Clicks")
///     .with_audience("new customers");
/// assert_eq!(brief.objective.as_ref().map(|o| o.as_str()), Some("clicks"));
/// brief.validate()?;
/// assert!(Brief::new(" ", "no name").validate().is_err());
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Brief {
    /// The campaign's name, at most 200 characters.
    pub name: String,
    /// What it is about, in any language, at most 20 000 characters.
    pub description: String,
    /// What it shall achieve; none searches references of every objective.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<Objective>,
    /// Whom it speaks to; none searches references for every audience.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// The brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<Brand>,
    /// The products to show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Product>,
    /// Where the pictures will run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// The language of the brief as a BCP 47 tag, such as `es`; none if not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// A product, with its packshot where there is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Product {
    /// The name as written in public.
    pub name: String,
    /// What it is and looks like.
    #[serde(default)]
    pub description: String,
    /// A clean picture of it, best a cut-out with transparent ground, kept in the asset store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packshot: Option<ImageRef>,
}

/// A place where a picture runs, with its exact size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Channel {
    /// Its name, such as `meta feed`.
    pub name: String,
    /// The size of the picture.
    pub size: PixelSize,
}

impl Product {
    /// A product known by its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: String::new(), packshot: None }
    }

    /// Says what it is and looks like.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Refers to its packshot, which must be in the pipeline's asset store when pictures are generated.
    #[must_use]
    pub fn with_packshot(mut self, packshot: ImageRef) -> Self {
        self.packshot = Some(packshot);
        self
    }
}

impl Channel {
    /// A channel that takes pictures of `width` x `height` pixels.
    pub fn new(name: impl Into<String>, width: u32, height: u32) -> Self {
        Self { name: name.into(), size: PixelSize::new(width, height) }
    }
}

impl Brief {
    /// A brief without objective, audience, brand, products and channels.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            objective: None,
            audience: None,
            brand: None,
            products: Vec::new(),
            channels: Vec::new(),
            language: None,
        }
    }

    /// Sets what the campaign shall achieve.
    #[must_use]
    pub fn with_objective(mut self, objective: impl Into<Objective>) -> Self {
        self.objective = Some(objective.into());
        self
    }

    /// Sets whom it speaks to.
    #[must_use]
    pub fn with_audience(mut self, audience: impl Into<Audience>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Sets the brand.
    #[must_use]
    pub fn with_brand(mut self, brand: Brand) -> Self {
        self.brand = Some(brand);
        self
    }

    /// Adds a product.
    #[must_use]
    pub fn with_product(mut self, product: Product) -> Self {
        self.products.push(product);
        self
    }

    /// Adds a channel.
    #[must_use]
    pub fn with_channel(mut self, channel: Channel) -> Self {
        self.channels.push(channel);
        self
    }

    /// States the language of the brief as a BCP 47 tag.
    #[must_use]
    pub fn with_language(mut self, tag: impl Into<String>) -> Self {
        self.language = Some(tag.into());
        self
    }

    /// Checks what can be checked without a model.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a name or description that is empty or too long, and for an
    /// objective or audience that is empty, and for a language that is no BCP 47 tag.
    pub fn validate(&self) -> Result<()> {
        check_text("name", &self.name, MAX_NAME)?;
        check_text("description", &self.description, MAX_DESCRIPTION)?;
        if self.objective.as_ref().is_some_and(Objective::is_empty) {
            return Err(Error::invalid("the brief's objective is empty: leave it out or name one"));
        }
        if self.audience.as_ref().is_some_and(Audience::is_empty) {
            return Err(Error::invalid("the brief's audience is empty: leave it out or name one"));
        }
        if let Some(tag) = self.language.as_deref().filter(|tag| !is_tag(tag)) {
            return Err(Error::invalid(format!(
                "the brief's language \"{}\" is no BCP 47 tag: state one such as \"es\" or \"pt-BR\", or none",
                tag.escape_debug()
            )));
        }
        self.products.iter().try_for_each(|product| check_text("product name", &product.name, MAX_NAME))
    }
}

/// Whether `text` has the form of a tag: a language of two or three letters, then parts of at most eight letters and
/// digits.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language =
        |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic());
    let further =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    parts.next().is_some_and(language) && parts.all(further)
}

fn check_text(what: &str, text: &str, most: usize) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::invalid(format!("the brief's {what} is empty")));
    }
    let count = text.chars().count();
    if count > most {
        return Err(Error::invalid(format!(
            "the brief's {what} has {count} characters, at most {most} are taken"
        )));
    }
    Ok(())
}
