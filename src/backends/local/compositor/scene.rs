//! What a comp is made from: photographs read once, cleaned cut-outs, the brand's colours.

use crate::{
    domain::{Image, Palette, PhotoSource},
    error::{Error, Result},
    imaging::{self, Limits, product::Cutout},
};

use super::photo::Photo;

/// A cut-out and its place among the products, counted from 0.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) place: usize,
    pub(super) cutout: Cutout,
}

/// Everything that stays the same from one comp of a request to the next.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) photos: Vec<Photo>,
    pub(super) products: Vec<Product>,
    /// The colours to grade to; none leaves photographs as they are.
    pub(super) palette: Option<Palette>,
}

impl Scene {
    /// Decodes and reads all pictures.
    ///
    /// # Errors
    /// `InvalidInput` when one cannot be used; the message says which.
    pub(super) fn new(references: &[Image], products: &[Image], palette: Option<Palette>) -> Result<Self> {
        let mut scene = Self { photos: Vec::new(), products: Vec::new(), palette };
        for (place, image) in references.iter().enumerate() {
            let read = imaging::decode(image, Limits::default())
                .and_then(|picture| Photo::new(PhotoSource::Reference(place), &picture));
            let named = |error: Error| error.with_context("picture", format!("reference {}", place + 1));
            scene.photos.push(read.map_err(named)?);
        }
        for (place, image) in products.iter().enumerate() {
            let named = |error: Error| error.with_context("picture", format!("product {}", place + 1));
            scene.add_product(place, image).map_err(named)?;
        }
        Ok(scene)
    }

    /// A product without transparent ground cannot be placed on anything: it counts as a photograph.
    fn add_product(&mut self, place: usize, image: &Image) -> Result<()> {
        let picture = imaging::decode(image, Limits::default())?;
        if Cutout::has_ground(&picture) {
            self.photos.push(Photo::new(PhotoSource::Product(place), &picture)?);
        } else {
            self.products.push(Product { place, cutout: Cutout::new(&picture)? });
        }
        Ok(())
    }

    /// The colours for panels, grounds and text: the brand's, or quiet neutral ones.
    pub(super) fn colors(&self) -> Palette {
        self.palette.unwrap_or_default()
    }
}
