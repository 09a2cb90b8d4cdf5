//! Pictures and masks that come in.

use keyvisual::imaging::Picture;

use super::Job;
use crate::{
    pictures::{Input, Kinds, Mask, Rules, grey},
    refusal::{Refusal, Result},
};

const CANVAS: Rules = Rules {
    kinds: Kinds::PNG_JPEG,
    min_side: 320,
    max_side: 4_096,
    max_pixels: 4_194_304,
    max_ratio: 4.0,
    ..Rules::NONE
};

const TITAN: Rules = Rules { kinds: Kinds::PNG_JPEG, max_bytes: 5_000_000, max_side: 1_408, ..Rules::NONE };

/// How far the grey of a mask may be off: JPEG is never quite black.
const OFF: u8 = 12;

impl Job<'_> {
    /// An opaque picture.
    pub(super) fn input(&self, base64: &str, field: &str) -> Result<Picture> {
        let picture = Input::read(base64, field, if self.titan { &TITAN } else { &CANVAS })?.decode()?;
        if picture.has_transparency() {
            return Err(Refusal::validation(format!(
                "Invalid image: {field} has transparent pixels. An alpha channel is only taken if every pixel is opaque."
            )));
        }
        Ok(picture)
    }

    /// The mask by picture or by words; exactly one of them must be there. Black is painted anew in an inpainting, white
    /// in an outpainting: the pages of Canvas contradict each other on the latter.
    pub(super) fn mask(&self, picture: &Picture, black: bool) -> Result<Mask> {
        match (self.text("maskPrompt"), self.text("maskImage")) {
            (Some(words), None) => {
                let found = Mask::found(picture.size(), words);
                Ok(if black { found } else { found.inverted() })
            }
            (None, Some(mask)) => self.mask_image(mask, picture, black),
            _ => Err(Refusal::malformed("#: exactly one of maskPrompt and maskImage must be given")),
        }
    }

    pub(super) fn mask_image(&self, mask: &str, picture: &Picture, black: bool) -> Result<Mask> {
        let mask = self.input(mask, "maskImage")?;
        let (size, expected) = (mask.size(), picture.size());
        if size != expected {
            return Err(Refusal::validation(format!(
                "Invalid image: maskImage is {size} pixels, but must have the size of the image, {expected}."
            )));
        }
        if mask.pixels().iter().any(|pixel| (OFF..=255 - OFF).contains(&grey(*pixel))) {
            return Err(Refusal::validation(
                "Invalid image: maskImage has grey pixels. A mask must contain only pure black and pure white pixels.",
            ));
        }
        Ok(if black { Mask::black(&mask, size) } else { Mask::white(&mask, size) })
    }
}
