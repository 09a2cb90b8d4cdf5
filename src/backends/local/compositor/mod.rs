//! The default generator: *comps*, layout sketches made of the team's own pictures. No model, no guessing.
//!
//! A comp takes a reference from the library, finds what matters in it, crops or extends it to the
//! channel's shape without cutting the subject, grades it to the brand's colours and leaves room for
//! copy, which the reply describes: rectangle, text colour, contrast. Where no crop is good, the picture
//! becomes smaller beside a brand panel. Products stand on a studio sweep, on a table before a photograph or, where
//! the caller points out [ground](crate::roles::Ground), in it, their own pixels unchanged. Without any picture a comp is a panel, and says so.
//!
//! The prompt is not read: a comp shows what the pictures show. Every picture's notes say so.

mod allowed;
mod banner;
mod blank;
mod canvas;
mod comp;
mod deck;
mod diagonal;
mod framed;
mod full_bleed;
mod grounded;
mod inset;
mod pair;
mod panel;
mod photo;
mod scene;
mod slot;
mod split_panel;
mod split_product;
mod studio;
mod tabletop;
mod tone;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;

use super::blocking::blocking;

use crate::{
    domain::{Archetype, Card, PixelSize, Prices},
    error::Result,
    imaging::Encoding,
    roles::{GenerateReply, GenerateRequest, GeneratorCapabilities, ImageGenerator, Picture, Sizes},
};

use allowed::Allowed;
use deck::{DEAL, Deck};
use scene::Scene;

const MIN_SIDE: u32 = 64;
const MAX_SIDE: u32 = 4096;
const MAX_SEED: u64 = u32::MAX as u64;

/// Makes comps out of references and products, in this process.
///
/// Consecutive seeds are dealt from one shuffled deck of layouts, so a handful of comps of one request
/// differ in layout, picture and colour. The same request with the same seed makes the same bytes
/// everywhere. A side may have 64 to 4096 pixels; a comp takes about 60 bytes of memory a pixel.
///
/// ```
/// use keyvisual::backends::local::Compositor;
/// use keyvisual::domain::PixelSize;
/// use keyvisual::imaging::{Encoding, Picture};
/// use keyvisual::roles::{GenerateRequest, ImageGenerator};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> keyvisual::Result<()> {
/// let sky = Picture::from_fn(PixelSize::new(300, 200), |_, y| [90, 140, 255 - (y / 2) as u8, 255]);
/// let request = GenerateRequest::new("wide sky, calm morning", PixelSize::new(400, 209))
///     .with_references(vec![sky.encode(Encoding::Png)?])
///     .with_count(2)
///     .with_seed(7);
/// let reply = Compositor::new().generate(request).await?;
/// for picture in reply.results {
///     let picture = picture?;
///     println!("{} bytes, seed {:?}: {}", picture.image.bytes().len(), picture.seed, picture.notes.join("; "));
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Compositor {
    card: Card,
    capabilities: GeneratorCapabilities,
    how: How,
}

/// What an application sets once for all comps.
#[derive(Clone, Debug)]
struct How {
    encoding: Encoding,
    allowed: Allowed,
}

impl Default for Compositor {
    fn default() -> Self {
        Self::new()
    }
}

impl Compositor {
    /// A compositor that writes JPEG with quality 90.
    #[must_use]
    pub fn new() -> Self {
        let sizes = Sizes::Any { min: MIN_SIDE, max: MAX_SIDE, multiple_of: 1 };
        Self {
            card: Card::new("keyvisual.local", "compositor").with_prices(Prices::FREE),
            capabilities: GeneratorCapabilities::new(sizes, 100_000)
                .with_max_count(DEAL as u32)
                .with_seeds(0..=MAX_SEED)
                .with_pictures(16, 8)
                .with_grounds()
                .with_palette()
                .with_determinism(),
            how: How { encoding: Encoding::Jpeg { quality: 90 }, allowed: Allowed::default() },
        }
    }

    /// Sets the file format of the comps.
    #[must_use]
    pub fn with_encoding(mut self, encoding: Encoding) -> Self {
        self.how.encoding = encoding;
        self
    }

    /// Deals these layouts only, as a designer might ask for. A request whose pictures make none of them is refused
    /// as [`InvalidInput`](crate::ErrorKind::InvalidInput), and the error says which layouts they do make.
    ///
    /// ```
    /// use keyvisual::{backends::local::Compositor, domain::Archetype};
    ///
    /// let quiet = Compositor::new().with_archetypes([Archetype::FullBleed, Archetype::Split]);
    /// ```
    #[must_use]
    pub fn with_archetypes(mut self, archetypes: impl IntoIterator<Item = Archetype>) -> Self {
        self.how.allowed = Allowed::only(archetypes);
        self
    }
}

#[async_trait]
impl ImageGenerator for Compositor {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &GeneratorCapabilities {
        &self.capabilities
    }

    async fn generate(&self, request: GenerateRequest) -> Result<GenerateReply> {
        request.validate(&self.capabilities)?;
        let how = self.how.clone();
        let wanted = Wanted::default();
        let waiting = Arc::clone(&wanted.0);
        blocking(move || compose(&request, &how, &waiting)).await
    }
}

/// Says no when the caller has gone away, so that a dropped call makes no further comp.
struct Wanted(Arc<AtomicBool>);

impl Default for Wanted {
    fn default() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

fn compose(request: &GenerateRequest, how: &How, wanted: &AtomicBool) -> Result<GenerateReply> {
    let size = request.required_size()?;
    let scene = Scene::new(request)?;
    // A whole deck belongs to the request when the caller does not care where it begins.
    let first = request.seed.unwrap_or_else(|| fastrand::u64(..=MAX_SEED) / DEAL * DEAL);
    let mut deck = Deck::new(&scene, size, first, &how.allowed)?;
    let mut results = Vec::new();
    for place in 0..u64::from(request.count) {
        if !wanted.load(Ordering::Relaxed) {
            break;
        }
        let seed = (first + place) % (MAX_SEED + 1);
        if !deck.deals(seed) {
            deck = Deck::new(&scene, size, seed, &how.allowed)?;
        }
        results.push(picture(&deck, &scene, size, seed, how.encoding));
    }
    Ok(GenerateReply::new(results))
}

fn picture(deck: &Deck, scene: &Scene, size: PixelSize, seed: u64, encoding: Encoding) -> Result<Picture> {
    let comp = deck.compose(scene, size, seed)?;
    let mut picture = Picture::new(comp.picture.encode(encoding)?, comp.picture.size())
        .with_seed(seed)
        .with_note("this is a comp made from the team's own pictures; the prompt was not read")
        .with_note(comp.facts.to_string());
    if comp.facts.archetype == Archetype::Panel {
        picture =
            picture.with_note("there was no picture to work with: this is a panel in the brand's colours");
    }
    if comp.facts.grade > 0.0 {
        picture = picture.with_note("graded to the brand's colours");
    }
    for ground in scene.unused_grounds(size, |photo| deck.stands_in(photo)) {
        picture = picture.with_note(ground);
    }
    match comp.copy_space {
        Some(space) if space.scrim.is_some() => picture = picture.with_note("a scrim lies under the copy"),
        Some(_) => {}
        None => picture = picture.with_note("no part is calm enough for copy"),
    }
    if let Some(mask) = comp.mask {
        picture = picture.with_product_mask(mask.to_png()?);
    }
    if let Some(space) = comp.copy_space {
        picture = picture.with_copy_space(space);
    }
    Ok(picture.with_comp(comp.facts))
}
