//! Pictures as chat models and embedders take them.

use super::registry::ImageLimits;
use crate::{
    blocking::blocking,
    domain::Image,
    error::{Error, ErrorKind, Result},
    imaging::{self, Encoding, Header, Limits},
};

/// What is done with a picture that the model does not take as it is: too many bytes or pixels, another format, or pixels
/// that an EXIF orientation turns, which models do not look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PictureOverflow {
    /// It is written anew within the limits, and the reply says so: as JPEG, or as PNG where it has transparency and room.
    #[default]
    Fit,
    /// It is refused before anything is sent, or sent as it is if only its orientation is at odds.
    Refuse,
}

/// What a model takes of a picture.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    formats: Vec<String>,
    bytes: Option<u64>,
    max_side: Option<u32>,
    /// The longest side of a picture that is written anew.
    shrink_to: u32,
}

/// Why a picture is not taken as it is.
enum Misfit {
    Turned,
    Format(&'static str),
    Side(Header, u32),
    Bytes(usize, u64),
}

impl Rules {
    pub(super) fn new(limits: &ImageLimits, shrink_to: u32) -> Self {
        let ImageLimits { formats, bytes, max_side, .. } = limits.clone();
        Self { formats, bytes, max_side, shrink_to }
    }

    /// Allows no more bytes than this, with those of `formats` and sides unchanged.
    pub(super) fn with_bytes_within(mut self, most: Option<u64>) -> Self {
        self.bytes = [self.bytes, most].into_iter().flatten().min();
        self
    }

    /// The most bytes of a picture.
    pub(super) fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    /// The picture to send, and what was done to it. One that is taken as it is comes back byte for byte.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a picture that is broken or, with `Refuse`, too large;
    /// [`Unsupported`](ErrorKind::Unsupported) for a format that is not taken.
    pub(super) async fn apply(
        &self,
        image: Image,
        overflow: PictureOverflow,
    ) -> Result<(Image, Option<String>)> {
        let misfit = self.misfit(&image)?;
        let reason = match (misfit, overflow) {
            (None, _) | (Some(Misfit::Turned), PictureOverflow::Refuse) => return Ok((image, None)),
            (Some(misfit), PictureOverflow::Refuse) => return Err(self.refusal(&misfit)),
            (Some(misfit), PictureOverflow::Fit) => self.reason(&misfit),
        };
        let (shrink_to, most) = (self.shrink_to, self.bytes);
        let image = blocking(move || rewrite(&image, shrink_to, most)).await?;
        match self.misfit(&image)? {
            Some(misfit) => Err(self.refusal(&misfit)),
            None => {
                let note = format!("a picture was written anew as {}: {reason}", image.media_type());
                Ok((image, Some(note)))
            }
        }
    }

    fn misfit(&self, image: &Image) -> Result<Option<Misfit>> {
        let limits = Limits::default().with_max_bytes(u64::MAX).with_max_pixels(u64::MAX);
        let header = imaging::header(image, limits)?;
        let (format, bytes) = (image.media_type().name(), image.bytes().len());
        let longest = header.size.width.max(header.size.height);
        Ok(if !self.formats.is_empty() && !self.formats.iter().any(|taken| taken == format) {
            Some(Misfit::Format(format))
        } else if let Some(most) = self.max_side.filter(|most| longest > *most) {
            Some(Misfit::Side(header, most))
        } else if let Some(most) = self.bytes.filter(|most| bytes as u64 > *most) {
            Some(Misfit::Bytes(bytes, most))
        } else {
            (!header.upright).then_some(Misfit::Turned)
        })
    }

    fn reason(&self, misfit: &Misfit) -> String {
        match misfit {
            Misfit::Turned => "its EXIF orientation turns it, which models do not look at".into(),
            Misfit::Format(format) => {
                format!("it is of type {format}, the model takes {}", self.formats.join(", "))
            }
            Misfit::Side(header, most) => {
                format!("it has {} pixels, the model takes sides of at most {most}", header.size)
            }
            Misfit::Bytes(bytes, most) => format!("it has {bytes} bytes, the model takes at most {most}"),
        }
    }

    fn refusal(&self, misfit: &Misfit) -> Error {
        let kind = match misfit {
            Misfit::Format(_) => ErrorKind::Unsupported,
            _ => ErrorKind::InvalidInput,
        };
        Error::new(kind, format!("a picture does not fit: {}", self.reason(misfit)))
    }
}

fn rewrite(image: &Image, shrink_to: u32, most: Option<u64>) -> Result<Image> {
    let picture = imaging::decode(image, Limits::default())?.at_most(shrink_to)?;
    if picture.has_transparency() {
        let png = picture.encode(Encoding::Png)?;
        if most.is_none_or(|most| png.bytes().len() as u64 <= most) {
            return Ok(png);
        }
    }
    picture.encode(Encoding::Jpeg { quality: 92 })
}
