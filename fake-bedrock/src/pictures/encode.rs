//! Pictures to base64 files, by quick encoders: nobody looks at these pictures for long.

use base64::{Engine, engine::general_purpose::STANDARD};
use keyvisual::imaging::{Encoding, Picture};

use super::mix;
use crate::refusal::{Refusal, Result};

/// A file in `format` (jpeg, png or webp, in any case), as base64.
pub(crate) fn encode(picture: &Picture, format: &str) -> Result<String> {
    let bytes = match format.to_ascii_lowercase().as_str() {
        "jpeg" => jpeg(picture),
        "webp" => {
            picture.encode(Encoding::WebP).map(|image| image.bytes().to_vec()).map_err(|e| e.to_string())
        }
        _ => png(picture),
    };
    match bytes {
        Ok(bytes) => Ok(STANDARD.encode(bytes)),
        Err(error) => Err(Refusal::new(500, "InternalServerException", error)),
    }
}

/// With an alpha channel only where something is transparent.
fn png(picture: &Picture) -> std::result::Result<Vec<u8>, String> {
    let (size, transparent) = (picture.size(), picture.has_transparency());
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, size.width, size.height);
    encoder.set_color(if transparent { png::ColorType::Rgba } else { png::ColorType::Rgb });
    encoder.set_compression(png::Compression::Fastest);
    encoder.set_filter(png::Filter::Up);
    let pixels = picture.pixels();
    let data = if transparent { pixels.as_flattened().to_vec() } else { opaque(pixels) };
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&data));
    written.map(|()| out).map_err(|error| error.to_string())
}

/// Transparent pixels come to lie on white.
fn jpeg(picture: &Picture) -> std::result::Result<Vec<u8>, String> {
    let size = picture.size();
    let (Ok(width), Ok(height)) = (u16::try_from(size.width), u16::try_from(size.height)) else {
        return Err(format!("{size} is too large for JPEG"));
    };
    let data = if picture.has_transparency() {
        let on_white = picture.pixels().iter().map(|pixel| mix([255; 4], *pixel, pixel[3]));
        opaque(&on_white.collect::<Vec<_>>())
    } else {
        opaque(picture.pixels())
    };
    let mut out = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut out, 90);
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::F_2_2);
    let encoded = encoder.encode(&data, width, height, jpeg_encoder::ColorType::Rgb);
    encoded.map(|()| out).map_err(|error| error.to_string())
}

fn opaque(pixels: &[[u8; 4]]) -> Vec<u8> {
    let mut out = vec![0; pixels.len() * 3];
    for (out, pixel) in out.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
        *out = [pixel[0], pixel[1], pixel[2]];
    }
    out
}
