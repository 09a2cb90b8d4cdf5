//! Tabletop: the product on a table in front of a photograph out of focus. The one layout in which both
//! become one picture.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        LabColor, Rect,
        framing::{Framing, plan_crop},
        product::{Pose, direction, is_backlit, place},
        safe_zone::is_story,
        tabletop::{BEHIND, paint, scene_size},
    },
};

use super::{canvas::Canvas, comp::Comp, scene::Scene, slot::Slot, studio::fitting, tone::relief};

/// A scene with a thing this clear in it does not become a background.
const TOO_CLEAR: f32 = 4.2;
/// Out of focus a view may be cut, as long as this share of its interest is left.
const VIEW: f32 = 0.60;
/// A scene darker than this gets a dark table, if the product stands out from it.
const DIM: f32 = 0.46;
/// Relief from which on a product is seen.
const LOST: f32 = 0.1;
/// What stays free between a product's foot and copy below it, in shares of the height.
const GAP: f32 = 0.045;

/// A photograph, a product, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Tabletop {
    photo: usize,
    framing: Framing,
    product: usize,
    center: f32,
    tone: LabColor,
}

impl Tabletop {
    /// None where the photograph cannot be a background, or the product does not stand.
    pub(super) fn plan(
        scene: &Scene,
        index: usize,
        product: usize,
        size: PixelSize,
        rng: &mut Rng,
    ) -> Option<(f32, Self)> {
        let (photo, cutout) = (&scene.photos[index], &scene.products[product].cutout);
        if photo.interest.concentration >= TOO_CLEAR || !cutout.stands {
            return None;
        }
        let slot = Slot::of(size, Table::of(size).scene());
        let framing = plan_crop(&photo.cropper(), slot.ratio(), rng);
        let view = photo.interest.is_diffuse() && framing.kept >= VIEW;
        if !framing.is_tolerable() && !view {
            return None;
        }
        let lower = Rect::new(0.0, 0.5, 1.0, 0.5);
        let colors = scene.colors();
        let mut tones = [colors.dark, colors.light];
        if photo.lightness_in(&framing, lower) >= DIM {
            tones.reverse();
        }
        // What stands out neither from the table nor from the scene behind it would be lost.
        let behind = photo.interest.lab.mean();
        let seen = |tone| relief(cutout, tone).max(0.5 * relief(cutout, behind));
        let mut tones = tones.map(LabColor::of).into_iter().map(|tone| (tone, seen(tone)));
        let (tone, seen) = tones.find(|(_, seen)| *seen > LOST)?;
        let center = away_from_subject(size, |x| photo.interest_between(&framing, x - 0.2, x + 0.2), rng);
        // Out of focus nothing is too soft, so that enlarging does not count.
        let weight = if framing.accepted || view { 1.4 } else { 0.5 };
        Some((weight * seen, Self { photo: index, framing, product, center, tone }))
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let mut canvas = Canvas::new(size, rng);
        let table = Table::of(size);
        let slot = Slot::of(size, table.scene());
        let photo = &scene.photos[self.photo];
        let needed = scene_size(size, slot.size());
        let shot = photo.shoot(&self.framing, needed, scene.palette.as_ref())?;
        let ground = paint(&shot, size, slot.height, table.edge, self.tone);
        canvas.seen(scene, self.photo, &self.framing, slot);
        let cutout = &scene.products[self.product].cutout;
        let (w, h) = (size.width as f32, size.height as f32);
        let (width, _) =
            fitting(cutout, if table.wide { 0.36 } else { 0.52 } * w, (table.foot - 0.1).min(0.60) * h);
        let pose = Pose {
            width,
            center: self.center * w,
            bottom: table.foot * h,
            light: direction(&shot, cutout.light),
            backlit: is_backlit(&shot),
            degrees: 0.0,
        };
        canvas.ground(ground, Slot::all(size));
        canvas.tone = Some(self.tone);
        let placed = place(cutout, pose)?;
        let taken = canvas.shares_of(&placed);
        canvas.stand(self.product, placed);
        let below = Rect::new(0.0, table.foot + GAP, 1.0, 1.0 - table.foot - GAP);
        let free = if table.wide { beside(taken, table.edge) } else { below };
        let free = canvas.within_margin(free);
        Ok(Comp::with_panel(canvas, scene, Archetype::Tabletop, free))
    }
}

/// Where the table begins and where on it a product stands, in shares of the height.
#[derive(Clone, Copy, Debug)]
struct Table {
    edge: f32,
    foot: f32,
    /// Whether copy stands next to the product, not in front of it.
    wide: bool,
}

impl Table {
    fn of(size: PixelSize) -> Self {
        match size.ratio() {
            ratio if ratio > 1.1 => Self { edge: 0.70, foot: 0.85, wide: true },
            ratio if !is_story(ratio as f32) => Self { edge: 0.60, foot: 0.72, wide: false },
            // A story has its controls below.
            _ => Self { edge: 0.38, foot: 0.48, wide: false },
        }
    }

    /// The part of the canvas that the scene takes.
    fn scene(self) -> Rect {
        Rect::new(0.0, 0.0, 1.0, self.edge + BEHIND)
    }
}

/// The table beside the product, on the side with more room.
fn beside(product: Rect, edge: f32) -> Rect {
    let gap = 0.04;
    let (left, right) = (product.x - gap, 1.0 - product.right() - gap);
    let (x, width) = if left > right { (0.0, left) } else { (1.0 - right, right) };
    Rect::new(x, edge, width.max(0.05), 1.0 - edge)
}

/// A third of the width, the one with less interest behind it; near the middle on an upright canvas.
fn away_from_subject(size: PixelSize, behind: impl Fn(f32) -> f32, rng: &mut Rng) -> f32 {
    let (left, right) = (behind(0.33), behind(0.67));
    let lean = 0.05 * (2.0 * rng.f32() - 1.0);
    let center = if left + lean < right { 0.33 } else { 0.67 };
    if size.ratio() > 1.1 { center } else { 0.5 + (center - 0.5) * 0.75 }
}
