//! One of the team's photographs, and how it comes to fill a slot.

use crate::{
    domain::{Area, Extended, Palette, PhotoSource, PixelSize, PlacedPhoto},
    error::Result,
    imaging::{
        Lab, LabColor, Picture, Plane, Rect, copy_space,
        framing::{Cropper, Extension, Framing, Side, Sums},
        grade::{self, grade},
        interest::Interest,
        math::smooth,
    },
    roles::Ground,
};

use super::slot::{self, Slot};

/// Up to here enlarged pixels look sharp.
const SHARP: f32 = 2.1;

/// A decoded photograph and what is known of it.
#[derive(Debug)]
pub(super) struct Photo {
    source: PhotoSource,
    picture: Picture,
    /// The line of it that a product may stand on.
    pub(super) ground: Option<Ground>,
    pub(super) interest: Interest,
    sums: Sums,
    /// The mean colour.
    pub(super) mean: LabColor,
}

impl Photo {
    pub(super) fn new(source: PhotoSource, picture: Picture) -> Result<Self> {
        let picture = if picture.has_transparency() { picture.on_white() } else { picture };
        let interest = Interest::of(&picture)?;
        let (mean, sums) = (interest.lab.mean(), Sums::of(&interest));
        Ok(Self { source, mean, sums, interest, picture, ground: None })
    }

    /// Width over height.
    pub(super) fn ratio(&self) -> f32 {
        self.picture.size().ratio() as f32
    }

    pub(super) fn cropper(&self) -> Cropper<'_> {
        Cropper::with_sums(&self.interest, &self.sums)
    }

    /// How much a slot enlarges the photograph.
    pub(super) fn enlargement(&self, framing: &Framing, slot: Slot) -> f32 {
        framing.enlarging(self.picture.size(), slot.size())
    }

    /// How good a photograph looks in a slot, 0..=1: whole, and not enlarged too much.
    pub(super) fn worth(&self, framing: &Framing, slot: Slot) -> f32 {
        let whole = match framing {
            framing if framing.accepted => 1.0,
            framing if framing.is_tolerable() => 0.15,
            _ => 0.0,
        };
        whole * (1.0 - 0.97 * self.softness(framing, slot))
    }

    /// How soft enlarging makes it in a slot: 0 up to 2.1 times, 1 from 3.6 on.
    pub(super) fn softness(&self, framing: &Framing, slot: Slot) -> f32 {
        smooth((self.enlargement(framing, slot) - SHARP) / 1.5)
    }

    /// Crops, resamples, sharpens, extends and grades.
    pub(super) fn shoot(&self, framing: &Framing, size: PixelSize, palette: Option<&Palette>) -> Result<Lab> {
        let mut lab = framing.render_lab(&self.picture, size)?;
        if let Some(palette) = palette {
            grade(&mut lab, palette, grade::STRENGTH);
        }
        Ok(lab)
    }

    /// What there is to tell of it in a slot that covers `area` of the canvas.
    pub(super) fn facts(&self, framing: &Framing, slot: Slot, area: Area) -> PlacedPhoto {
        let crop = slot::area(framing.region);
        let placed = PlacedPhoto::new(self.source, area, crop, self.enlargement(framing, slot));
        match framing.extension {
            Some(Extension { side, share, .. }) => placed.with_extension(Extended { side, share }),
            None => placed,
        }
    }

    /// The interest at a point of the framed picture, in shares of the slot. Nothing beyond its edge.
    pub(super) fn interest_at(&self, framing: &Framing, x: f32, y: f32) -> f32 {
        sample(&self.interest.map, framing, x, y).unwrap_or(0.0)
    }

    /// The mean interest of the framed picture between two columns, in shares of the slot.
    pub(super) fn interest_between(&self, framing: &Framing, from: f32, to: f32) -> f32 {
        self.interest_in(framing, Rect::new(from, 0.0, to - from, 1.0))
    }

    /// The mean interest of a part of the framed picture.
    pub(super) fn interest_in(&self, framing: &Framing, part: Rect) -> f32 {
        mean(part, |x, y| self.interest_at(framing, x, y))
    }

    /// The mean lightness of a part of the framed picture.
    pub(super) fn lightness_in(&self, framing: &Framing, part: Rect) -> f32 {
        mean(part, |x, y| sample(&self.interest.lab.l, framing, x, y).unwrap_or(0.5))
    }

    /// The share of the framed picture's subject that a part hides; it counts the less, the less there is a single one.
    pub(super) fn hidden(&self, framing: &Framing, part: Rect) -> f32 {
        let subject = |x, y| sample(&self.interest.mask, framing, x, y).unwrap_or(0.0);
        self.interest.singleness() * part.area() * mean(part, subject) / mean(Rect::WHOLE, subject).max(1e-6)
    }

    /// Whether the framed picture has no room for copy, judged by the maps alone.
    pub(super) fn is_busy(&self, framing: &Framing, ratio: f32, copy: Side) -> bool {
        let (width, height) = if ratio > 1.0 { (96.0, 96.0 / ratio) } else { (96.0 * ratio, 96.0) };
        let map = |plane: &Plane, beyond: f32| {
            let (w, h) = (width.max(1.0) as usize, height.max(1.0) as usize);
            Plane::from_fn(w, h, |x, y| {
                let (x, y) = ((x as f32 + 0.5) / w as f32, (y as f32 + 0.5) / h as f32);
                sample(plane, framing, x, y).unwrap_or(beyond)
            })
        };
        let (calm, interest) = (map(&self.interest.calm, 0.9), map(&self.interest.map, 0.0));
        copy_space::find(&calm, &interest, ratio, Some(copy), |_| 0.0)
            .is_none_or(|room| room.unrest > copy_space::CALM + 0.1)
    }
}

/// The mean of what `value` gives at points spread evenly over a part.
fn mean(part: Rect, value: impl Fn(f32, f32) -> f32) -> f32 {
    const STEPS: usize = 16;
    let at = |i: usize| (i as f32 + 0.5) / STEPS as f32;
    let points = (0..STEPS)
        .flat_map(|j| (0..STEPS).map(move |i| (part.x + at(i) * part.width, part.y + at(j) * part.height)));
    points.map(|(x, y)| value(x, y)).sum::<f32>() / (STEPS * STEPS) as f32
}

/// A map at a point of the framed picture; nothing beyond its edge.
fn sample(map: &Plane, framing: &Framing, x: f32, y: f32) -> Option<f32> {
    let part = framing.inner_part();
    let (u, v) = ((x - part.x) / part.width, (y - part.y) / part.height);
    let inside = (0.0..=1.0).contains(&u) && (0.0..=1.0).contains(&v);
    inside.then(|| {
        map.sample(
            (framing.region.x + u * framing.region.width) * map.width() as f32 - 0.5,
            (framing.region.y + v * framing.region.height) * map.height() as f32 - 0.5,
        )
    })
}
