//! How a comp is put together: what an application needs to set copy on it, and a layered creative to take
//! it apart.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Color;

/// The layout of a comp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Archetype {
    /// One photograph over the whole canvas.
    FullBleed,
    /// A photograph beside a panel of brand colour.
    Split,
    /// A photograph inside a border of brand colour with a broad foot or side.
    Framed,
    /// A photograph and a panel with a slanted edge between them.
    Diagonal,
    /// A product on a paper sweep.
    Studio,
    /// A product on a table in front of a photograph out of focus.
    Tabletop,
    /// A photograph beside a product on a sweep.
    SplitProduct,
    /// Two photographs beside each other.
    Pair,
    /// A photograph beside a panel, a second one as a small print on their seam.
    Inset,
    /// For long canvases: a photograph as a tile at one end, panel for the rest.
    Leaderboard,
    /// A panel of brand colour and nothing else, for want of pictures.
    Panel,
}

impl fmt::Display for Archetype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FullBleed => "full bleed",
            Self::Split => "split",
            Self::Framed => "framed",
            Self::Diagonal => "diagonal",
            Self::Studio => "studio",
            Self::Tabletop => "tabletop",
            Self::SplitProduct => "split with a product",
            Self::Pair => "pair",
            Self::Inset => "inset",
            Self::Leaderboard => "leaderboard",
            Self::Panel => "panel",
        })
    }
}

/// A rectangle in shares of a picture's width and height, each 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// The left edge.
    pub x: f32,
    /// The top edge.
    pub y: f32,
    /// The width.
    pub width: f32,
    /// The height.
    pub height: f32,
}

/// A side of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Where x is 0.
    Left,
    /// Where x is 1.
    Right,
    /// Where y is 0.
    Top,
    /// Where y is 1.
    Bottom,
}

impl Side {
    pub(crate) fn is_horizontal(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Top => "top",
            Self::Bottom => "bottom",
        })
    }
}

/// Everything about a comp that its pixels do not tell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CompFacts {
    /// The layout.
    pub archetype: Archetype,
    /// The photographs that are seen, the largest first.
    pub photos: Vec<PlacedPhoto>,
    /// The products that are seen.
    pub products: Vec<PlacedProduct>,
    /// The colour of the panel or the sweep, where there is one.
    pub ground: Option<Color>,
    /// How strongly the photographs are graded to the palette, 0 to 1; 0 where there was none.
    pub grade: f32,
}

impl CompFacts {
    /// A comp of which only the layout is known.
    #[must_use]
    pub fn new(archetype: Archetype) -> Self {
        Self { archetype, photos: Vec::new(), products: Vec::new(), ground: None, grade: 0.0 }
    }
}

/// Which of the pictures of a request it is, counted from 0 in the order they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PhotoSource {
    /// One of the references.
    Reference(usize),
    /// One of the products, which has no transparent ground and so counts as a photograph.
    Product(usize),
}

impl fmt::Display for PhotoSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference(place) => write!(f, "reference {}", place + 1),
            Self::Product(place) => write!(f, "product {} (no cut-out, taken as a photograph)", place + 1),
        }
    }
}

/// A photograph in a comp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlacedPhoto {
    /// Which one.
    pub source: PhotoSource,
    /// Where it lies on the comp, with what was added to it; a panel may cover a part.
    pub area: Area,
    /// The part of the photograph that is shown.
    pub crop: Area,
    /// What was drawn out of one of its sides.
    pub extended: Option<Extended>,
    /// How much its pixels were enlarged; below 1 they were made smaller. Up to 2 looks good, beyond 2.6 texture
    /// looks painted.
    pub enlarged: f32,
}

impl PlacedPhoto {
    /// A photograph as it is.
    #[must_use]
    pub fn new(source: PhotoSource, area: Area, crop: Area, enlarged: f32) -> Self {
        Self { source, area, crop, extended: None, enlarged }
    }

    /// Sets what was drawn out of one of its sides.
    #[must_use]
    pub fn with_extension(mut self, extended: Extended) -> Self {
        self.extended = Some(extended);
        self
    }
}

/// The part of a photograph's area that lies beyond the photograph.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extended {
    /// The side that was drawn out.
    pub side: Side,
    /// Its share of the area's width or height.
    pub share: f32,
}

/// A product in a comp. Its pixels are its own but for a thin seam of light at the edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlacedProduct {
    /// Which of the products of the request, counted from 0.
    pub product: usize,
    /// The box round it, without its shadow; it may reach over the edge of the comp.
    pub area: Area,
    /// Pixels of the comp for one of the cut-out; at exactly 1 nothing was resampled.
    pub scale: f32,
    /// How far it was turned, clockwise in degrees. Only what lies flat is turned.
    pub degrees: f32,
    /// Where the light comes from: -1 from the left, 1 from the right.
    pub light: f32,
    /// The reference on whose ground it stands, counted from 0; none on a ground that was painted for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<usize>,
}

impl PlacedProduct {
    /// A product that stands upright.
    #[must_use]
    pub fn new(product: usize, area: Area, scale: f32, light: f32) -> Self {
        Self { product, area, scale, degrees: 0.0, light, ground: None }
    }

    /// Sets how far it was turned, clockwise in degrees.
    #[must_use]
    pub fn with_degrees(mut self, degrees: f32) -> Self {
        self.degrees = degrees;
        self
    }

    /// Sets the reference on whose ground it stands.
    #[must_use]
    pub fn with_ground(mut self, reference: usize) -> Self {
        self.ground = Some(reference);
        self
    }
}

/// "tabletop of reference 2, enlarged 1.4x, product 1".
impl fmt::Display for CompFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.archetype)?;
        for (i, photo) in self.photos.iter().enumerate() {
            write!(f, "{} {}", if i == 0 { " of" } else { " and" }, photo.source)?;
            if let Some(Extended { side, .. }) = photo.extended {
                write!(f, ", extended at the {side}")?;
            }
            if photo.enlarged > 1.05 {
                write!(f, ", enlarged {:.1}x", photo.enlarged)?;
            }
        }
        for placed in &self.products {
            write!(f, ", product {}", placed.product + 1)?;
            if let Some(reference) = placed.ground {
                write!(f, " on the ground of reference {}", reference + 1)?;
            }
        }
        Ok(())
    }
}
