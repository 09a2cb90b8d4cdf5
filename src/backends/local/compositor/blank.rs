//! A panel of brand colour with a strip of accent: what is left without any picture.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{LabColor, Rect},
};

use super::{canvas::Canvas, comp::Comp, scene::Scene, slot::Slot, tone::Tone};

/// The strip's width, in short sides of the canvas.
const STRIP: f32 = 0.05;

/// A panel of one tone.
#[derive(Clone, Debug)]
pub(super) struct Blank {
    tone: Tone,
}

impl Blank {
    pub(super) fn new(tone: Tone) -> Self {
        Self { tone }
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let colors = scene.colors();
        let mut canvas = Canvas::new(size, rng);
        let tone = self.tone.color(&colors);
        canvas.panel(LabColor::of(colors.accent), Slot::all(size));
        let strip = STRIP * size.width.min(size.height) as f32 / size.width as f32;
        let x = if rng.bool() { strip } else { 0.0 };
        let rest = Rect::new(x, 0.0, 1.0 - strip, 1.0);
        canvas.panel(tone, Slot::of(size, rest));
        let copy = canvas.within_margin(rest);
        Ok(Comp::with_panel(canvas, scene, Archetype::Panel, copy))
    }
}
