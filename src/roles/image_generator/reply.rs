//! What a generator made.

use serde::Serialize;

use crate::{
    domain::{CompFacts, CopySpace, Image, PixelSize, Usage},
    error::Result,
    roles::request::reply,
};

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
    /// How it is put together, if it is a comp.
    pub comp: Option<CompFacts>,
    /// The mask of the products in it, as tasks take it: an opaque picture of the same size, black on the products
    /// and white where a scene may be painted anew.
    pub product_mask: Option<Image>,
    /// What there is to say of it: "this is a comp", "enlarged 1.4 times".
    pub notes: Vec<String>,
}

impl Picture {
    /// A picture of `size`.
    #[must_use]
    pub fn new(image: Image, size: PixelSize) -> Self {
        Self { image, size, seed: None, copy_space: None, comp: None, product_mask: None, notes: Vec::new() }
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

    /// Sets how it is put together.
    #[must_use]
    pub fn with_comp(mut self, comp: CompFacts) -> Self {
        self.comp = Some(comp);
        self
    }

    /// Sets the mask of the products in it.
    #[must_use]
    pub fn with_product_mask(mut self, mask: Image) -> Self {
        self.product_mask = Some(mask);
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
