//! Split with a product: a photograph on one part of the canvas, the product on a sweep on the other.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        Rect, copy_space,
        framing::{Framing, Side, plan},
        safe_zone::is_story,
    },
};

use super::{
    canvas::Canvas,
    comp::Comp,
    scene::Scene,
    slot::Slot,
    split_panel::{divide, panel_sides},
    studio::Stage,
    tone::{self, Tone},
};

/// The sweep's share of the canvas beside the photograph, and below or above it.
const BESIDE: [f32; 2] = [0.46, 0.48];
const BELOW: [f32; 2] = [0.60, 0.64];
/// In a story it is the lower part, and the product stands above the controls.
const STORY: [f32; 2] = [0.66, 0.70];

/// A photograph, a product, and their parts of the canvas.
#[derive(Clone, Debug)]
pub(super) struct SplitProduct {
    photo: usize,
    framing: Framing,
    product: usize,
    photo_part: Rect,
    panel_part: Rect,
    tone: Tone,
    /// The product's width and middle, in shares of its part.
    width: f32,
    center: f32,
}

impl SplitProduct {
    /// The share and direction with the best crop.
    pub(super) fn plan(
        scene: &Scene,
        index: usize,
        product: usize,
        size: PixelSize,
        rng: &mut Rng,
    ) -> Option<(f32, Self)> {
        let photo = &scene.photos[index];
        let mut best: Option<(f32, Self)> = None;
        let story = is_story(size.ratio() as f32);
        for side in panel_sides(size, rng) {
            let side = if story { Side::Bottom } else { side };
            let beside = side.is_horizontal();
            let shares = match beside {
                true => BESIDE,
                false if story => STORY,
                false => BELOW,
            };
            for share in shares {
                let (photo_part, panel_part) = divide(side, share);
                let framing = plan(&photo.cropper(), Slot::of(size, photo_part).ratio(), None, rng);
                if framing.extension.is_some() || !framing.is_tolerable() {
                    continue;
                }
                let good = photo.worth(&framing, Slot::of(size, photo_part)) + framing.kept - framing.cut
                    + 0.1 * rng.f32();
                if best.as_ref().is_none_or(|(most, _)| good > *most) {
                    let tone = tone::choose(&scene.products[product].cutout, &scene.colors(), rng);
                    // Below the picture a third stays free for copy, and the two do not stand in one line.
                    let (width, center) = match (beside, rng.bool()) {
                        (true, _) => (0.60, 0.5),
                        (false, true) => (0.46, 0.33),
                        (false, false) => (0.46, 0.67),
                    };
                    let plan =
                        Self { photo: index, framing, product, photo_part, panel_part, tone, width, center };
                    best = Some((good, plan));
                }
            }
        }
        best.map(|(_, plan)| {
            // A photograph with a thing of its own in it is a rival of the product.
            let rival = if photo.interest.concentration > 4.0 { 0.6 } else { 1.0 };
            (rival * photo.worth(&plan.framing, Slot::of(size, plan.photo_part)), plan)
        })
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let mut canvas = Canvas::new(size, rng);
        let stage = Stage {
            part: self.panel_part,
            tone: self.tone.color(&scene.colors()),
            width: self.width,
            center: self.center,
            horizon: 0.66 + 0.02 * rng.f32(),
        };
        let product = stage.set(&mut canvas, scene, self.product, rng)?;
        canvas.photo(scene, self.photo, &self.framing, Slot::of(size, self.photo_part))?;
        let copy = free(canvas.within_margin(self.panel_part), product, self.panel_part)
            .map(|rect| copy_space::set_text(&canvas.lab, rect, &scene.colors()));
        Ok(Comp::finish(canvas, scene, Archetype::SplitProduct, copy))
    }
}

/// The largest free part of a panel above or beside its product, if one is worth the name.
fn free(panel: Rect, product: Rect, part: Rect) -> Option<Rect> {
    let gap = 0.03;
    let above = Rect { height: product.y - panel.y - gap * part.height, ..panel };
    let left = Rect { width: product.x - panel.x - gap * part.width, ..panel };
    let from = product.right() + gap * part.width;
    let right = Rect { x: from, width: panel.right() - from, ..panel };
    [(above, Side::Top), (left, Side::Left), (right, Side::Right)]
        .into_iter()
        .filter(|(rect, side)| match side {
            Side::Top => rect.height > 0.12 * part.height,
            _ => rect.width > 0.26 * part.width,
        })
        .map(|(rect, _)| rect)
        .max_by(|a, b| a.area().total_cmp(&b.area()))
}
