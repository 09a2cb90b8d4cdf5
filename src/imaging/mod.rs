//! Pixels: pure functions that decode, measure, cut, grade and encode pictures.
//!
//! One raster type for pictures ([`Picture`], RGBA with 8 bits a channel, sRGB) and two for
//! arithmetic inside the crate: a plane of `f32`, and three such planes as OKLab. Nothing here does
//! I/O or waits; run it on a blocking thread when a picture is large.
//!
//! ```
//! use keyvisual::domain::PixelSize;
//! use keyvisual::imaging::{self, Encoding, Limits, Picture};
//!
//! let grey = Picture::filled(PixelSize::new(320, 200), [120, 120, 120, 255]);
//! let file = grey.encode(Encoding::Jpeg { quality: 90 })?;
//! assert_eq!(imaging::probe(file.bytes())?, PixelSize::new(320, 200));
//!
//! let square = imaging::fit(&file, PixelSize::new(64, 64))?;
//! assert_eq!(imaging::decode(&square, Limits::default())?.size(), PixelSize::new(64, 64));
//! # Ok::<(), keyvisual::Error>(())
//! ```

mod blur;
pub(crate) mod contrast;
pub(crate) mod copy_space;
mod decode;
mod distance;
mod encode;
pub(crate) mod finish;
mod fit;
pub(crate) mod framing;
pub(crate) mod grade;
#[cfg(any(feature = "bedrock", feature = "openai"))]
mod header;
mod integral;
pub(crate) mod interest;
mod jpeg;
mod lens;
#[cfg_attr(
    not(all(feature = "bedrock", feature = "openai")),
    allow(dead_code, reason = "each backend has its part")
)]
mod mask;
pub(crate) mod math;
pub(crate) mod measure;
mod oklab;
mod picture;
mod plane;
pub(crate) mod product;
mod profile;
mod rank;
mod rect;
mod resize;
pub(crate) mod safe_zone;
mod scrim;
pub(crate) mod studio;
pub(crate) mod tabletop;
mod wide;
mod ycbcr;

pub(crate) use blur::{gaussian, gaussian_xy};
pub(crate) use decode::check;
pub use decode::{Limits, decode, probe};
pub use encode::Encoding;
pub use fit::fit;
pub use framing::{Extension, Fill, Framing, Side};
#[cfg(feature = "bedrock")]
pub(crate) use header::Header;
#[cfg(any(feature = "bedrock", feature = "openai"))]
pub(crate) use header::{header, upright};
pub(crate) use integral::Integral;
pub use interest::Interest;
pub(crate) use mask::Mask;
pub(crate) use oklab::{Lab, LabColor, to_srgb};
pub use picture::Picture;
pub(crate) use plane::Plane;
pub use rect::Rect;
