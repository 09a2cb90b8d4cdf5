//! One of the team's photographs, and how it comes to fill a slot.

use crate::{
    domain::{Palette, PixelSize},
    error::Result,
    imaging::{
        Lab, LabColor, Picture, Plane, copy_space,
        framing::{Cropper, Framing, Side},
        grade::{self, grade},
        interest::Interest,
    },
};

/// A decoded photograph and what is known of it.
#[derive(Debug)]
pub(super) struct Photo {
    /// What it is called in notes: "reference 2".
    pub(super) name: String,
    picture: Picture,
    pub(super) interest: Interest,
    /// The mean colour.
    pub(super) mean: LabColor,
}

/// A photograph rendered for a slot.
#[derive(Debug)]
pub(super) struct Shot {
    pub(super) name: String,
    pub(super) lab: Lab,
    /// How much the pixels were enlarged; below 1 they were made smaller.
    pub(super) enlarged: f32,
    /// Where something was added that is not in the photograph.
    pub(super) extended: Option<&'static str>,
}

impl Photo {
    pub(super) fn new(name: String, picture: &Picture) -> Result<Self> {
        let picture = picture.on_white();
        let interest = Interest::of(&picture)?;
        Ok(Self { name, mean: interest.lab.mean(), interest, picture })
    }

    /// Width over height.
    pub(super) fn ratio(&self) -> f32 {
        self.picture.size().ratio() as f32
    }

    pub(super) fn cropper(&self) -> Cropper<'_> {
        Cropper::new(&self.interest)
    }

    /// How much a slot of this size would enlarge the photograph.
    pub(super) fn enlargement(&self, framing: &Framing, width: usize, height: usize) -> f32 {
        framing.enlarging(self.picture.size(), PixelSize::new(width as u32, height as u32))
    }

    /// Crops, resamples, sharpens, extends and grades.
    pub(super) fn shoot(
        &self,
        framing: &Framing,
        width: usize,
        height: usize,
        palette: Option<&Palette>,
    ) -> Result<Shot> {
        let frame = PixelSize::new(width as u32, height as u32);
        let mut lab = framing.render_lab(&self.picture, frame)?;
        let enlarged = self.enlargement(framing, width, height);
        if let Some(palette) = palette {
            grade(&mut lab, palette, grade::STRENGTH);
        }
        let extended = framing.extension.map(|extension| match extension.side {
            Side::Left => "left",
            Side::Right => "right",
            Side::Top => "top",
            Side::Bottom => "bottom",
        });
        Ok(Shot { name: self.name.clone(), lab, enlarged, extended })
    }

    /// The interest at a point of the framed picture, in shares of the slot. Nothing beyond its edge.
    pub(super) fn interest_at(&self, framing: &Framing, x: f32, y: f32) -> f32 {
        sample(&self.interest.map, framing, x, y).unwrap_or(0.0)
    }

    /// The unrest of the best room for copy on the framed picture, judged by the maps alone.
    pub(super) fn unrest(&self, framing: &Framing, ratio: f32, copy: Side) -> f32 {
        let (width, height) = if ratio > 1.0 { (96.0, 96.0 / ratio) } else { (96.0 * ratio, 96.0) };
        let map = |plane: &Plane, beyond: f32| {
            let (w, h) = (width.max(1.0) as usize, height.max(1.0) as usize);
            Plane::from_fn(w, h, |x, y| {
                let (x, y) = ((x as f32 + 0.5) / w as f32, (y as f32 + 0.5) / h as f32);
                sample(plane, framing, x, y).unwrap_or(beyond)
            })
        };
        let (calm, interest) = (map(&self.interest.calm, 0.9), map(&self.interest.map, 0.0));
        copy_space::find(&calm, &interest, ratio, Some(copy), |_| 0.0).map_or(f32::MAX, |room| room.unrest)
    }
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
