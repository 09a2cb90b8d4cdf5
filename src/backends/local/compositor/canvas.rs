//! The canvas that layouts paint on.

use fastrand::Rng;

use crate::{
    domain::{Palette, PixelSize},
    imaging::{
        Lab, LabColor, Plane, Rect,
        copy_space::{self, Room},
        finish::Grain,
        framing::{Framing, Side},
        interest::{calm, map_size},
    },
};

use super::photo::{Photo, Shot};

/// Standard deviations of the grain: banding and joints are hidden, dirt is not seen.
const PHOTO_GRAIN: f32 = 0.006;
const PANEL_GRAIN: f32 = 0.004;

/// A window of the canvas in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Slot {
    /// The slot between shares of the canvas; at least one pixel each way.
    pub(super) fn of(size: PixelSize, shares: Rect) -> Self {
        let cut = |from: f32, to: f32, side: u32| {
            let at = |share: f32| (share * side as f32).round().clamp(0.0, side as f32) as usize;
            let from = at(from).min(side as usize - 1);
            (from, at(to).max(from + 1) - from)
        };
        let (x, width) = cut(shares.x, shares.right(), size.width);
        let (y, height) = cut(shares.y, shares.bottom(), size.height);
        Self { x, y, width, height }
    }

    pub(super) fn ratio(self) -> f32 {
        self.width as f32 / self.height as f32
    }

    /// The slot in shares of the canvas.
    pub(super) fn shares(self, size: PixelSize) -> Rect {
        Rect::new(self.x as f32, self.y as f32, self.width as f32, self.height as f32)
            .scaled(1.0 / size.width as f32, 1.0 / size.height as f32)
    }
}

/// The picture as it grows, and the interest of what lies where.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) size: PixelSize,
    pub(super) lab: Lab,
    /// Interest over the whole canvas, at the size of the maps.
    pub(super) interest: Plane,
    grain: Grain,
}

impl Canvas {
    pub(super) fn new(size: PixelSize, rng: &mut Rng) -> Self {
        let (width, height) = (size.width as usize, size.height as usize);
        let (map_width, map_height) = map_size(width, height);
        Self {
            size,
            lab: Lab::filled(width, height, LabColor::default()),
            interest: Plane::filled(map_width, map_height, 0.0),
            grain: Grain::new(rng),
        }
    }

    /// Paints a raster where `cover` (given pixels of the slot) is above 0, with grain.
    fn paint(&mut self, mut lab: Lab, slot: Slot, grain: f32, cover: impl Fn(usize, usize) -> f32) {
        self.grain.apply(&mut lab, grain);
        for y in 0..slot.height.min(lab.height()) {
            for x in 0..slot.width.min(lab.width()) {
                let share = cover(x, y);
                if share <= 0.0 {
                    continue;
                }
                let i = (slot.y + y) * self.size.width as usize + slot.x + x;
                for (under, over) in
                    [(&mut self.lab.l, &lab.l), (&mut self.lab.a, &lab.a), (&mut self.lab.b, &lab.b)]
                {
                    let value = &mut under.values_mut()[i];
                    *value += (over.row(y)[x] - *value) * share;
                }
            }
        }
    }

    /// Lays a photograph into a slot and remembers where it is interesting.
    pub(super) fn photo(&mut self, photo: &Photo, framing: &Framing, shot: &Shot, slot: Slot) {
        self.photo_under(photo, framing, shot, slot, |_, _| 1.0);
    }

    /// The same, seen only where `cover` is above 0.
    pub(super) fn photo_under(
        &mut self,
        photo: &Photo,
        framing: &Framing,
        shot: &Shot,
        slot: Slot,
        cover: impl Fn(usize, usize) -> f32,
    ) {
        self.paint(shot.lab.clone(), slot, PHOTO_GRAIN, cover);
        let shares = slot.shares(self.size);
        self.mark(shares, |x, y| photo.interest_at(framing, x, y));
    }

    /// Fills a slot with a brand colour, a little lighter at the upper left: dead flat looks like an error.
    pub(super) fn panel(&mut self, tone: LabColor, slot: Slot, cover: impl Fn(usize, usize) -> f32) {
        let mut lab = Lab::filled(slot.width, slot.height, tone);
        let (w, h) = (slot.width as f32, slot.height as f32);
        for y in 0..slot.height {
            for (x, l) in lab.l.row_mut(y).iter_mut().enumerate() {
                let along = (x as f32 / w + y as f32 / h) / 2.0;
                *l = (*l + 0.02 - 0.04 * along).clamp(0.0, 0.99);
            }
        }
        self.paint(lab, slot, PANEL_GRAIN, cover);
    }

    /// Lays a painted ground, such as a studio sweep, into a slot.
    pub(super) fn ground(&mut self, lab: Lab, slot: Slot) {
        self.paint(lab, slot, PANEL_GRAIN, |_, _| 1.0);
    }

    /// Sets the interest inside a rectangle of shares; `value` gets shares of that rectangle.
    pub(super) fn mark(&mut self, shares: Rect, value: impl Fn(f32, f32) -> f32) {
        let (width, height) = (self.interest.width(), self.interest.height());
        for y in 0..height {
            for x in 0..width {
                let u = ((x as f32 + 0.5) / width as f32 - shares.x) / shares.width;
                let v = ((y as f32 + 0.5) / height as f32 - shares.y) / shares.height;
                if (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v) {
                    self.interest.row_mut(y)[x] = value(u, v);
                }
            }
        }
    }

    /// The best room for copy on the canvas as it is.
    pub(super) fn room(&self, wanted: Option<Side>, palette: &Palette) -> Option<Room> {
        let colors = self.lab.resized(self.interest.width(), self.interest.height());
        let ratio = self.size.ratio() as f32;
        let pallor = |rect| copy_space::pallor(&colors, rect, palette);
        copy_space::find(&calm(&colors), &self.interest, ratio, wanted, pallor)
    }

    /// The margin that text keeps, in shares of width and height: 5.5 % of the short side.
    pub(super) fn margin(&self) -> (f32, f32) {
        let short = self.size.width.min(self.size.height) as f32;
        (0.055 * short / self.size.width as f32, 0.055 * short / self.size.height as f32)
    }

    /// A rectangle of shares without the margin.
    pub(super) fn within_margin(&self, shares: Rect) -> Rect {
        let (mx, my) = self.margin();
        let (mx, my) = (mx.min(shares.width * 0.2), my.min(shares.height * 0.2));
        Rect::new(shares.x + mx, shares.y + my, shares.width - 2.0 * mx, shares.height - 2.0 * my)
    }
}
