//! Decoding, encoding and exact sizes.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use keyvisual::{
    ErrorKind,
    domain::{Image, MediaType, PixelSize},
    imaging::{self, Encoding, Limits, Picture},
};
use proptest::prelude::*;

mod crops;
pub(crate) mod input;

const SIZE: PixelSize = PixelSize::new(48, 32);

/// A picture in which every corner has another colour.
fn corners() -> Picture {
    Picture::from_fn(SIZE, |x, y| match (x < 24, y < 16) {
        (true, true) => [200, 30, 30, 255],
        (false, true) => [30, 200, 30, 255],
        (true, false) => [30, 30, 200, 255],
        (false, false) => [220, 220, 40, 255],
    })
}

fn every_encoding() -> [Encoding; 3] {
    [Encoding::Jpeg { quality: 92 }, Encoding::Png, Encoding::WebP]
}

fn decode(bytes: impl Into<bytes::Bytes>) -> keyvisual::Result<Picture> {
    imaging::decode(&Image::new(bytes)?, Limits::default())
}

fn check_refused(bytes: Vec<u8>, limits: Limits, words: &[&str]) {
    let error = imaging::decode(&Image::new(bytes).unwrap(), limits).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    for word in words {
        assert!(error.message().contains(word), "\"{word}\" is not in: {error}");
    }
}

fn file(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A PNG whose header promises `width` x `height` pixels and whose data is almost nothing.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut png = file(DynamicImage::new_luma8(64, 64), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = png[12..29].iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    });
    png[29..33].copy_from_slice(&(!crc).to_be_bytes());
    png
}

/// A JPEG with an EXIF block that says how it is turned.
pub(crate) fn turned(jpeg: &Image, orientation: u8) -> Vec<u8> {
    // APP1 with one big-endian IFD entry: tag 0x0112 (orientation), SHORT, 1 value.
    let tiff = [
        b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[orientation, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let head = [0xff, 0xe1, 0, tiff.len() as u8 + 2];
    [&jpeg.bytes()[..2], &head, &tiff, &jpeg.bytes()[2..]].concat()
}

#[test]
fn what_is_encoded_is_decoded_again() {
    for encoding in every_encoding() {
        let file = corners().encode(encoding).unwrap();
        assert_eq!(imaging::probe(file.bytes()).unwrap(), SIZE, "{encoding:?}");
        let back = imaging::decode(&file, Limits::default()).unwrap();
        for (before, after) in corners().pixels().iter().zip(back.pixels()) {
            let off = before.iter().zip(after).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            let allowed = if file.media_type() == MediaType::Jpeg { 24 } else { 0 };
            assert!(off <= allowed, "{encoding:?}: {before:?} became {after:?}");
        }
    }
}

#[test]
fn transparency_survives_png_and_lies_on_white_in_jpeg() {
    let glass = Picture::filled(SIZE, [0, 0, 0, 0]);
    let png = decode(glass.encode(Encoding::Png).unwrap().bytes().clone()).unwrap();
    assert_eq!(png, glass);
    let jpeg = decode(glass.encode(Encoding::Jpeg { quality: 90 }).unwrap().bytes().clone()).unwrap();
    assert_eq!(jpeg.pixel(5, 5), Some([255; 4]));
    assert!(!jpeg.has_transparency());
}

#[test]
fn every_kind_of_pixel_is_read_as_rgba() {
    let grey = [
        DynamicImage::new_luma8(9, 5),
        DynamicImage::new_luma_a8(9, 5),
        DynamicImage::new_luma16(9, 5),
        DynamicImage::new_rgb16(9, 5),
        DynamicImage::new_rgba16(9, 5),
    ];
    for picture in grey {
        let kind = picture.color();
        let read = decode(file(picture, ImageFormat::Png)).unwrap();
        assert_eq!(read.size(), PixelSize::new(9, 5), "{kind:?}");
        assert_eq!(read.pixel(0, 0).unwrap()[..3], [0, 0, 0], "{kind:?}");
    }
    let read = decode(file(DynamicImage::new_luma8(9, 5), ImageFormat::Jpeg)).unwrap();
    assert_eq!(read.pixel(8, 4), Some([0, 0, 0, 255]));
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    check_refused(bomb(40_000, 40_000), Limits::default(), &["PNG", "40000x40000", "64000000"]);
    check_refused(bomb(0, 10), Limits::default(), &["PNG"]);
}

#[test]
fn limits_are_the_callers_and_named_in_the_error() {
    let png = corners().encode(Encoding::Png).unwrap().bytes().to_vec();
    check_refused(png.clone(), Limits::default().with_max_pixels(1000), &["48x32", "1000"]);
    check_refused(png.clone(), Limits::default().with_max_bytes(10), &["bytes", "limit of 10"]);
    let exact = Limits::default().with_max_pixels(48 * 32).with_max_bytes(png.len() as u64);
    assert!(imaging::decode(&Image::new(png).unwrap(), exact).is_ok());
}

#[test]
fn a_cut_off_file_is_refused_at_every_length() {
    for encoding in every_encoding() {
        let whole = corners().encode(encoding).unwrap().bytes().clone();
        for len in (12..whole.len() - 1).step_by(7) {
            let result = decode(whole.slice(..len));
            assert!(result.is_err(), "{encoding:?} was read from {len} of {} bytes", whole.len());
        }
    }
    let jpeg = corners().encode(Encoding::Jpeg { quality: 90 }).unwrap().bytes().to_vec();
    check_refused(jpeg[..jpeg.len() - 2].to_vec(), Limits::default(), &["JPEG", "cut off"]);
}

#[test]
fn a_text_file_is_not_a_picture() {
    let error = imaging::probe(b"Dear marketing team,").unwrap_err();
    assert!(error.message().contains("not a JPEG, PNG or WebP"), "{error}");
}

#[test]
fn fit_delivers_the_exact_size_in_the_same_format() {
    for encoding in every_encoding() {
        let source = corners().encode(encoding).unwrap();
        for size in [PixelSize::new(1, 1), PixelSize::new(16, 32), PixelSize::new(300, 10), SIZE] {
            let fitted = imaging::fit(&source, size).unwrap();
            assert_eq!(imaging::probe(fitted.bytes()).unwrap(), size, "{encoding:?}");
            assert_eq!(fitted.media_type(), source.media_type());
        }
        assert_eq!(imaging::fit(&source, SIZE).unwrap(), source, "the right size is not encoded again");
        assert_eq!(imaging::fit(&source, PixelSize::new(0, 5)).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn arbitrary_bytes_never_panic(start in 0..3_usize, tail in prop::collection::vec(any::<u8>(), 0..300)) {
        let magic: &[u8] =
            [b"\xff\xd8\xff".as_slice(), b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"][start];
        let bytes = [magic, &tail].concat();
        let _ = imaging::probe(&bytes);
        let _ = decode(bytes);
        let _ = imaging::probe(&tail);
    }

    #[test]
    fn flipped_bits_never_panic(
        which in 0..3_usize,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u32), 1..12),
    ) {
        let mut bytes = corners().encode(every_encoding()[which]).unwrap().bytes().to_vec();
        for (at, bit) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        let _ = imaging::probe(&bytes);
        if let Ok(image) = Image::new(bytes) {
            let _ = imaging::decode(&image, Limits::default().with_max_pixels(1 << 20));
        }
    }
}
