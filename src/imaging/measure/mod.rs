//! What can be said of a picture without recognising anything in it: colours, light, framing, format.
//!
//! Thresholds were set by eye on 24 photographs; light was right on 22 of them.

mod light;
mod names;
mod palette;

use super::{
    Picture, Plane, copy_space,
    interest::{Interest, READ_AT},
};
use crate::{domain::PixelSize, error::Result};

pub(crate) use light::{Brightness, Contrast, Key, Light, Warmth};
pub(crate) use names::{COUNT as COLOR_NAMES, ColorName};
pub(crate) use palette::{Colors, weight as palette_weight};

/// The long side at which colours are clustered.
const COLORS_AT: usize = 96;

/// Fine over coarse structure below which the focus is shallow; in the dark it says nothing.
const SHALLOW: f32 = 0.385;

/// Mean unrest up to which a rectangle is called calm.
const CALM: f32 = 0.6;

/// A picture in measured words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measured {
    pub(crate) colors: Colors,
    pub(crate) light: Light,
    pub(crate) framing: Framing,
    pub(crate) shallow_focus: bool,
    pub(crate) format: Format,
    pub(crate) calm: Option<CalmArea>,
}

/// How near the camera seems, by fine structure over coarse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    Wide,
    Medium,
    CloseUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Horizontal,
    Square,
    Vertical,
}

/// Where nothing happens, so that copy may stand there: the third of the height and of the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CalmArea {
    pub(crate) row: usize,
    pub(crate) column: usize,
}

impl Measured {
    /// Measures a picture; what is transparent does not count. Takes tens of milliseconds.
    pub(crate) fn of(picture: &Picture) -> Result<Self> {
        let format = Format::of(picture.size());
        let picture = picture.at_most(READ_AT)?;
        let transparent = picture.has_transparency();
        let interest = Interest::of(&picture)?;
        let (lab, opacity) = (&interest.lab, opacity(&picture, interest.width(), interest.height()));
        let long = interest.width().max(interest.height());
        let side = |pixels: usize| (pixels * COLORS_AT).div_ceil(long);
        let (width, height) = (side(interest.width()), side(interest.height()));
        let colors = palette::name_colors(
            &lab.resized(width, height),
            &interest.map.resized(width, height),
            &opacity.resized(width, height),
        );
        let light = Light::of(lab, &opacity);
        Ok(Self {
            colors,
            light,
            framing: Framing::of(interest.openness),
            shallow_focus: interest.openness < SHALLOW && light.key != Some(Key::Low),
            format,
            calm: if transparent { None } else { CalmArea::of(&interest) },
        })
    }
}

/// The alpha channel as shares at the size of the maps.
fn opacity(picture: &Picture, width: usize, height: usize) -> Plane {
    if !picture.has_transparency() {
        return Plane::filled(width, height, 1.0);
    }
    let alpha = picture.pixels().iter().map(|pixel| f32::from(pixel[3]) / 255.0).collect();
    Plane::from_values(picture.width(), picture.height(), alpha).resized(width, height)
}

impl Framing {
    fn of(openness: f32) -> Self {
        match openness {
            r if r >= 0.55 => Self::Wide,
            r if r < 0.43 => Self::CloseUp,
            _ => Self::Medium,
        }
    }
}

impl Format {
    /// Square up to a tenth.
    pub(crate) fn of(size: PixelSize) -> Self {
        let ratio = f64::from(size.width) / f64::from(size.height.max(1));
        match ratio {
            r if r > 1.1 => Self::Horizontal,
            r if r < 1.0 / 1.1 => Self::Vertical,
            _ => Self::Square,
        }
    }
}

impl CalmArea {
    fn of(interest: &Interest) -> Option<Self> {
        let ratio = interest.width() as f32 / interest.height() as f32;
        let room = copy_space::find(&interest.calm, &interest.map, ratio, None, |_| 0.0)?;
        let third = |center: f32| ((center * 3.0) as usize).min(2);
        let (x, y) = room.rect.center();
        (room.unrest < CALM).then_some(Self { row: third(y), column: third(x) })
    }
}
