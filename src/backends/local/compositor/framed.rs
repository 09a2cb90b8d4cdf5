//! Framed: the photograph inside a border of brand colour, with a broad foot or side for copy.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        Rect,
        framing::{Framing, plan},
        safe_zone::{self, is_story},
    },
};

use super::{canvas::Canvas, comp::Comp, panel, photo::Photo, scene::Scene, slot::Slot};

/// A photograph and its slot inside the border.
#[derive(Clone, Debug)]
pub(super) struct Framed {
    photo: usize,
    framing: Framing,
    photo_part: Rect,
    copy_part: Rect,
}

impl Framed {
    /// The picture cropped to its slot; none where that would cut the subject.
    pub(super) fn plan(photo: &Photo, index: usize, size: PixelSize, rng: &mut Rng) -> Option<(f32, Self)> {
        let (photo_part, copy_part) = parts(size, rng);
        let framing = plan(&photo.cropper(), Slot::of(size, photo_part).ratio(), None, rng);
        if framing.extension.is_some() || !framing.is_tolerable() {
            return None;
        }
        let weight = photo.worth(&framing, Slot::of(size, photo_part));
        Some((weight, Self { photo: index, framing, photo_part, copy_part }))
    }

    /// The whole picture, uncropped: what is always possible.
    pub(super) fn whole(photo: &Photo, index: usize, size: PixelSize, rng: &mut Rng) -> (f32, Self) {
        let (photo_part, copy_part) = whole_parts(photo.ratio(), size, rng);
        (0.6, Self { photo: index, framing: Framing::whole(), photo_part, copy_part })
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let photo = &scene.photos[self.photo];
        let mut canvas = Canvas::new(size, rng);
        let tone = panel::color_beside(photo.mean, &scene.colors(), rng);
        canvas.panel(tone, Slot::all(size));
        canvas.photo(scene, self.photo, &self.framing, Slot::of(size, self.photo_part))?;
        Ok(Comp::with_panel(canvas, scene, Archetype::Framed, self.copy_part))
    }
}

/// The photograph's part and the free part, in shares of the canvas.
fn parts(size: PixelSize, rng: &mut Rng) -> (Rect, Rect) {
    let (width, height) = (size.width as f32, size.height as f32);
    let margin = (0.05 + 0.02 * rng.f32()) * width.min(height);
    let (mx, my) = (margin / width, margin / height);
    if width / height > 1.25 {
        let wide = 0.60 - mx;
        let free = Rect::new(wide + 2.0 * mx, my, 1.0 - wide - 3.0 * mx, 1.0 - 2.0 * my);
        let photo = Rect::new(mx, my, wide, 1.0 - 2.0 * my);
        return either_way(photo, free, rng);
    }
    let foot = 0.20 + 0.04 * rng.f32();
    if is_story(width / height) {
        // The broad side is the upper one, below the controls there.
        let top = safe_zone::story(width / height).y + foot;
        let photo = Rect::new(mx, top, 1.0 - 2.0 * mx, 1.0 - top - my);
        return (photo, Rect::new(mx, top - foot, 1.0 - 2.0 * mx, foot - my * 0.5));
    }
    let photo = Rect::new(mx, my, 1.0 - 2.0 * mx, 1.0 - my - foot - my * 0.3);
    (photo, Rect::new(mx, photo.bottom() + my * 0.5, 1.0 - 2.0 * mx, 1.0 - photo.bottom() - my * 1.3))
}

/// The slot of a picture of `ratio` that is not cropped, and the free part beside or below it.
fn whole_parts(ratio: f32, size: PixelSize, rng: &mut Rng) -> (Rect, Rect) {
    let (width, height) = (size.width as f32, size.height as f32);
    let margin = (0.05 + 0.02 * rng.f32()) * width.min(height);
    let (mx, my) = (margin / width, margin / height);
    if width / height > 1.1 {
        let w = (ratio * (height - 2.0 * margin) / width).min(0.62 - mx);
        let h = w * width / ratio / height;
        let photo = Rect::new(mx, (1.0 - h) / 2.0, w, h);
        return either_way(photo, Rect::new(w + 2.0 * mx, my, 1.0 - w - 3.0 * mx, 1.0 - 2.0 * my), rng);
    }
    let full = width / ratio / height;
    if full < 0.5 && is_story(width / height) {
        // In a story a wide picture runs from side to side, clear of the controls, copy above it.
        return (Rect::new(0.0, 0.37, 1.0, full), Rect::new(mx, 0.15, 1.0 - 2.0 * mx, 0.22 - my));
    }
    let h = ((width - 2.0 * margin) / ratio / height).min(0.74 - my);
    let w = h * height * ratio / width;
    let photo = Rect::new((1.0 - w) / 2.0, my, w, h);
    (photo, Rect::new(mx, h + 2.0 * my, 1.0 - 2.0 * mx, 1.0 - h - 3.0 * my))
}

/// As it is, or mirrored.
fn either_way(photo: Rect, free: Rect, rng: &mut Rng) -> (Rect, Rect) {
    let mirrored = |rect: Rect| Rect { x: 1.0 - rect.right(), ..rect };
    if rng.bool() { (photo, free) } else { (mirrored(photo), mirrored(free)) }
}
