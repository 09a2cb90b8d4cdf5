//! Text to picture and picture to picture: SD3.5 Large, Core, Ultra.

use keyvisual::{domain::PixelSize, imaging::Picture};

use super::Job;
use crate::{
    pictures::{Rules, mix, paint},
    refusal::{Refusal, Result},
};

/// What the generators ask of a picture to begin with.
const START: Rules = Rules { min_side: 64, max_pixels: 9_437_184, ..Rules::NONE };

impl Job<'_> {
    pub(super) fn generate(&self) -> Result<Picture> {
        let has_image = self.text("image").is_some();
        match self.text("mode") {
            Some("image-to-image") if !has_image => {
                return refuse("mode image-to-image requires the field image");
            }
            Some("text-to-image") if has_image => {
                return refuse("mode text-to-image does not take the field image");
            }
            _ => {}
        }
        if !has_image {
            if !self.body["strength"].is_null() {
                return refuse("strength requires the field image");
            }
            return Ok(paint(size(self.text("aspect_ratio")), &self.brush()));
        }
        let mut picture = self.picture("image", &START)?;
        let painted = paint(picture.size(), &self.brush());
        // Strength 0 keeps the picture, 1 ignores it.
        let weight = (self.share("strength", 0.35) * 255.0).round() as u8;
        for (pixel, new) in picture.pixels_mut().iter_mut().zip(painted.pixels()) {
            *pixel = mix(*pixel, *new, weight);
        }
        Ok(picture)
    }
}

fn refuse(what: &str) -> Result<Picture> {
    Err(Refusal::validation(format!("Invalid request: {what}.")))
}

/// About one megapixel, in steps of 64.
pub(super) fn size(aspect_ratio: Option<&str>) -> PixelSize {
    let (width, height) = match aspect_ratio {
        Some("16:9") => (1_344, 768),
        Some("21:9") => (1_536, 640),
        Some("2:3") => (832, 1_216),
        Some("3:2") => (1_216, 832),
        Some("4:5") => (896, 1_088),
        Some("5:4") => (1_088, 896),
        Some("9:16") => (768, 1_344),
        Some("9:21") => (640, 1_536),
        _ => (1_024, 1_024),
    };
    PixelSize::new(width, height)
}
