//! Where the eye goes in a picture, and where it rests.
//!
//! Five maps are weighed together. The weights and thresholds were tuned on 24 photographs with
//! hand-drawn subject boxes (72 crops): together the maps keep the subject in 91 % of the crops that
//! can hold it, a crop to the centre in 70 %, the best single map in 77 %.

mod barrier;
mod calm;
mod color;
mod focus;
mod read;
mod spectral;
mod subject;

use std::borrow::Cow;

pub(crate) use calm::calm;

use super::{Lab, Picture, Plane, Rect, gaussian, math::exp};
use crate::error::{Error, Result};

/// The long side of every map.
pub(crate) const MAP: usize = 192;

/// Concentrations of a view that may be cut freely, and of one that has a subject all the same.
const VIEW: f32 = 2.0;
const SINGLE: f32 = 2.6;

/// The long side a picture is read at: the focus map needs the finest detail it was tuned with.
pub(crate) const READ_AT: u32 = 768;

/// Where the eye goes in a picture: what is known after looking at it once.
///
/// ```
/// use keyvisual::domain::PixelSize;
/// use keyvisual::imaging::{Interest, Picture, Side};
///
/// let cup = Picture::from_fn(PixelSize::new(300, 200), |x, y| match (200..250).contains(&x) && (90..150).contains(&y) {
///     true => [190, 60, 30, 255],
///     false => [225, 220, 210, 255],
/// });
/// let interest = Interest::of(&cup)?;
/// assert!(interest.subject().x > 0.6 && !interest.is_diffuse());
///
/// let story = PixelSize::new(108, 192);
/// let framing = interest.framing(story, Some(Side::Top), 7);
/// assert!(framing.accepted);
/// assert_eq!(framing.render(&cup, story)?.size(), story);
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Interest {
    /// Interest, 0..=1.
    pub(crate) map: Plane,
    /// 1 on the subject, 0 elsewhere.
    pub(crate) mask: Plane,
    /// 1 where nothing happens, near 0 on edges and texture.
    pub(crate) calm: Plane,
    /// The colours at the size of the maps.
    pub(crate) lab: Lab,
    /// Lightness at up to 768 px, for what the maps are too small to show.
    pub(crate) lightness: Plane,
    /// The box round the subject, in shares of width and height.
    pub(crate) subject: Rect,
    /// The centre of interest of the subject, in shares of width and height.
    pub(crate) center: (f32, f32),
    /// How much more interest lies on the subject than beside it. Above 3.2: one clear subject.
    pub(crate) concentration: f32,
    /// Fine structure over coarse. From 0.55: a wide view; below 0.43: a close-up.
    pub(crate) openness: f32,
}

impl Interest {
    /// Reads a picture; what is transparent in it lies on white. Takes tens of milliseconds; large pictures are made
    /// smaller first.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an empty picture.
    pub fn of(picture: &Picture) -> Result<Self> {
        if picture.size().area() == 0 {
            return Err(Error::invalid(format!("a picture of {} pixels shows nothing", picture.size())));
        }
        let large = picture.size().width.max(picture.size().height) > READ_AT;
        let mut picture = if large { Cow::Owned(picture.at_most(READ_AT)?) } else { Cow::Borrowed(picture) };
        if picture.has_transparency() {
            picture = Cow::Owned(picture.on_white());
        }
        let (width, height) = map_size(picture.width(), picture.height());
        let (full, lab) = read::read(&picture, width, height);
        let map = weigh(&[
            (0.30, barrier::distance(&lab)),
            (0.25, focus::sharpness(&full, width, height)),
            (0.20, spectral::residual(&lab)),
            (0.20, color::rarity(&lab)),
            (0.05, color::skin(&lab)),
        ]);
        let subject = subject::find(&map);
        Ok(Self {
            calm: calm(&lab),
            openness: focus::openness(&full),
            lightness: full,
            map,
            mask: subject.mask,
            lab,
            subject: subject.bounds,
            center: subject.center,
            concentration: subject.concentration,
        })
    }

    /// The box round the subject, in shares of width and height.
    #[must_use]
    pub fn subject(&self) -> Rect {
        self.subject
    }

    /// How much more interest lies on the subject than beside it. Above 3.2: one clear subject.
    #[must_use]
    pub fn concentration(&self) -> f32 {
        self.concentration
    }

    /// Whether there is no single subject, as in a forest or a street: then a crop may cut, the more the lower the
    /// concentration is. A close-up that fills the frame is low in concentration too, but not wide.
    #[must_use]
    pub fn is_diffuse(&self) -> bool {
        self.concentration < 3.2 && self.openness >= 0.55
    }

    /// How far there is a single subject, 0..=1: 1 where the picture is not diffuse, and up to there for a view. A
    /// motorcycle in a crowded garage is measured as a view, and is a single thing all the same.
    pub(crate) fn singleness(&self) -> f32 {
        if self.is_diffuse() { ((self.concentration - VIEW) / (SINGLE - VIEW)).clamp(0.0, 1.0) } else { 1.0 }
    }

    pub(crate) fn width(&self) -> usize {
        self.map.width()
    }

    pub(crate) fn height(&self) -> usize {
        self.map.height()
    }
}

/// The size of the maps of a picture.
pub(crate) fn map_size(width: usize, height: usize) -> (usize, usize) {
    let long = width.max(height).max(1);
    let side = |pixels: usize| ((pixels * MAP + long / 2) / long).max(1);
    (side(width), side(height))
}

fn weigh(maps: &[(f32, Plane)]) -> Plane {
    let (width, height) = maps.first().map_or((1, 1), |(_, map)| (map.width(), map.height()));
    let mut sum = Plane::filled(width, height, 0.0);
    for (weight, map) in maps {
        sum = sum.zip(&map.normalized(), |sum, value| sum + weight * value);
    }
    // A Gaussian about the middle is the product of two.
    let bell = |side: usize| -> Vec<f32> {
        let off = |at: usize| ((at as f32 + 0.5) / side as f32 - 0.5) / 0.42;
        (0..side).map(|at| exp(-off(at) * off(at) / 2.0)).collect()
    };
    let (across, down) = (bell(width), bell(height));
    let centred = Plane::from_fn(width, height, |x, y| 0.55 + 0.45 * across[x] * down[y]);
    let smooth = gaussian(&sum.zip(&centred, |sum, weight| sum * weight), 3.0);
    let top = smooth.percentile(0.998).max(1e-6);
    smooth.map(|value| (value / top).clamp(0.0, 1.0))
}
