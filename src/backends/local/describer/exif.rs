//! EXIF: the ImageDescription of the first directory.

use super::{iptc::decode, told::Words};

/// Reads a TIFF block; none if it is broken.
pub(super) fn read(block: &[u8]) -> Option<Words> {
    let exif = exif::Reader::new().read_raw(block.to_vec()).ok()?;
    let field = exif.get_field(exif::Tag::ImageDescription, exif::In::PRIMARY)?;
    let exif::Value::Ascii(lines) = &field.value else { return None };
    // The standard says ASCII; programs write UTF-8 or Latin-1.
    Some(Words { caption: decode(&lines.join(&b' ')), ..Words::default() })
}
