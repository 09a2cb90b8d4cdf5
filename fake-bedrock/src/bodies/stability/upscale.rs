//! Larger pictures: creative to the area of 4K, conservative and fast by a factor.

use keyvisual::{domain::PixelSize, imaging::Picture};

use super::{Job, PICTURE};
use crate::{
    pictures::{Rules, mix, paint, resample},
    refusal::Result,
};

const CREATIVE: Rules =
    Rules { min_side: 64, min_pixels: 4_096, max_pixels: 1_048_576, max_ratio: 2.5, ..Rules::NONE };

const FAST: Rules =
    Rules { min_side: 32, max_side: 1_536, min_pixels: 1_024, max_pixels: 1_048_576, ..Rules::NONE };

/// 3 840 x 2 160.
const AREA_4K: f64 = 8_294_400.0;

impl Job<'_> {
    pub(super) fn upscale(&self, name: &str) -> Result<Picture> {
        let rules = match name {
            "stable-fast-upscale" => FAST,
            "stable-creative-upscale" => CREATIVE,
            _ => PICTURE,
        };
        let picture = self.picture("image", &rules)?;
        let size = picture.size();
        let to_4k = (AREA_4K / size.area() as f64).sqrt();
        let factor = match name {
            "stable-fast-upscale" => 4.0,
            "stable-creative-upscale" => to_4k,
            // Observed: 13.8 times the pixels. A picture that is large already is not made smaller.
            _ => to_4k.clamp(1.0, 13.8_f64.sqrt()),
        };
        let side = |pixels: u32| (f64::from(pixels) * factor).round() as u32;
        let mut large = resample(&picture, PixelSize::new(side(size.width), side(size.height)));
        if name == "stable-creative-upscale" {
            let weight = (self.share("creativity", 0.3) * 100.0) as u8;
            let painted = paint(large.size(), &self.brush());
            for (pixel, new) in large.pixels_mut().iter_mut().zip(painted.pixels()) {
                *pixel = mix(*pixel, *new, weight);
            }
        }
        Ok(large)
    }
}
