//! What a comp is made from: photographs read once, cleaned cut-outs, the brand's colours.

use crate::{
    domain::{Image, Palette},
    error::{Error, Result},
    imaging::{self, Limits, product::Cutout},
};

use super::photo::Photo;

/// A cut-out and its place among the products, counted from 1.
#[derive(Debug)]
pub(super) struct Product {
    pub(super) number: usize,
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
    /// `InvalidInput` when there is no picture at all, or one cannot be used; the message says which.
    pub(super) fn new(references: &[Image], products: &[Image], palette: Option<Palette>) -> Result<Self> {
        if references.is_empty() && products.is_empty() {
            return Err(Error::invalid(
                "a comp is made of the team's own pictures and there are none: add references from the library or a product cut-out",
            ));
        }
        let mut scene = Self { photos: Vec::new(), products: Vec::new(), palette };
        for (number, image) in (1..).zip(references) {
            scene.add_photo(format!("reference {number}"), image)?;
        }
        for (number, image) in (1..).zip(products) {
            scene.add_product(number, image)?;
        }
        Ok(scene)
    }

    fn add_photo(&mut self, name: String, image: &Image) -> Result<()> {
        let photo =
            imaging::decode(image, Limits::default()).and_then(|picture| Photo::new(name.clone(), &picture));
        self.photos.push(photo.map_err(|error| error.with_context("picture", name))?);
        Ok(())
    }

    /// A product without transparent ground cannot be placed on anything: it counts as a photograph.
    fn add_product(&mut self, number: usize, image: &Image) -> Result<()> {
        let name = format!("product {number}");
        let named = |error: Error| error.with_context("picture", &name);
        let picture = imaging::decode(image, Limits::default()).map_err(named)?;
        if Cutout::has_ground(&picture) {
            let name = format!("{name} (no cut-out, taken as a photograph)");
            self.photos.push(Photo::new(name, &picture).map_err(named)?);
        } else {
            let cutout = Cutout::new(&picture).map_err(named)?;
            self.products.push(Product { number, cutout });
        }
        Ok(())
    }

    /// The colours for panels, grounds and text: the brand's, or quiet neutral ones.
    pub(super) fn colors(&self) -> Palette {
        self.palette.unwrap_or_default()
    }
}
