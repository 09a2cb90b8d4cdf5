//! A picture as the JPEG encoder takes it: brightness and two differences of colour, row by row.

use jpeg_encoder::{ImageBuffer, JpegColorType, rgb_to_ycbcr};

use super::{Picture, wide::wide};

/// An opaque picture whose sides JPEG can tell.
pub(super) struct Rows<'a> {
    pub(super) picture: &'a Picture,
    pub(super) width: u16,
    pub(super) height: u16,
}

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let width = usize::from(self.width);
        let pixels = &self.picture.pixels()[usize::from(y) * width..][..width];
        convert(pixels, grown(luma, width), grown(blue, width), grown(red, width));
    }
}

/// The new end of a buffer.
fn grown(buffer: &mut Vec<u8>, by: usize) -> &mut [u8] {
    let from = buffer.len();
    buffer.resize(from + by, 0);
    &mut buffer[from..]
}

wide! {
    fn convert<'a>(pixels: &'a [[u8; 4]], luma: &'a mut [u8], blue: &'a mut [u8], red: &'a mut [u8]) {
        for (((pixel, luma), blue), red) in pixels.iter().zip(luma).zip(blue).zip(red) {
            (*luma, *blue, *red) = rgb_to_ycbcr(pixel[0], pixel[1], pixel[2]);
        }
    }
}
