//! What a picture file says about itself, wherever its format keeps it.

use bytes::Bytes;
use img_parts::{ImageEXIF, jpeg::Jpeg, png::Png, webp};

use super::{exif, iptc, told::Words, xmp};
use crate::domain::{Image, MediaType};

/// Where the blocks lie that are read.
#[derive(Default)]
struct Blocks {
    xmp: Option<Bytes>,
    iptc: Option<Bytes>,
    exif: Option<Bytes>,
}

/// Reads XMP before IPTC before EXIF, as the Metadata Working Group ordered them (2010). A broken
/// container or block counts as absent.
pub(super) fn read(image: &Image) -> Words {
    let bytes = image.bytes().clone();
    let blocks = match image.media_type() {
        MediaType::Jpeg => jpeg(bytes),
        MediaType::Png => png(bytes),
        MediaType::WebP => webp(bytes),
    }
    .unwrap_or_default();
    let xmp = blocks.xmp.and_then(|block| xmp::read(&block)).unwrap_or_default();
    let iptc = blocks.iptc.map(|block| iptc::read(&block)).unwrap_or_default();
    let exif = blocks.exif.and_then(|block| exif::read(&block)).unwrap_or_default();
    xmp.cleaned().or(iptc.cleaned()).or(exif.cleaned())
}

fn jpeg(bytes: Bytes) -> Option<Blocks> {
    const APP1: u8 = 0xe1;
    const APP13: u8 = 0xed;
    let file = Jpeg::from_bytes(bytes).ok()?;
    let after = |marker: u8, prefix: &[u8]| {
        file.segments_by_marker(marker)
            .find_map(|segment| segment.contents().strip_prefix(prefix))
            .map(Bytes::copy_from_slice)
    };
    Some(Blocks {
        xmp: after(APP1, b"http://ns.adobe.com/xap/1.0/\0"),
        iptc: after(APP13, b"Photoshop 3.0\0"),
        exif: file.exif(),
    })
}

fn png(bytes: Bytes) -> Option<Blocks> {
    // Keyword, no compression, method 0, no language, no translated keyword (PNG 3, 11.3.3.4).
    const XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";
    let file = Png::from_bytes(bytes).ok()?;
    let xmp = file.chunks_by_type(*b"iTXt").find_map(|chunk| chunk.contents().strip_prefix(XMP));
    Some(Blocks { xmp: xmp.map(Bytes::copy_from_slice), iptc: None, exif: file.exif() })
}

fn webp(bytes: Bytes) -> Option<Blocks> {
    let file = webp::WebP::from_bytes(bytes).ok()?;
    let xmp = file.chunk_by_id(webp::CHUNK_XMP).and_then(|chunk| chunk.content().data());
    Some(Blocks { xmp: xmp.cloned(), iptc: None, exif: file.exif() })
}
