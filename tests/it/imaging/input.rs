//! Files that are unlike the usual photograph: profiles, palettes, sixteen bits, CMYK, turned, tiny, thin, empty.

use image::{ExtendedColorType, ImageEncoder, codecs, metadata::Orientation};
use keyvisual::{
    backends::local::{LexicalEmbedder, MeasuringDescriber},
    domain::{Image, PixelSize},
    imaging::{self, Encoding, Interest, Limits, Picture},
    roles::{DescribeRequest, Describer, EmbedInput, EmbedRequest, Embedder, Purpose},
};
use moxcms::ColorProfile;
use proptest::prelude::*;

use super::{corners, decode};

const SIDE: u32 = 8;

/// A file of one colour, with a profile if one is given.
fn with_profile(media: &str, pixel: &[u8], profile: Option<Vec<u8>>) -> Vec<u8> {
    let kind = if pixel.len() == 1 { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
    let bytes = pixel.repeat((SIDE * SIDE) as usize);
    let mut out = Vec::new();
    fn write(
        mut encoder: impl ImageEncoder,
        bytes: &[u8],
        kind: ExtendedColorType,
        profile: Option<Vec<u8>>,
    ) {
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile).unwrap();
        }
        encoder.write_image(bytes, SIDE, SIDE, kind).unwrap();
    }
    match media {
        "png" => write(codecs::png::PngEncoder::new(&mut out), &bytes, kind, profile),
        "jpeg" => write(codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 100), &bytes, kind, profile),
        _ => write(codecs::webp::WebPEncoder::new_lossless(&mut out), &bytes, kind, profile),
    }
    out
}

#[track_caller]
fn check_color(file: Vec<u8>, expected: [u8; 3], within: u8) {
    let [r, g, b, alpha] = decode(file).unwrap().pixel(4, 4).unwrap();
    let near = [r, g, b].iter().zip(expected).all(|(found, expected)| found.abs_diff(expected) <= within);
    assert!(near && alpha == 255, "{:?} instead of {expected:?}", [r, g, b]);
}

#[test]
fn colours_with_a_profile_become_srgb() {
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let adobe = ColorProfile::new_adobe_rgb().encode().unwrap();
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    for media in ["png", "jpeg", "webp"] {
        // Worked out by hand from the matrices of both spaces: what P3 calls (200, 90, 60) is a redder red in sRGB.
        check_color(with_profile(media, &[200, 90, 60], Some(p3.clone())), [216, 81, 49], 3);
        check_color(with_profile(media, &[100, 180, 90], Some(adobe.clone())), [0, 181, 83], 4);
        check_color(with_profile(media, &[128, 128, 128], Some(p3.clone())), [128, 128, 128], 2);
        check_color(with_profile(media, &[200, 90, 60], Some(srgb.clone())), [200, 90, 60], 2);
        check_color(with_profile(media, &[200, 90, 60], None), [200, 90, 60], 2);
        check_color(
            with_profile(media, &[200, 90, 60], Some(b"no profile at all".to_vec())),
            [200, 90, 60],
            2,
        );
    }
}

#[test]
fn a_grey_profile_bends_the_curve() {
    let gamma = |gamma| ColorProfile::new_gray_with_gamma(gamma).encode().unwrap();
    // Linear light of one half is step 188 of sRGB.
    check_color(with_profile("png", &[128], Some(gamma(1.0))), [188; 3], 2);
    check_color(with_profile("jpeg", &[128], Some(gamma(1.0))), [188; 3], 2);
    check_color(with_profile("png", &[128], Some(gamma(2.2))), [128; 3], 3);
}

#[test]
fn all_eight_orientations_stand_upright() {
    let expected = image::RgbaImage::from_raw(48, 32, corners().pixels().concat()).unwrap();
    let jpeg = corners().encode(Encoding::Jpeg { quality: 95 }).unwrap();
    for value in 1..=8 {
        let file = super::turned(&jpeg, value);
        let mut upright = image::DynamicImage::from(expected.clone());
        upright.apply_orientation(Orientation::from_exif(value).unwrap());
        let (picture, upright) = (decode(file.clone()).unwrap(), upright.into_rgba8());
        assert_eq!(picture.size(), PixelSize::new(upright.width(), upright.height()), "orientation {value}");
        assert_eq!(imaging::probe(&file).unwrap(), picture.size());
        for (x, y) in [(3, 3), (28, 3), (3, 28), (28, 28)] {
            let (found, right) = (picture.pixel(x, y).unwrap(), upright.get_pixel(x, y).0);
            let off = found.iter().zip(right).map(|(a, b)| a.abs_diff(b)).max().unwrap();
            assert!(off < 40, "orientation {value} at {x}, {y}: {found:?} instead of {right:?}");
        }
    }
}

