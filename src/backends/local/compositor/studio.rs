//! Studio: the product on a paper sweep in a brand colour, alone or beside a photograph.

use fastrand::Rng;

use crate::{
    domain::{Palette, PixelSize},
    error::Result,
    imaging::{
        LabColor, Rect, copy_space,
        framing::{Framing, Side, plan},
        math::smooth,
        product::{Cutout, Placed, place},
        studio::Sweep,
    },
};

use super::{
    canvas::{Canvas, Slot},
    comp::{Comp, describe},
    scene::Scene,
    split_panel::{divide, panel_sides},
};

/// A product is enlarged no more than this: its own edge begins to show.
const ENLARGE: f32 = 1.5;

/// The paper's tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Light,
    Mid,
    Dark,
}

impl Tone {
    pub(super) const ALL: [Self; 3] = [Self::Light, Self::Mid, Self::Dark];

    fn color(self, palette: &Palette) -> LabColor {
        let [primary, dark, light] = [palette.primary, palette.dark, palette.light].map(LabColor::of);
        match self {
            // A fifth of the primary would turn it salmon.
            Self::Light => light.mix(primary, 0.10),
            Self::Mid => primary.mix(light, 0.10),
            Self::Dark => dark,
        }
    }
}

/// How well a product stands out from a tone, 0..=1: dark on dark is no packshot.
pub(super) fn relief(product: &Cutout, tone: Tone, palette: &Palette) -> f32 {
    smooth((product.mean.distance(tone.color(palette)) - 0.08) / 0.22)
}

/// A product on a sweep over the whole canvas.
#[derive(Clone, Debug)]
pub(super) struct Studio {
    product: usize,
    tone: Tone,
}

impl Studio {
    pub(super) fn new(product: usize, tone: Tone) -> Self {
        Self { product, tone }
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let mut canvas = Canvas::new(size, rng);
        let all = Rect::new(0.0, 0.0, 1.0, 1.0);
        let ratio = size.ratio() as f32;
        let stand = [0.34, 0.5, 0.66][rng.usize(..3)];
        let center = if ratio > 1.1 { stand } else { 0.5 + (stand - 0.5) * 0.45 };
        let width = if ratio <= 1.1 { 0.58 } else { 0.40 };
        let product = stage(&mut canvas, scene, self.product, self.tone, all, (width, center), rng)?;
        let wanted = match center {
            c if ratio > 1.1 && c < 0.45 => Some(Side::Right),
            c if ratio > 1.1 && c > 0.55 => Some(Side::Left),
            _ => Some(Side::Top),
        };
        let room = canvas.room(wanted, &scene.colors());
        let copy = room
            .filter(|room| room.interest < 0.02)
            .map(|room| copy_space::set_text(&canvas.lab, room.rect, &scene.colors()));
        let notes = vec![format!("studio sweep with product {}", scene.products[self.product].number)];
        Ok(Comp::finish(canvas.lab, &[product], copy, notes))
    }
}

/// A photograph on one part, the product on a sweep on the other.
#[derive(Clone, Debug)]
pub(super) struct SplitProduct {
    photo: usize,
    framing: Framing,
    product: usize,
    photo_part: Rect,
    panel_part: Rect,
    tone: Tone,
}

