//! What a comp is made from: photographs read once, cleaned cut-outs, the brand's colours.

use crate::{
    domain::{Image, Palette},
    error::{Error, Result},
    imaging::{self, Limits, product::Cutout},
};

use super::photo::Photo;

/// Everything that stays the same from one comp of a request to the next.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) photos: Vec<Photo>,
    pub(super) products: Vec<Cutout>,
    /// The colours to grade to; none leaves photographs as they are.
    pub(super) palette: Option<Palette>,
}

impl Scene {
    /// Decodes and reads all pictures.
    ///
    /// # Errors
    /// `InvalidInput` when there is no picture at all, or one cannot be used; the message says which.
    pub(super) fn new(references: &[Image], products: &[Image], palette: Option<Palette>) -> Result<Self> {
        if references.is_empty() && products.is_empty() {
            return Err(Error::invalid(
                "a comp is made of the team's own pictures and there are none: add references from the library or a product cut-out",
            ));
        }
        let photos = references
            .iter()
            .enumerate()
            .map(|(i, image)| Photo::new(i + 1, image).map_err(|error| named(error, "reference", i)))
            .collect::<Result<_>>()?;
        let products = products
            .iter()
            .enumerate()
            .map(|(i, image)| {
                let picture = imaging::decode(image, Limits::default());
                picture.and_then(|picture| Cutout::new(&picture)).map_err(|error| named(error, "product", i))
            })
            .collect::<Result<_>>()?;
        Ok(Self { photos, products, palette })
    }

    /// The colours for panels, grounds and text: the brand's, or quiet neutral ones.
    pub(super) fn colors(&self) -> Palette {
        self.palette.unwrap_or_default()
    }
}

fn named(error: Error, what: &'static str, index: usize) -> Error {
    error.with_context(what, index + 1)
}
