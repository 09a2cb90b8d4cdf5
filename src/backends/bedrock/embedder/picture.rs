//! Pictures within the limits of an embedding model.

use crate::{
    backends::bedrock::{picture, registry::Limits},
    blocking::blocking,
    domain::Image,
    error::{Error, Result},
    imaging::{self, Encoding, Header},
};

/// Room in a request for everything but the picture: the longest text with every character escaped.
const FRAME: u64 = 64 << 10;

/// The picture as it is sent, and what was done to it. One within the limits is sent byte for byte.
pub(super) async fn fit(image: Image, limits: &Limits) -> Result<(Image, Option<String>)> {
    let header = imaging::header(&image, imaging::Limits::default())?;
    let Some(reason) = reason(&image, header, limits) else {
        return Ok((image, None));
    };
    let longest = limits.images.max_side.unwrap_or(u32::MAX);
    let image = blocking(move || rewrite(&image, longest)).await?;
    let header = imaging::header(&image, imaging::Limits::default())?;
    if let Some(reason) = self::reason(&image, header, limits) {
        return Err(Error::invalid(format!("the picture does not fit, written anew neither: {reason}")));
    }
    let note = format!("the picture was written anew as {} to fit: {reason}", image.media_type());
    Ok((image, Some(note)))
}

/// Why a picture cannot be sent as it is.
fn reason(image: &Image, header: Header, limits: &Limits) -> Option<String> {
    if !header.upright {
        return Some("its EXIF orientation turns it, which models do not look at".into());
    }
    let size = header.size;
    let (format, bytes) = (picture::format(image), image.bytes().len() as u64);
    let taken = &limits.images;
    if !taken.formats.is_empty() && !taken.formats.iter().any(|other| other == format) {
        return Some(format!("it was of type {format}, the model takes {}", taken.formats.join(" and ")));
    }
    if let Some(most) = taken.max_side.filter(|most| size.width.max(size.height) > *most) {
        return Some(format!("it had {size} pixels, the model takes sides of {most}"));
    }
    // Limits of a request count base64, which has four characters for three bytes.
    let request = limits.payload_bytes.map(|most| most.saturating_sub(FRAME) / 4 * 3);
    let most = [taken.bytes, request].into_iter().flatten().min()?;
    (bytes > most).then(|| format!("it had {bytes} bytes, the model takes {most}"))
}

fn rewrite(image: &Image, longest: u32) -> Result<Image> {
    let picture = imaging::decode(image, imaging::Limits::default())?.at_most(longest)?;
    let encoding = if picture.has_transparency() { Encoding::Png } else { Encoding::Jpeg { quality: 95 } };
    picture.encode(encoding)
}
