//! Studio: the product on a paper sweep in a brand colour.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        LabColor, Rect, copy_space,
        framing::Side,
        product::{Cutout, Placed, Pose, place},
        safe_zone,
        studio::Sweep,
    },
};

use super::{canvas::Canvas, comp::Comp, scene::Scene, slot::Slot, tone::Tone};

/// A product is enlarged no more than this: its own edge begins to show.
pub(super) const ENLARGE: f32 = 1.5;
/// The most of its part's height that a product takes.
const HEIGHT: f32 = 0.62;
/// How far below the horizon it stands, in shares of its part's height.
const FOOT: f32 = 0.10;
/// What stays free of it above and below in what a canvas shows, in shares of the canvas's height: a headline, a rim.
const HEADLINE: f32 = 0.17;
const RIM: f32 = 0.02;

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
        let ratio = size.ratio() as f32;
        let wide = ratio > 1.1;
        // In landscape one side stays free for copy; upright, the top does.
        let center = match (wide, rng.usize(..3)) {
            (true, at) => [0.34, 0.66, 0.66][at],
            (false, at) => [0.43, 0.5, 0.57][at],
        };
        let width = if wide { 0.40 } else { 0.58 };
        let stage = Stage {
            part: Rect::new(0.0, 0.0, 1.0, 1.0),
            tone: self.tone.color(&scene.colors()),
            width,
            center,
            horizon: 0.66 + 0.02 * rng.f32(),
        };
        stage.set(&mut canvas, scene, self.product, rng)?;
        let wanted = match center {
            _ if !wide => Side::Top,
            center if center < 0.5 => Side::Right,
            _ => Side::Left,
        };
        let room = canvas.room(Some(wanted), &scene.colors());
        let copy = room
            .filter(|room| room.interest < 0.02)
            .map(|room| copy_space::set_text(&canvas.lab, room.rect, &scene.colors()));
        Ok(Comp::finish(canvas, scene, Archetype::Studio, copy))
    }
}

/// A sweep in a part of the canvas, and where the product goes on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage {
    /// In shares of the canvas.
    pub(super) part: Rect,
    pub(super) tone: LabColor,
    /// The product's width, in shares of the part.
    pub(super) width: f32,
    /// The product's middle, in shares of the part.
    pub(super) center: f32,
    /// Where the wall ends, in shares of the part; higher up where it would bring the product under a story's controls.
    pub(super) horizon: f32,
}

impl Stage {
    /// Paints the sweep and sets the product down on it. The box of the product, in shares of the canvas.
    pub(super) fn set(
        &self,
        canvas: &mut Canvas,
        scene: &Scene,
        product: usize,
        rng: &mut Rng,
    ) -> Result<Rect> {
        let light = if rng.bool() { 0.5 } else { -0.5 };
        let degrees = 15.0 * (2.0 * rng.f32() - 1.0);
        let slot = Slot::of(canvas.size, self.part);
        let cutout = &scene.products[product].cutout;
        let shown = safe_zone::story(canvas.size.ratio() as f32);
        let within = |row: f32| ((row - self.part.y) / self.part.height).clamp(0.0, 1.0);
        let (highest, lowest) = (within(shown.y + HEADLINE), within(shown.bottom() - RIM));
        // What lies is seen from above, where paper has no horizon.
        let horizon = if cutout.stands { self.horizon.min(lowest - FOOT) } else { f32::MAX };
        canvas.ground(Sweep { tone: self.tone, horizon, light }.paint(slot.width, slot.height), slot);
        canvas.tone = Some(self.tone);
        let (w, h) = (slot.width as f32, slot.height as f32);
        let tall = HEIGHT.min(lowest - highest);
        let most = if cutout.stands { (self.width, tall) } else { (0.85 * self.width, 0.9 * tall) };
        let (width, height) = fitting(cutout, most.0 * w, most.1 * h);
        let lying = (0.57 * h + height / 2.0).min(lowest * h);
        let bottom = if cutout.stands { (horizon + FOOT) * h } else { lying };
        let pose = Pose {
            width,
            center: slot.x as f32 + self.center * w,
            bottom: slot.y as f32 + bottom,
            light,
            backlit: false,
            degrees,
        };
        let placed: Placed = place(cutout, pose)?;
        let shares = canvas.shares_of(&placed);
        canvas.stand(product, placed);
        Ok(shares)
    }
}

/// The width and height of a product that has at most `width` x `height` pixels and is not enlarged too much.
pub(super) fn fitting(cutout: &Cutout, width: f32, height: f32) -> (f32, f32) {
    let own = cutout.picture.size();
    let shape = own.width as f32 / own.height as f32;
    let width = width.min(height * shape).min(ENLARGE * own.width as f32);
    (width, width / shape)
}
