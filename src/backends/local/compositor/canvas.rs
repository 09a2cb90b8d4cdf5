//! The canvas that layouts paint on.

use fastrand::Rng;

use crate::{
    domain::{Palette, PixelSize, PlacedPhoto},
    error::Result,
    imaging::{
        Lab, LabColor, Plane, Rect,
        contrast::luminance_of,
        copy_space::{self, Room},
        finish::Grain,
        framing::{Framing, Side},
        interest::{calm, map_size},
        product::Placed,
        safe_zone,
    },
};

use super::{
    scene::Scene,
    slot::{Slot, area},
};

/// Standard deviations of the grain: banding and joints are hidden, dirt is not seen.
const PHOTO_GRAIN: f32 = 0.006;
const PANEL_GRAIN: f32 = 0.004;
/// What a rectangle for copy costs that a product stands in: more than any other.
const TAKEN: f32 = 100.0;
/// Copy takes at least this share of the height.
const LINE: f32 = 0.08;

/// A product that will stand on the canvas.
#[derive(Debug)]
pub(super) struct Standing {
    /// Its place in the scene.
    pub(super) product: usize,
    pub(super) placed: Placed,
    /// The reference that it stands in, counted from 0; none on a painted ground.
    pub(super) ground: Option<usize>,
}

/// The picture as it grows, and the interest of what lies where.
#[derive(Debug)]
pub(super) struct Canvas {
    pub(super) size: PixelSize,
    pub(super) lab: Lab,
    /// Interest over the whole canvas, at the size of the maps.
    pub(super) interest: Plane,
    grain: Grain,
    /// The photographs that were laid on it.
    pub(super) photos: Vec<PlacedPhoto>,
    /// The products that will stand on it.
    pub(super) products: Vec<Standing>,
    /// The colour of its panel or sweep.
    pub(super) tone: Option<LabColor>,
}

impl Canvas {
    pub(super) fn new(size: PixelSize, rng: &mut Rng) -> Self {
        let (width, height) = (size.width as usize, size.height as usize);
        let (map_width, map_height) = map_size(width, height);
        Self {
            size,
            // It comes into being when the first slot is painted: most are the whole canvas.
            lab: Lab::filled(1, 1, LabColor::default()),
            interest: Plane::filled(map_width, map_height, 0.0),
            grain: Grain::new(rng),
            photos: Vec::new(),
            products: Vec::new(),
            tone: None,
        }
    }

    /// Paints a raster over a slot, with grain.
    fn paint(&mut self, mut lab: Lab, slot: Slot, grain: f32) {
        self.grain.apply(&mut lab, grain);
        let (all_width, all_height) = (self.size.width as usize, self.size.height as usize);
        if (lab.width(), lab.height()) == (all_width, all_height) {
            self.lab = lab;
            return;
        }
        if (self.lab.width(), self.lab.height()) != (all_width, all_height) {
            self.lab = Lab::filled(all_width, all_height, LabColor::default());
        }
        let width = slot.width.min(lab.width());
        for y in 0..slot.height.min(lab.height()) {
            for (under, over) in
                [(&mut self.lab.l, &lab.l), (&mut self.lab.a, &lab.a), (&mut self.lab.b, &lab.b)]
            {
                under.row_mut(slot.y + y)[slot.x..slot.x + width].copy_from_slice(&over.row(y)[..width]);
            }
        }
    }

    /// Crops and grades a photograph, lays it into a slot and remembers where it is interesting.
    pub(super) fn photo(&mut self, scene: &Scene, index: usize, framing: &Framing, slot: Slot) -> Result<()> {
        let shot = scene.photos[index].shoot(framing, slot.size(), scene.palette.as_ref())?;
        self.lay(shot, scene, index, framing, slot);
        Ok(())
    }

    /// Lays a photograph that was shot for a slot into it, and remembers where it is interesting.
    pub(super) fn lay(&mut self, shot: Lab, scene: &Scene, index: usize, framing: &Framing, slot: Slot) {
        self.paint(shot, slot, PHOTO_GRAIN);
        self.seen(scene, index, framing, slot);
    }

    /// Notes that a photograph is seen in a slot.
    pub(super) fn seen(&mut self, scene: &Scene, index: usize, framing: &Framing, slot: Slot) {
        let photo = &scene.photos[index];
        let shares = slot.shares(self.size);
        self.mark(shares, |x, y| photo.interest_at(framing, x, y));
        self.photos.push(photo.facts(framing, slot, area(shares)));
    }