impl SplitProduct {
    pub(super) fn plan(
        scene: &Scene,
        index: usize,
        product: usize,
        size: PixelSize,
        rng: &mut Rng,
    ) -> Option<(f32, Self)> {
        let photo = &scene.photos[index];
        let mut best: Option<(f32, Self)> = None;
        for side in panel_sides(size, rng) {
            for share in [0.46, 0.48] {
                let (photo_part, panel_part) = divide(side, share);
                let framing = plan(&photo.cropper(), Slot::of(size, photo_part).ratio(), None, rng);
                if framing.extension.is_some() || !framing.is_tolerable() {
                    continue;
                }
                let good =
                    if framing.accepted { 1.0 } else { 0.0 } + framing.kept - framing.cut + 0.1 * rng.f32();
                if best.as_ref().is_none_or(|(most, _)| good > *most) {
                    let tone = tone_for(&scene.products[product].cutout, &scene.colors(), rng);
                    let plan = Self { photo: index, framing, product, photo_part, panel_part, tone };
                    best = Some((good, plan));
                }
            }
        }
        best.map(|(_, plan)| (if plan.framing.accepted { 1.0 } else { 0.3 }, plan))
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let photo = &scene.photos[self.photo];
        let mut canvas = Canvas::new(size, rng);
        let product = stage(&mut canvas, scene, self.product, self.tone, self.panel_part, (0.66, 0.5), rng)?;
        let slot = Slot::of(size, self.photo_part);
        let shot = photo.shoot(&self.framing, slot.width, slot.height, scene.palette.as_ref())?;
        canvas.photo(photo, &self.framing, &shot, slot);
        let free = above(&canvas, self.panel_part, &product);
        let copy = free.map(|rect| copy_space::set_text(&canvas.lab, rect, &scene.colors()));
        let notes = vec![
            describe("split with a product", &shot),
            format!("product {}", scene.products[self.product].number),
        ];
        Ok(Comp::finish(canvas.lab, &[product], copy, notes))
    }
}

/// A tone by chance among those the product stands out from.
fn tone_for(product: &Cutout, palette: &Palette, rng: &mut Rng) -> Tone {
    let worth = Tone::ALL.map(|tone| relief(product, tone, palette) * (0.3 + rng.f32()));
    let best = (0..worth.len()).max_by(|&a, &b| worth[a].total_cmp(&worth[b]));
    Tone::ALL[best.unwrap_or_default()]
}

/// Paints a sweep into a part of the canvas and sets the product down on it. `width` and `center` are
/// shares of that part.
pub(super) fn stage(
    canvas: &mut Canvas,
    scene: &Scene,
    product: usize,
    tone: Tone,
    part: Rect,
    (width, center): (f32, f32),
    rng: &mut Rng,
) -> Result<Placed> {
    let light = if rng.bool() { 0.5 } else { -0.5 };
    let slot = Slot::of(canvas.size, part);
    let horizon = 0.66 + 0.02 * rng.f32();
    let sweep = Sweep { tone: tone.color(&scene.colors()), horizon, light };
    canvas.ground(sweep.paint(slot.width, slot.height), slot);
    let cutout = turned(&scene.products[product].cutout, rng)?;
    let own = cutout.picture.size();
    let (w, h) = (slot.width as f32, slot.height as f32);
    let by_height = 0.62 * h * own.width as f32 / own.height as f32;
    let width = (width * w).min(by_height).min(ENLARGE * own.width as f32);
    let height = width * own.height as f32 / own.width as f32;
    // A lying product floats in the middle of the paper, a standing one has its base on the floor.
    let bottom = if cutout.stands { (horizon + 0.10) * h } else { 0.5 * h + height / 2.0 };
    let placed = place(&cutout, width, slot.x as f32 + center * w, slot.y as f32 + bottom, light)?;
    let shares = placed.bounds().scaled(1.0 / canvas.size.width as f32, 1.0 / canvas.size.height as f32);
    canvas.mark(shares, |_, _| 1.0);
    Ok(placed)
}

fn turned(cutout: &Cutout, rng: &mut Rng) -> Result<Cutout> {
    let degrees = 15.0 * (2.0 * rng.f32() - 1.0);
    if cutout.stands { Ok(cutout.clone()) } else { cutout.rotated(degrees) }
}

/// The free part of a panel above its product, if it is worth the name.
fn above(canvas: &Canvas, part: Rect, product: &Placed) -> Option<Rect> {
    let top = product.bounds().y / canvas.size.height as f32;
    let free = canvas.within_margin(part);
    let height = (top - free.y) * 0.94;
    (height > 0.12 * part.height).then_some(Rect { height, ..free })
}
