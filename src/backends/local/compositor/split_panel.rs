//! Split: the photograph on one part of the canvas, a brand panel for copy on the other.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        Rect,
        framing::{Framing, Side, plan},
        safe_zone::is_story,
    },
};

use super::{canvas::Canvas, comp::Comp, panel, photo::Photo, scene::Scene, slot::Slot};

const SHARES: [f32; 4] = [0.36, 0.40, 0.44, 0.48];
/// Below the photograph of a story, so that copy stands above the controls.
const STORY: [f32; 3] = [0.54, 0.58, 0.62];

/// A photograph, its slot, and the panel beside it.
#[derive(Clone, Debug)]
pub(super) struct SplitPanel {
    photo: usize,
    framing: Framing,
    photo_part: Rect,
    panel_part: Rect,
}

impl SplitPanel {
    /// The share and direction with the best crop.
    pub(super) fn plan(photo: &Photo, index: usize, size: PixelSize, rng: &mut Rng) -> Option<(f32, Self)> {
        let mut best: Option<(f32, Self)> = None;
        for side in panel_sides(size, rng) {
            for &share in panel_shares(size, side, &SHARES) {
                let (photo_part, panel_part) = divide(side, share);
                let slot = Slot::of(size, photo_part);
                let framing = plan(&photo.cropper(), slot.ratio(), None, rng);
                if framing.extension.is_some() || !framing.is_tolerable() {
                    continue;
                }
                let good =
                    if framing.accepted { 1.0 } else { 0.0 } + framing.kept - framing.cut + 0.1 * rng.f32();
                if best.as_ref().is_none_or(|(most, _)| good > *most) {
                    best = Some((good, Self { photo: index, framing, photo_part, panel_part }));
                }
            }
        }
        best.map(|(_, plan)| (photo.worth(&plan.framing, Slot::of(size, plan.photo_part)), plan))
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let photo = &scene.photos[self.photo];
        let mut canvas = Canvas::new(size, rng);
        let tone = panel::color_beside(photo.mean, &scene.colors(), rng);
        canvas.panel(tone, Slot::of(size, self.panel_part));
        canvas.photo(scene, self.photo, &self.framing, Slot::of(size, self.photo_part))?;
        let copy = canvas.within_margin(self.panel_part);
        Ok(Comp::with_panel(canvas, scene, Archetype::Split, copy))
    }
}

/// The sides that a panel may stand on: in landscape left or right, in portrait above or below, near the
/// square all of them.
pub(super) fn panel_sides(size: PixelSize, rng: &mut Rng) -> Vec<Side> {
    let ratio = size.ratio();
    let mut sides = Vec::new();
    if ratio > 0.7 {
        sides.push(if rng.bool() { Side::Left } else { Side::Right });
    }
    if ratio < 1.4 {
        sides.push(if rng.u8(..4) == 0 { Side::Top } else { Side::Bottom });
    }
    sides
}

/// The shares of the canvas that a panel may take: the `usual` ones, unless it would lie under a story's controls.
pub(super) fn panel_shares(size: PixelSize, side: Side, usual: &'static [f32]) -> &'static [f32] {
    if side == Side::Bottom && is_story(size.ratio() as f32) { &STORY } else { usual }
}

/// The canvas in shares, divided into the photograph's part and the panel's.
pub(super) fn divide(panel: Side, share: f32) -> (Rect, Rect) {
    let rest = 1.0 - share;
    match panel {
        Side::Left => (Rect::new(share, 0.0, rest, 1.0), Rect::new(0.0, 0.0, share, 1.0)),
        Side::Right => (Rect::new(0.0, 0.0, rest, 1.0), Rect::new(rest, 0.0, share, 1.0)),
        Side::Top => (Rect::new(0.0, share, 1.0, rest), Rect::new(0.0, 0.0, 1.0, share)),
        Side::Bottom => (Rect::new(0.0, 0.0, 1.0, rest), Rect::new(0.0, rest, 1.0, share)),
    }
}