    /// Fills a slot with a brand colour, a little lighter at the upper left: dead flat looks like an error.
    pub(super) fn panel(&mut self, tone: LabColor, slot: Slot) {
        self.tone = Some(tone);
        let lab = shaded_panel(tone, slot);
        self.paint(lab, slot, PANEL_GRAIN);
    }

    /// The same, seen only as far as `cover`, given pixels of the canvas, is above 0.
    pub(super) fn panel_under(&mut self, tone: LabColor, slot: Slot, cover: impl Fn(usize, usize) -> f32) {
        let mut lab = shaded_panel(tone, slot);
        self.grain.apply(&mut lab, PANEL_GRAIN);
        for y in 0..slot.height {
            for x in 0..slot.width {
                let share = cover(slot.x + x, slot.y + y);
                if share > 0.0 {
                    let over = lab.at(x as isize, y as isize);
                    let at = ((slot.x + x) as isize, (slot.y + y) as isize);
                    let mixed = self.lab.at(at.0, at.1).mix(over, share);
                    let i = at.1 as usize * self.size.width as usize + at.0 as usize;
                    self.lab.l.values_mut()[i] = mixed.l;
                    self.lab.a.values_mut()[i] = mixed.a;
                    self.lab.b.values_mut()[i] = mixed.b;
                }
            }
        }
    }

    /// Lays a painted ground, such as a studio sweep, into a slot.
    pub(super) fn ground(&mut self, lab: Lab, slot: Slot) {
        self.paint(lab, slot, PANEL_GRAIN);
    }

    /// Lets a product stand on it when it is finished, and keeps copy away from there.
    pub(super) fn stand(&mut self, product: usize, placed: Placed) {
        self.set(Standing { product, placed, ground: None });
    }

    /// The same on the ground of a photograph.
    pub(super) fn stand_in(&mut self, product: usize, placed: Placed, reference: usize) {
        self.set(Standing { product, placed, ground: Some(reference) });
    }

    fn set(&mut self, standing: Standing) {
        self.mark(self.shares_of(&standing.placed), |_, _| 1.0);
        self.products.push(standing);
    }

    /// Whether no product stands in a rectangle of shares.
    pub(super) fn is_free(&self, rect: Rect) -> bool {
        self.products.iter().all(|one| self.shares_of(&one.placed).intersection(rect).area() == 0.0)
    }

    /// The box of a product in shares of the canvas.
    pub(super) fn shares_of(&self, placed: &Placed) -> Rect {
        placed.bounds().scaled(1.0 / self.size.width as f32, 1.0 / self.size.height as f32)
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
        let luminances = luminance_of(&colors);
        let cost = |rect| {
            let taken = if self.is_free(rect) { 0.0 } else { TAKEN };
            taken + copy_space::pallor(&luminances, rect, palette)
        };
        copy_space::find(&calm(&colors), &self.interest, ratio, wanted, cost)
            .filter(|room| self.is_free(room.rect))
    }

    /// The margin that text keeps, in shares of width and height: 5.5 % of the short side.
    pub(super) fn margin(&self) -> (f32, f32) {
        let short = self.size.width.min(self.size.height) as f32;
        (0.055 * short / self.size.width as f32, 0.055 * short / self.size.height as f32)
    }

    /// A rectangle of shares without the margin, and without what a story lays its controls over if enough is left.
    pub(super) fn within_margin(&self, shares: Rect) -> Rect {
        let (mx, my) = self.margin();
        let (mx, my) = (mx.min(shares.width * 0.2), my.min(shares.height * 0.2));
        let within =
            Rect::new(shares.x + mx, shares.y + my, shares.width - 2.0 * mx, shares.height - 2.0 * my);
        let seen = within.intersection(safe_zone::story(self.size.ratio() as f32));
        if seen.height > LINE { seen } else { within }
    }
}

fn shaded_panel(tone: LabColor, slot: Slot) -> Lab {
    let mut lab = Lab::filled(slot.width, slot.height, tone);
    let (w, h) = (slot.width as f32, slot.height as f32);
    for y in 0..slot.height {
        for (x, l) in lab.l.row_mut(y).iter_mut().enumerate() {
            let along = (x as f32 / w + y as f32 / h) / 2.0;
            *l = (*l + 0.022 - 0.044 * along).clamp(0.0, 0.99);
        }
    }
    lab
}
