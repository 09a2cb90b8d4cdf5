//! Tabletop: the product on a table in front of a photograph out of focus. The one layout in which both
//! become one picture.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        LabColor, Rect,
        framing::{Framing, Side, plan_crop},
        product::{Pose, direction, is_backlit, place},
        safe_zone::is_story,
        tabletop::{BEHIND, paint, scene_size},
    },
};

use super::{
    canvas::{Canvas, Slot},
    comp::Comp,
    scene::Scene,
    studio::fitting,
    tone::relief,
};

/// A scene with a thing this clear in it does not become a background.
const TOO_CLEAR: f32 = 4.2;
/// Out of focus a view may be cut, as long as this share of its interest is left.
const VIEW: f32 = 0.60;
/// A scene darker than this gets a dark table.
const DIM: f32 = 0.46;
/// A thing out of focus draws the eye by this share of what it did.
const SOFT: f32 = 0.35;
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
        let tone = if photo.lightness_in(&framing, lower) < DIM { colors.dark } else { colors.light };
        let tone = LabColor::of(tone);
        // What stands out neither from the table nor from the scene behind it would be lost.
        let behind = photo.interest.lab.mean();
        let seen = relief(cutout, tone).max(0.5 * relief(cutout, behind));
        let center = away_from_subject(size, |x| photo.interest_between(&framing, x - 0.2, x + 0.2), rng);
        // Out of focus nothing is too soft, so that enlarging does not count.
        let weight = if framing.accepted || view { 1.4 } else { 0.5 };
        (seen > 0.1).then_some((weight * seen, Self { photo: index, framing, product, center, tone }))
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
        canvas.interest = canvas.interest.map(|interest| SOFT * interest);
        let taken = if table.copy == Copy::Scene { 1.0 } else { 0.0 };
        canvas.mark(Rect::new(0.0, table.edge, 1.0, 1.0 - table.edge), |_, _| taken);
        let cutout = &scene.products[self.product].cutout;
        let (w, h) = (size.width as f32, size.height as f32);
        let wide = table.copy == Copy::Beside;
        let (width, _) =
            fitting(cutout, if wide { 0.36 } else { 0.52 } * w, (table.foot - 0.1).min(0.60) * h);
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
        let free = match table.copy {
            Copy::Beside => beside(taken, table.edge),
            Copy::Below => Rect::new(0.0, table.foot + GAP, 1.0, 1.0 - table.foot - GAP),
            // A scrim over a scene out of focus would undo the light that ties product and scene together.
            Copy::Scene => return Ok(Comp::plain(canvas, scene, Archetype::Tabletop, Some(Side::Top))),
        };
        let free = canvas.within_margin(free);
        Ok(Comp::with_panel(canvas, scene, Archetype::Tabletop, free))
    }
}

/// Where the table begins, where on it a product stands, and where copy goes.
#[derive(Clone, Copy, Debug)]
struct Table {
    /// In shares of the height.
    edge: f32,
    foot: f32,
    copy: Copy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Copy {
    /// On the table, next to the product.
    Beside,
    /// On the table, in front of the product.
    Below,
    /// On the scene: in a story the table lies under the controls.
    Scene,
}

impl Table {
    fn of(size: PixelSize) -> Self {
        match size.ratio() {
            ratio if ratio > 1.1 => Self { edge: 0.70, foot: 0.85, copy: Copy::Beside },
            ratio if !is_story(ratio as f32) => Self { edge: 0.60, foot: 0.72, copy: Copy::Below },
            _ => Self { edge: 0.53, foot: 0.64, copy: Copy::Scene },
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
