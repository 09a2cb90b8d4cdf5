//! The nouns: plain serde data, no I/O, no async.

mod brand;
mod image;

pub use brand::{Brand, Color, Palette};
pub use image::{ContentHash, Image, ImageRef, MediaType, PixelSize};
