//! What a comp is made from: photographs read once, cleaned cut-outs, the brand's colours.

use crate::{
    domain::{Image, Palette, PhotoSource, PixelSize},
    error::{Error, Result},
    imaging::{self, Limits, product::Cutout},
    roles::GenerateRequest,
};

use super::{photo::Photo, slot::is_banner};

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
    pub(super) fn new(request: &GenerateRequest) -> Result<Self> {
        let mut scene = Self { photos: Vec::new(), products: Vec::new(), palette: request.palette };
        for (place, image) in request.references.iter().enumerate() {
            let read = imaging::decode(image, Limits::default())
                .and_then(|picture| Photo::new(PhotoSource::Reference(place), picture));
            let named = |error: Error| error.with_context("picture", format!("reference {}", place + 1));
            let mut photo = read.map_err(named)?;
            photo.ground = request.grounds.iter().find(|ground| ground.reference == place).copied();
            scene.photos.push(photo);
        }
        for (place, image) in request.products.iter().enumerate() {
            let named = |error: Error| error.with_context("picture", format!("product {}", place + 1));
            scene.add_product(place, image).map_err(named)?;
        }
        Ok(scene)
    }

    /// A product without transparent ground cannot be placed on anything: it counts as a photograph.
    fn add_product(&mut self, place: usize, image: &Image) -> Result<()> {
        let picture = imaging::decode(image, Limits::default())?;
        if Cutout::has_ground(&picture) {
            self.photos.push(Photo::new(PhotoSource::Product(place), picture)?);
        } else {
            self.products.push(Product { place, cutout: Cutout::new(&picture)? });
        }
        Ok(())
    }

    /// What there is to say of each ground that was given and is not used; `stands_in` tells whether some layout sets
    /// a product down in a photograph.
    pub(super) fn unused_grounds(&self, size: PixelSize, stands_in: impl Fn(usize) -> bool) -> Vec<String> {
        let why = if !self.products.iter().any(|product| product.cutout.stands) {
            "there is no cut-out that stands"
        } else if is_banner(size) {
            "a leaderboard is too low for it"
        } else {
            "no crop to this size shows it with the subject whole and room for the product, or other layouts were dealt"
        };
        let grounds =
            self.photos.iter().enumerate().filter_map(|(i, photo)| Some((i, photo.ground?.reference)));
        let unused = grounds.filter(|(i, _)| !stands_in(*i));
        unused.map(|(_, place)| format!("the ground of reference {} is not used: {why}", place + 1)).collect()
    }

    /// The colours for panels, grounds and text: the brand's, or quiet neutral ones.
    pub(super) fn colors(&self) -> Palette {
        self.palette.unwrap_or_default()
    }
}
