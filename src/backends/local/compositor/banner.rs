//! Banner: for 4:1 and wider, or as tall. A crop across such a canvas shows nothing, so the photograph
//! becomes a tile at one end with a slanted edge, and the rest is panel.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        LabColor, Rect,
        framing::{Framing, plan},
        product::{Placed, Pose, place},
    },
};

use super::{
    canvas::Canvas, comp::Comp, diagonal::Slant, panel, photo::Photo, scene::Scene, slot::Slot,
    studio::fitting, tone,
};

/// Lengths of the tile that are tried, in short sides of the canvas: a shorter one keeps more of the
/// picture's height. A skyscraper's tile is nearer to the square.
const WIDE_TILES: [f32; 5] = [2.9, 2.3, 1.8, 1.4, 1.0];
const TALL_TILES: [f32; 4] = [1.35, 1.1, 0.85, 0.65];
/// The lean of its edge.
const LEAN: f32 = 0.22;

/// A tile with a photograph, a panel, and a product on the panel; either may be missing, not both.
#[derive(Clone, Debug)]
pub(super) struct Banner {
    photo: Option<(usize, Framing)>,
    product: Option<usize>,
    slant: Slant,
}

impl Banner {
    /// A banner with a photograph at the near or far end, its tile as long as the subject allows.
    pub(super) fn plan(
        photo: &Photo,
        index: usize,
        product: Option<usize>,
        size: PixelSize,
        far: bool,
        rng: &mut Rng,
    ) -> (f32, Self) {
        let tiles: &[f32] = if size.width > size.height { &WIDE_TILES } else { &TALL_TILES };
        let mut best: Option<(f32, Self)> = None;
        for &tile in tiles {
            let slant = slant(size, far, tile, rng);
            let slot = Slot::of(size, slant.photo_part());
            let framing = plan(&photo.cropper(), slot.ratio(), None, rng);
            let weight = if framing.accepted { photo.worth(&framing, slot) } else { 0.3 * framing.kept };
            if best.as_ref().is_none_or(|(most, _)| weight > *most) {
                best = Some((weight, Self { photo: Some((index, framing)), product, slant }));
            }
            if framing.accepted {
                break;
            }
        }
        let plain =
            || (0.1, Self { photo: None, product, slant: slant(size, far, 1.0, &mut Rng::with_seed(0)) });
        best.unwrap_or_else(plain)
    }

    /// A banner with a product alone.
    pub(super) fn of_product(product: usize, size: PixelSize, far: bool, rng: &mut Rng) -> Self {
        Self { photo: None, product: Some(product), slant: slant(size, far, 1.0, rng) }
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let colors = scene.colors();
        let mut canvas = Canvas::new(size, rng);
        let tone = self.tone(scene, rng);
        let mut free = self.slant.free_part();
        if let Some((index, framing)) = &self.photo {
            canvas.photo(scene, *index, framing, Slot::of(size, self.slant.photo_part()))?;
            self.slant.cover(&mut canvas, tone, Some(LabColor::of(colors.accent)));
        } else {
            free = Rect::new(0.0, 0.0, 1.0, 1.0);
            canvas.panel(tone, Slot::all(size));
        }
        if let Some(product) = self.product {
            let placed = self.set(scene, product, size, free, rng)?;
            free = beside(free, canvas.shares_of(&placed), size, self.photo_is_last());
            canvas.stand(product, placed);
        }
        let copy = canvas.within_margin(free);
        Ok(Comp::with_panel(canvas, scene, Archetype::Leaderboard, copy))
    }

    /// The panel's colour: one that the product stands out from, beside the photograph.
    fn tone(&self, scene: &Scene, rng: &mut Rng) -> LabColor {
        let colors = scene.colors();
        if let Some(product) = self.product {
            return tone::choose(&scene.products[product].cutout, &colors, rng).color(&colors);
        }
        let mean = self.photo.as_ref().map(|(index, _)| scene.photos[*index].mean);
        let plain = LabColor::of(colors.light).mix(LabColor::of(colors.dark), rng.f32());
        panel::color_beside(mean.unwrap_or(plain), &colors, rng)
    }

    /// Whether the photograph, or without one the product, is at the right or bottom end.
    fn photo_is_last(&self) -> bool {
        self.slant.is_far()
    }

    /// Sets the product down on the panel, next to the tile.
    fn set(
        &self,
        scene: &Scene,
        product: usize,
        size: PixelSize,
        free: Rect,
        rng: &mut Rng,
    ) -> Result<Placed> {
        let cutout = &scene.products[product].cutout;
        let (width, height) = (size.width as f32, size.height as f32);
        let wide = width > height;
        let (most_wide, most_high) = if wide {
            (0.45 * free.width * width, 0.80 * height)
        } else {
            (0.80 * width, 0.45 * free.height * height)
        };
        let (w, h) = fitting(cutout, most_wide, most_high);
        let light = if rng.bool() { 0.4 } else { -0.4 };
        let (center, bottom) = if wide {
            let gap = 0.30 * height;
            let center = if self.photo_is_last() {
                free.right() * width - gap - w / 2.0
            } else {
                free.x * width + gap + w / 2.0
            };
            (center, height * 0.5 + h * 0.5)
        } else {
            let gap = 0.14 * width;
            let bottom =
                if self.photo_is_last() { free.bottom() * height - gap } else { free.y * height + gap + h };
            (width / 2.0, bottom)
        };
        place(cutout, Pose { width: w, center, bottom, light, backlit: false, degrees: 0.0 })
    }
}

fn slant(size: PixelSize, far: bool, tile: f32, rng: &mut Rng) -> Slant {
    let wide = size.width > size.height;
    let (long, short) = if wide { (size.width, size.height) } else { (size.height, size.width) };
    let short_in_long = short as f32 / long as f32;
    let lean = LEAN * short_in_long;
    Slant::new(wide, far, (tile * short_in_long).min(0.45), if rng.bool() { lean } else { -lean })
}

/// What is left of the free part on the side of the product that is away from the tile.
fn beside(free: Rect, taken: Rect, size: PixelSize, last: bool) -> Rect {
    match (size.width > size.height, last) {
        (true, true) => Rect { width: (taken.x - free.x).max(0.05), ..free },
        (true, false) => Rect { x: taken.right(), width: (free.right() - taken.right()).max(0.05), ..free },
        (false, true) => Rect { height: (taken.y - free.y).max(0.05), ..free },
        (false, false) => {
            Rect { y: taken.bottom(), height: (free.bottom() - taken.bottom()).max(0.05), ..free }
        }
    }
}