#[test]
fn sixteen_bits_and_cmyk_keep_their_colours() {
    let mut deep = Vec::new();
    let pixels: Vec<u8> = [51_400_u16, 23_130, 15_420].iter().flat_map(|v| v.to_ne_bytes()).collect();
    codecs::png::PngEncoder::new(&mut deep)
        .write_image(&pixels.repeat(64), SIDE, SIDE, ExtendedColorType::Rgb16)
        .unwrap();
    check_color(deep, [200, 90, 60], 1);
    let cmyk = decode(include_bytes!("../data/cmyk.jpg").as_slice()).unwrap();
    assert!(!cmyk.has_transparency() && cmyk.size().area() > 0);
}

/// A PNG with a palette of four colours, the last one transparent, two bits a pixel.
pub(crate) fn palette_png() -> Vec<u8> {
    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let body = [kind.as_slice(), data].concat();
        [&(data.len() as u32).to_be_bytes(), &body[..], &crc32fast::hash(&body).to_be_bytes()].concat()
    }
    // Two rows of four pixels in a stored block of zlib.
    let rows = [0, 0b0001_1011, 0, 0b1110_0100];
    let (a, b) = rows.iter().fold((1_u32, 0), |(a, b), &byte| (a + u32::from(byte), b + a + u32::from(byte)));
    let zlib =
        [&[0x78, 0x01, 0x01, 4, 0, !4, !0][..], &rows, &(((b % 65_521) << 16) | (a % 65_521)).to_be_bytes()]
            .concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &[0, 0, 0, 4, 0, 0, 0, 2, 2, 3, 0, 0, 0]),
        chunk(b"PLTE", &[200, 90, 60, 10, 20, 30, 0, 120, 240, 9, 9, 9]),
        chunk(b"tRNS", &[255, 255, 255, 0]),
        chunk(b"IDAT", &zlib),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

#[test]
fn a_palette_is_looked_up() {
    let picture = decode(palette_png()).unwrap();
    assert_eq!(picture.pixel(0, 0), Some([200, 90, 60, 255]));
    assert_eq!(picture.pixel(2, 0), Some([0, 120, 240, 255]));
    assert_eq!(picture.pixel(0, 1).map(|pixel| pixel[3]), Some(0));
}

#[test]
fn tiny_thin_flat_and_empty_pictures_are_read_and_framed() {
    let sizes = [(1, 1), (1, 4000), (4000, 1), (2, 2), (3, 700)];
    for (width, height) in sizes {
        for pixel in [[90, 140, 200, 255], [0, 0, 0, 0]] {
            let picture = Picture::filled(PixelSize::new(width, height), pixel);
            let interest = Interest::of(&picture).unwrap();
            for frame in [PixelSize::new(1200, 628), PixelSize::new(64, 192)] {
                let framed = interest.framing(frame, None, 3).render(&picture, frame).unwrap();
                assert_eq!(framed.size(), frame, "{width}x{height}");
            }
            let file = picture.encode(Encoding::Png).unwrap();
            assert!(!said_of(&file).is_empty(), "{width}x{height}");
            assert_eq!(imaging::decode(&file, Limits::default()).unwrap(), picture);
        }
    }
    assert!(Interest::of(&Picture::filled(PixelSize::new(0, 5), [0; 4])).is_err());
}

/// What the describer and the embedder make of a file.
fn said_of(file: &Image) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let inputs = vec![EmbedInput::Image(file.clone())];
    let (embedder, describer) = (LexicalEmbedder::new(), MeasuringDescriber::new());
    let vectors = embedder.embed(EmbedRequest::new(inputs, Purpose::Index));
    runtime.block_on(vectors).unwrap().results.remove(0).unwrap();
    runtime.block_on(describer.describe(DescribeRequest::new(file.clone()))).unwrap().description
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_broken_profile_never_panics(
        which in 0..3_usize,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let profile = [ColorProfile::new_display_p3(), ColorProfile::new_adobe_rgb(), ColorProfile::new_gray_with_gamma(2.2)];
        let mut icc = profile[which].encode().unwrap();
        for (at, value) in flips {
            let at = at.index(icc.len());
            icc[at] = value;
        }
        let pixel: &[u8] = if which == 2 { &[99] } else { &[200, 90, 60] };
        prop_assert!(decode(with_profile("png", pixel, Some(icc))).is_ok());
    }
}
