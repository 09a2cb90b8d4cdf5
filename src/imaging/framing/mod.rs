//! How a picture is brought to another shape: cropped, given room beside its subject, extended, or not
//! at all.

mod crop;
mod edge;
mod extend;
mod plan;
mod render;

use fastrand::Rng;

use super::{Rect, interest::Interest};
use crate::domain::PixelSize;

pub use crate::domain::Side;
pub(crate) use crop::{Cropper, Sums, Wish};
pub(crate) use plan::{plan, plan_crop, plan_fit};

/// How the part beyond the picture is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fill {
    /// The picture reflected and more and more blurred. Only where nothing can be recognised.
    Mirror,
    /// The colours of its edge drawn out. Only where the edge is smooth.
    Edge,
}

/// The part of a frame that lies beyond the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Extension {
    /// The side that is drawn out.
    pub side: Side,
    /// Its share of the frame's width or height.
    pub share: f32,
    /// What it is filled with.
    pub fill: Fill,
}

/// How a picture fills a frame: which part of it, and what is added.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Framing {
    /// The part of the picture that is used, in shares of it.
    pub region: Rect,
    /// What is added beside that part.
    pub extension: Option<Extension>,
    /// Whether the subject stays whole, or there is none to cut. If not, give the picture a smaller frame of another
    /// shape.
    pub accepted: bool,
    /// The share of the subject's interest that is inside.
    pub kept: f32,
    /// The largest share of a side of the crop that runs through the subject.
    pub cut: f32,
}

impl Framing {
    /// The whole picture, for a frame of its own shape.
    pub(crate) fn whole() -> Self {
        Self { region: Rect::WHOLE, extension: None, accepted: true, kept: 1.0, cut: 0.0 }
    }

    /// Whether both would hardly be told apart.
    pub(crate) fn is_alike(&self, other: &Self) -> bool {
        let shared = self.region.intersection(other.region).area();
        self.extension.is_some() == other.extension.is_some()
            && shared / (self.region.area() + other.region.area() - shared).max(1e-6) > 0.8
    }

    /// Whether the crop is good and nothing is drawn beyond the photograph.
    pub(crate) fn is_whole(&self) -> bool {
        self.accepted && self.extension.is_none()
    }

    /// Whether the crop loses so little that a panel comp may still use it.
    pub(crate) fn is_tolerable(&self) -> bool {
        self.accepted || (self.kept > 0.85 && self.cut < 0.2)
    }

    /// How much a frame of this size enlarges a picture; below 1 it becomes smaller. Good to 2, soft at 2.6, and
    /// beyond that texture looks painted.
    #[must_use]
    pub fn enlarging(&self, picture: PixelSize, frame: PixelSize) -> f32 {
        let inner = self.inner(frame);
        let across = inner.width as f32 / (self.region.width * picture.width as f32).max(1.0);
        let down = inner.height as f32 / (self.region.height * picture.height as f32).max(1.0);
        across.max(down)
    }

    /// The part of the frame that the picture itself fills, in shares.
    pub(crate) fn inner_part(&self) -> Rect {
        let Some(Extension { side, share, .. }) = self.extension else { return Rect::WHOLE };
        match side {
            Side::Left => Rect::new(share, 0.0, 1.0 - share, 1.0),
            Side::Right => Rect::new(0.0, 0.0, 1.0 - share, 1.0),
            Side::Top => Rect::new(0.0, share, 1.0, 1.0 - share),
            Side::Bottom => Rect::new(0.0, 0.0, 1.0, 1.0 - share),
        }
    }

    /// The pixels of the frame that the picture itself fills.
    fn inner(&self, frame: PixelSize) -> PixelSize {
        let part = self.inner_part();
        let side = |share: f32, pixels: u32| ((share * pixels as f32).round() as u32).clamp(1, pixels.max(1));
        PixelSize::new(side(part.width, frame.width), side(part.height, frame.height))
    }
}

impl Interest {
    /// The best crop to the shape of `frame`, with the subject beside the side that `copy` will stand on. Nothing is
    /// added.
    ///
    /// `seed` decides between crops that are almost as good; the same seed gives the same crop.
    #[must_use]
    pub fn crop(&self, frame: PixelSize, copy: Option<Side>, seed: u64) -> Framing {
        let cropper = Cropper::new(self);
        let crop = cropper.best(Wish::new(frame.ratio() as f32, copy), &mut Rng::with_seed(seed));
        Framing::of(&crop, None, cropper.accepts(&crop))
    }

    /// The best way to fill `frame`: a crop, a crop with room made for `copy`, or an extension where the side of the
    /// picture is smooth enough to be drawn out unseen. [`accepted`](Framing::accepted) is false when each of them
    /// would cut the subject.
    #[must_use]
    pub fn framing(&self, frame: PixelSize, copy: Option<Side>, seed: u64) -> Framing {
        plan(&Cropper::new(self), frame.ratio() as f32, copy, &mut Rng::with_seed(seed))
    }
}
