//! Inset: two references, the first on most of the canvas, the second as a small print on its seam with
//! the panel.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        LabColor, Rect,
        framing::{Framing, Side, plan},
        math::exp,
        product::shaded,
        safe_zone::{self, is_story},
    },
};

use super::{canvas::Canvas, comp::Comp, panel, photo::Photo, scene::Scene, slot::Slot, split_panel::divide};

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
    ) -> Option<(f32, Self)> {
        let wide = size.ratio() > 1.1;
        let side = match (wide, rng.bool()) {
            (false, _) if is_story(size.ratio() as f32) => Side::Top,
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
        let seen = hidden(&print_part) < 0.06 && copy_part.width > 0.1 && copy_part.height > 0.1;
        let weight = photos[0].worth(&large, Slot::of(size, photo_part));
        (large.is_whole() && small.is_whole() && seen).then_some((
            weight,
            Self {
                large: (indices[0], large),
                small: (indices[1], small),
                photo_part,
                panel_part,
                print_part,
                copy_part,
            },
        ))
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let colors = scene.colors();
        let mut canvas = Canvas::new(size, rng);
        let tone = panel::color_beside(scene.photos[self.large.0].mean, &colors, rng);
        canvas.panel(tone, Slot::of(size, self.panel_part));
        canvas.photo(scene, self.large.0, &self.large.1, Slot::of(size, self.photo_part))?;
        let print = Slot::of(size, self.print_part);
        lay_paper(&mut canvas, print, LabColor::of(colors.light));
        canvas.photo(scene, self.small.0, &self.small.1, print)?;
        Ok(Comp::with_panel(canvas, scene, Archetype::Inset, self.copy_part))
    }
}

/// The print on the seam, at the near or far end of it, and what is left of the panel for copy.
fn print(size: PixelSize, panel: Side, overlap: f32, far: bool) -> (Rect, Rect) {
    if panel == Side::Top {
        let turned = |rect: Rect| Rect { y: 1.0 - rect.bottom(), ..rect };
        let (print, free) = print(size, Side::Bottom, overlap, far);
        return (turned(print), turned(free).intersection(safe_zone::story(size.ratio() as f32)));
    }
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
        let interest = photo.interest_at(framing, u, v);
        let interest = interest * interest;
        all += interest;
        let (x, y) = (photo_part.x + u * photo_part.width, photo_part.y + v * photo_part.height);
        if x > print.x && x < print.right() && y > print.y && y < print.bottom() {
            under += interest;
        }
    }
    under / all.max(1e-6)
}

/// A sheet of paper a little larger than `slot`, its soft shadow mostly below it.
fn lay_paper(canvas: &mut Canvas, slot: Slot, paper: LabColor) {
    let (width, height) = (canvas.lab.width(), canvas.lab.height());
    let short = width.min(height) as f32;
    let border = (BORDER * short).max(1.0);
    let (sigma, drop) = (0.024 * short, 0.018 * short);
    let middle = (slot.x as f32 + slot.width as f32 / 2.0, slot.y as f32 + slot.height as f32 / 2.0);
    let half = (slot.width as f32 / 2.0 + border, slot.height as f32 / 2.0 + border);
    let reach = (half.0 + 3.5 * sigma, half.1 + drop + 3.5 * sigma);
    let clip = |at: f32, side: usize| at.clamp(0.0, side as f32) as usize;
    for y in clip(middle.1 - reach.1, height)..clip(middle.1 + reach.1, height) {
        for x in clip(middle.0 - reach.0, width)..clip(middle.0 + reach.0, width) {
            let (dx, dy) = (x as f32 + 0.5 - middle.0, y as f32 + 0.5 - middle.1);
            let color = if dx.abs() <= half.0 && dy.abs() <= half.1 {
                paper
            } else {
                // The shadow of a blurred sheet, a little narrower than the sheet itself.
                let off_x = (dx.abs() - half.0 + 1.6 * sigma).max(0.0) / sigma;
                let off_y = ((dy - drop).abs() - half.1 + 0.6 * sigma).max(0.0) / sigma;
                let here = canvas.lab.at(x as isize, y as isize);
                here.mix(shaded(here), 0.42 * exp(-0.5 * (off_x * off_x + off_y * off_y)))
            };
            let i = y * width + x;
            canvas.lab.l.values_mut()[i] = color.l;
            canvas.lab.a.values_mut()[i] = color.a;
            canvas.lab.b.values_mut()[i] = color.b;
        }
    }
}
