//! Inset: two references, the first on most of the canvas, the second as a small print on its seam with
//! the panel.

use fastrand::Rng;

use crate::{
    domain::PixelSize,
    error::Result,
    imaging::{
        LabColor, Rect,
        framing::{Framing, Side, plan},
    },
};

use super::{
    canvas::{Canvas, Slot},
    comp::{Comp, describe},
    panel,
    photo::Photo,
    scene::Scene,
    split_panel::divide,
};

const PANEL: f32 = 0.36;
/// The print's width and height, and its border, in short sides of the canvas.
const PRINT: (f32, f32) = (0.34, 0.40);
const BORDER: f32 = 0.01;
const MARGIN: f32 = 0.055;

/// Two photographs in their slots.
#[derive(Clone, Debug)]
pub(super) struct Inset {
    large: (usize, Framing),
    small: (usize, Framing),
    photo_part: Rect,
    panel_part: Rect,
    /// The print without its border.
    print_part: Rect,
    copy_part: Rect,
}

impl Inset {
    /// Both must be accepted in their own slots: a narrow one loses subjects easily.
    pub(super) fn plan(
        photos: [&Photo; 2],
        indices: [usize; 2],
        size: PixelSize,
        rng: &mut Rng,
    ) -> Option<Self> {
        let wide = size.ratio() > 1.1;
        let side = match (wide, rng.bool()) {
            (false, _) => Side::Bottom,
            (true, true) => Side::Left,
            (true, false) => Side::Right,
        };
        let (photo_part, panel_part) = divide(side, PANEL);
        let large = plan(&photos[0].cropper(), Slot::of(size, photo_part).ratio(), None, rng);
        let overlap = if rng.bool() { 0.20 } else { 0.32 };
        let prints = [false, true].map(|far| print(size, side, overlap, far));
        let hidden = |part: &Rect| hidden(photos[0], &large, photo_part, *part);
        let (print_part, copy_part) =
            prints.into_iter().min_by(|a, b| hidden(&a.0).total_cmp(&hidden(&b.0)))?;
        let small = plan(&photos[1].cropper(), Slot::of(size, print_part).ratio(), None, rng);
        let whole = |framing: &Framing| framing.accepted && framing.extension.is_none();
        let seen = hidden(&print_part) < 0.06 && copy_part.width > 0.1 && copy_part.height > 0.1;
        (whole(&large) && whole(&small) && seen).then_some(Self {
            large: (indices[0], large),
            small: (indices[1], small),
            photo_part,
            panel_part,
            print_part,
            copy_part,
        })
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let colors = scene.colors();
        let mut canvas = Canvas::new(size, rng);
        let tone = panel::color_beside(scene.photos[self.large.0].mean, &colors, rng);
        canvas.panel(tone, Slot::of(size, self.panel_part), |_, _| 1.0);
        let mut notes = Vec::new();
        for ((index, framing), part, layout) in
            [(&self.large, self.photo_part, "picture"), (&self.small, self.print_part, "inset print")]
        {
            let slot = Slot::of(size, part);
            if layout == "inset print" {
                lay_paper(&mut canvas, slot, LabColor::of(colors.light));
            }
            let photo = &scene.photos[*index];
            let shot = photo.shoot(framing, slot.width, slot.height, scene.palette.as_ref())?;
            canvas.photo(photo, framing, &shot, slot);
            notes.push(describe(layout, &shot));
        }
        Ok(Comp::with_panel(canvas, self.copy_part, &[], scene, notes))
    }
}

/// The print on the seam, at the near or far end of it, and what is left of the panel for copy.
fn print(size: PixelSize, panel: Side, overlap: f32, far: bool) -> (Rect, Rect) {
    let (width, height) = (size.width as f32, size.height as f32);
    let short = width.min(height);
    let (w, h) = (PRINT.0 * short / width, PRINT.1 * short / height);
    let (mx, my) = (MARGIN * short / width, MARGIN * short / height);
    if panel == Side::Bottom {
        let seam = 1.0 - PANEL;
        let y = (seam - overlap * h).min(1.0 - my - h);
        let x = if far { 1.0 - mx - w } else { mx };
        let free = if far { mx } else { x + w + mx };
        return (Rect::new(x, y, w, h), Rect::new(free, seam + my, 1.0 - w - 3.0 * mx, PANEL - 2.0 * my));
    }
    let y = if far { my } else { 1.0 - my - h };
    let free = if far { y + h + my } else { my };
    let (x, left) = match panel {
        Side::Left => (PANEL - (1.0 - overlap) * w, mx),
        _ => (1.0 - PANEL - overlap * w, 1.0 - PANEL + mx),
    };
    (Rect::new(x, y, w, h), Rect::new(left, free, PANEL - 2.0 * mx, 1.0 - h - 3.0 * my))
}

/// The share of the large picture's interest under the print.
fn hidden(photo: &Photo, framing: &Framing, photo_part: Rect, print: Rect) -> f32 {
    const STEPS: usize = 40;
    let (mut all, mut under) = (0.0_f32, 0.0);
    for (i, j) in (0..STEPS).flat_map(|j| (0..STEPS).map(move |i| (i, j))) {
        let (u, v) = ((i as f32 + 0.5) / STEPS as f32, (j as f32 + 0.5) / STEPS as f32);
        let interest = photo.interest_at(framing, u, v).powi(2);
        all += interest;
        let (x, y) = (photo_part.x + u * photo_part.width, photo_part.y + v * photo_part.height);
        if x > print.x && x < print.right() && y > print.y && y < print.bottom() {
            under += interest;
        }
    }
    under / all.max(1e-6)
}

/// A sheet of paper a little larger than `slot`, with a soft shadow round it.
fn lay_paper(canvas: &mut Canvas, slot: Slot, paper: LabColor) {
    let (width, height) = (canvas.lab.width(), canvas.lab.height());
    let short = width.min(height) as f32;
    let border = (BORDER * short).max(1.0);
    let (sigma, drop) = (0.016 * short, 0.008 * short);
    let middle = (slot.x as f32 + slot.width as f32 / 2.0, slot.y as f32 + slot.height as f32 / 2.0);
    let half = (slot.width as f32 / 2.0 + border, slot.height as f32 / 2.0 + border);
    canvas.lab.update(|i, color| {
        let (x, y) = ((i % width) as f32 + 0.5, (i / width) as f32 + 0.5);
        let off = |drop: f32| {
            let (dx, dy) = ((x - middle.0).abs() - half.0, (y - middle.1 - drop).abs() - half.1);
            dx.max(0.0).hypot(dy.max(0.0))
        };
        if off(0.0) == 0.0 {
            return paper;
        }
        let away = off(drop) / sigma;
        if away > 3.5 {
            return color;
        }
        let dark = 0.34 * (-0.5 * away * away).exp();
        LabColor::new(color.l * (1.0 - dark), color.a, color.b)
    });
}
