//! A picture out of a request, held against the rules of the model.

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::{
    domain::{Image, MediaType, PixelSize},
    imaging::{self, Limits, Picture},
};

use super::{Brush, paint, resample};
use crate::refusal::{Refusal, Result};

/// Which file formats a model takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kinds(&'static [MediaType]);

impl Kinds {
    pub(crate) const PNG_JPEG: Self = Self(&[MediaType::Png, MediaType::Jpeg]);
    pub(crate) const ALL: Self = Self(&[MediaType::Png, MediaType::Jpeg, MediaType::WebP]);
}

/// What a model asks of a picture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) kinds: Kinds,
    pub(crate) max_bytes: usize,
    pub(crate) min_side: u32,
    pub(crate) max_side: u32,
    pub(crate) min_pixels: u64,
    pub(crate) max_pixels: u64,
    /// The long side over the short one at most.
    pub(crate) max_ratio: f64,
}

impl Rules {
    /// All formats and sizes.
    pub(crate) const NONE: Self = Self {
        kinds: Kinds::ALL,
        max_bytes: usize::MAX,
        min_side: 1,
        max_side: u32::MAX,
        min_pixels: 1,
        max_pixels: 64_000_000,
        max_ratio: f64::INFINITY,
    };
}

/// A picture out of a request.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) image: Image,
    pub(crate) size: PixelSize,
    /// The field it came in.
    pub(crate) field: String,
}

impl Input {
    /// Reads base64 text; what breaks a rule is refused by the name of `field`.
    pub(crate) fn read(base64: &str, field: &str, rules: &Rules) -> Result<Self> {
        Self::of_bytes(bytes(base64, field)?, field, rules)
    }

    /// Reads base64 text that is said to be in `format`: png, jpeg, gif or webp.
    pub(crate) fn read_as(base64: &str, format: &str, field: &str, rules: &Rules) -> Result<Self> {
        let bytes = bytes(base64, field)?;
        let found = if is_gif(&bytes) { Some("gif") } else { MediaType::sniff(&bytes).map(name) };
        if let Some(found) = found.filter(|found| *found != format) {
            return Err(invalid(
                field,
                format!("is labelled {format}, but its bytes are those of a {found} picture"),
            ));
        }
        if is_gif(&bytes) { Self::of_gif(&bytes, field, rules) } else { Self::of_bytes(bytes, field, rules) }
    }

    /// Of a GIF only the size is read; a picture painted after its bytes stands in for it.
    fn of_gif(bytes: &[u8], field: &str, rules: &Rules) -> Result<Self> {
        let [width, height] = [6, 8].map(|at| match bytes.get(at..at + 2) {
            Some(&[low, high]) => u32::from(u16::from_le_bytes([low, high])),
            _ => 0,
        });
        let size = PixelSize::new(width, height);
        if size.area() == 0 {
            return Err(corrupt(field));
        }
        check_size(size, field, rules)?;
        let hash =
            bytes.iter().fold(0_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(*byte)));
        let painted = paint(PixelSize::new(64, 64), &Brush::new(&[], hash));
        let image = painted.encode(imaging::Encoding::Png).map_err(|_| corrupt(field))?;
        Ok(Self { image, size, field: field.to_owned() })
    }

    fn of_bytes(bytes: Vec<u8>, field: &str, rules: &Rules) -> Result<Self> {
        let len = bytes.len();
        if len > rules.max_bytes {
            return Err(invalid(
                field,
                format!("has {len} bytes, more than the maximum of {}", rules.max_bytes),
            ));
        }
        let kind = MediaType::sniff(&bytes).filter(|kind| rules.kinds.0.contains(kind));
        if kind.is_none() {
            let kinds: Vec<_> = rules.kinds.0.iter().map(|kind| kind.extension()).collect();
            return Err(invalid(field, format!("must be one of: {}", kinds.join(", "))));
        }
        let image = Image::new(bytes).map_err(|_| corrupt(field))?;
        let size = imaging::probe(image.bytes()).map_err(|_| corrupt(field))?;
        check_size(size, field, rules)?;
        Ok(Self { image, size, field: field.to_owned() })
    }

    /// All its pixels.
    pub(crate) fn decode(&self) -> Result<Picture> {
        imaging::decode(&self.image, Limits::default()).map_err(|_| self.corrupt())
    }

    /// Its pixels alone in a new file, the long side at most `side`.
    pub(crate) fn at_most(&self, side: u32) -> Result<Image> {
        let picture = self.decode()?;
        let size = picture.size();
        let long = size.width.max(size.height);
        let scaled = |pixels: u32| (pixels * side / long).max(1);
        let small = if long > side {
            resample(&picture, PixelSize::new(scaled(size.width), scaled(size.height)))
        } else {
            picture
        };
        small.encode(imaging::Encoding::Png).map_err(|_| self.corrupt())
    }

    /// What to say when it cannot be decoded.
    pub(crate) fn corrupt(&self) -> Refusal {
        corrupt(&self.field)
    }
}

fn bytes(base64: &str, field: &str) -> Result<Vec<u8>> {
    STANDARD
        .decode(base64)
        .map_err(|_| invalid(field, "is not base64: provide the bytes of a picture, base64-encoded"))
}

fn is_gif(bytes: &[u8]) -> bool {
    bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")
}

/// As Converse calls a format.
fn name(kind: MediaType) -> &'static str {
    match kind {
        MediaType::Jpeg => "jpeg",
        MediaType::WebP => "webp",
        _ => "png",
    }
}

fn check_size(size: PixelSize, field: &str, rules: &Rules) -> Result<()> {
    let (short, long) = (size.width.min(size.height), size.width.max(size.height));
    if short < rules.min_side {
        return Err(invalid(
            field,
            format!("is {size} pixels: each side must have at least {}", rules.min_side),
        ));
    }
    if long > rules.max_side {
        return Err(invalid(
            field,
            format!("is {size} pixels: each side must have at most {}", rules.max_side),
        ));
    }
    if size.area() < rules.min_pixels {
        return Err(invalid(field, format!("is {size} pixels: at least {} in all", rules.min_pixels)));
    }
    if size.area() > rules.max_pixels {
        return Err(invalid(field, format!("is {size} pixels: at most {} in all", rules.max_pixels)));
    }
    if f64::from(long) / f64::from(short) > rules.max_ratio {
        let most = rules.max_ratio;
        return Err(invalid(
            field,
            format!("is {size} pixels: the aspect ratio must be between 1:{most} and {most}:1"),
        ));
    }
    Ok(())
}

fn corrupt(field: &str) -> Refusal {
    invalid(field, "cannot be decoded: provide a valid picture")
}

/// 400 about one field.
fn invalid(field: &str, what: impl std::fmt::Display) -> Refusal {
    Refusal::validation(format!("Invalid image: {field} {what}."))
}
