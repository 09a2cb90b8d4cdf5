//! Diagonal: a slanted edge between photograph and panel, with a strip of the accent colour on it.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        LabColor, Plane, Rect,
        framing::{Framing, plan},
        safe_zone::is_story,
    },
};

use super::{canvas::Canvas, comp::Comp, panel, photo::Photo, scene::Scene, slot::Slot};

/// The most of the subject's interest that may lie under the panel.
const HIDDEN: f32 = 0.04;
const STRIP: f32 = 0.012;

/// A line across the canvas: what lies on its near side is photograph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slant {
    /// Whether it runs from top to bottom, between left and right.
    upright: bool,
    /// Whether the photograph lies at the right or bottom instead of the left or top.
    far: bool,
    /// Where it crosses the middle, as a share of the canvas from the photograph's side.
    at: f32,
    /// How far it leans over the whole length, as a share of the side it divides.
    lean: f32,
}

impl Slant {
    /// A slant with its photograph at an end of the canvas.
    pub(super) fn new(upright: bool, far: bool, at: f32, lean: f32) -> Self {
        Self { upright, far, at, lean }
    }

    /// Whether the photograph lies at the right or bottom end.
    pub(super) fn is_far(self) -> bool {
        self.far
    }

    /// How far, in shares of the side it divides, a point of shares is beyond the line.
    pub(super) fn beyond(self, x: f32, y: f32) -> f32 {
        let (across, along) = if self.upright { (x, y) } else { (y, x) };
        let across = if self.far { 1.0 - across } else { across };
        across - (self.at + self.lean * (along - 0.5))
    }

    /// The box of the photograph's side.
    pub(super) fn photo_part(self) -> Rect {
        let reach = (self.at + self.lean.abs() / 2.0).min(1.0);
        self.turned(0.0, reach)
    }

    /// The box that is panel over its whole length.
    pub(super) fn free_part(self) -> Rect {
        let from = (self.at + self.lean.abs() / 2.0 + STRIP).min(0.98);
        self.turned(from, 1.0)
    }

    fn turned(self, from: f32, to: f32) -> Rect {
        let (from, to) = if self.far { (1.0 - to, 1.0 - from) } else { (from, to) };
        if self.upright { Rect::new(from, 0.0, to - from, 1.0) } else { Rect::new(0.0, from, 1.0, to - from) }
    }

    /// Paints panel and strip over a canvas that already has its photograph.
    pub(super) fn cover(self, canvas: &mut Canvas, tone: LabColor, accent: Option<LabColor>) {
        let size = canvas.size;
        let (width, height) = (size.width as f32, size.height as f32);
        let side = if self.upright { width } else { height };
        let over = |edge: f32| {
            move |x: usize, y: usize| {
                let beyond = self.beyond((x as f32 + 0.5) / width, (y as f32 + 0.5) / height) - edge;
                (beyond * side + 0.5).clamp(0.0, 1.0)
            }
        };
        let covered = Slot::of(size, self.turned((self.at - self.lean.abs() / 2.0).max(0.0), 1.0));
        if let Some(accent) = accent {
            canvas.panel_under(accent, covered, over(0.0));
        }
        let strip = accent.map_or(0.0, |_| (STRIP * width.max(height)).max(1.0) / side);
        canvas.panel_under(tone, covered, over(strip));
        canvas.tone = Some(tone);
        let free = |plane: &Plane, x: usize, y: usize| {
            self.beyond((x as f32 + 0.5) / plane.width() as f32, (y as f32 + 0.5) / plane.height() as f32)
                > 0.0
        };
        let (w, h) = (canvas.interest.width(), canvas.interest.height());
        for (x, y) in (0..h).flat_map(|y| (0..w).map(move |x| (x, y))) {
            if free(&canvas.interest, x, y) {
                canvas.interest.row_mut(y)[x] = 0.0;
            }
        }
    }
}

/// A photograph behind a slanted panel.
#[derive(Clone, Debug)]
pub(super) struct Diagonal {
    photo: usize,
    framing: Framing,
    slant: Slant,
}

impl Diagonal {
    pub(super) fn plan(photo: &Photo, index: usize, size: PixelSize, rng: &mut Rng) -> Option<(f32, Self)> {
        let upright = size.ratio() > 1.0;
        // The tangents of 12 and 9 degrees.
        let steep = if upright { 0.212_56 } else { 0.158_38 };
        let ratio = if upright { size.height as f32 / size.width as f32 } else { size.ratio() as f32 };
        let lean = steep * ratio;
        let story = is_story(size.ratio() as f32);
        let at = if upright || story { 0.56 } else { 0.62 } + 0.06 * rng.f32();
        // A story's panel lies above the photograph, clear of the controls below.
        let far = (upright && rng.bool()) || story;
        let slant = Slant::new(upright, far, at, if rng.bool() { lean } else { -lean });
        let part = slant.photo_part();
        let framing = plan(&photo.cropper(), Slot::of(size, part).ratio(), None, rng);
        if framing.extension.is_some() || !framing.is_tolerable() {
            return None;
        }
        let hidden = hidden(photo, &framing, slant, part);
        let weight = photo.worth(&framing, Slot::of(size, part));
        (hidden <= HIDDEN).then_some((weight, Self { photo: index, framing, slant }))
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let colors = scene.colors();
        let mut canvas = Canvas::new(size, rng);
        canvas.photo(scene, self.photo, &self.framing, Slot::of(size, self.slant.photo_part()))?;
        let tone = panel::color_beside(scene.photos[self.photo].mean, &colors, rng);
        self.slant.cover(&mut canvas, tone, Some(LabColor::of(colors.accent)));
        let copy = canvas.within_margin(self.slant.free_part());
        Ok(Comp::with_panel(canvas, scene, Archetype::Diagonal, copy))
    }
}

/// The share of the photograph's interest, in its slot, that lies under the panel.
fn hidden(photo: &Photo, framing: &Framing, slant: Slant, part: Rect) -> f32 {
    const STEPS: usize = 48;
    let (mut all, mut under) = (0.0, 0.0);
    for (i, j) in (0..STEPS).flat_map(|j| (0..STEPS).map(move |i| (i, j))) {
        let (u, v) = ((i as f32 + 0.5) / STEPS as f32, (j as f32 + 0.5) / STEPS as f32);
        let interest = photo.interest_at(framing, u, v);
        let interest = interest * interest;
        all += interest;
        if slant.beyond(part.x + u * part.width, part.y + v * part.height) > 0.0 {
            under += interest;
        }
    }
    under / f32::max(all, 1e-6)
}
