//! Part of a picture painted anew: inpaint, erase, replace, recolour, outpaint.

use keyvisual::{domain::PixelSize, imaging::Picture};

use super::{Job, PICTURE};
use crate::{
    pictures::{Mask, Rules, grey, mean, paint, place},
    refusal::{Refusal, Result},
};

/// A mask is brought to the size of the picture, so nearly any will do.
const MASK: Rules = Rules { max_pixels: 9_437_184, ..Rules::NONE };

impl Job<'_> {
    pub(super) fn inpaint(&self) -> Result<Picture> {
        let mut picture = self.picture("image", &PICTURE)?;
        let mask = self.mask(&picture)?;
        opaque(&mut picture);
        let painted = paint(picture.size(), &self.brush());
        mask.apply(&mut picture, &painted);
        Ok(picture)
    }

    /// What is erased takes the mean colour of the picture.
    pub(super) fn erase(&self) -> Result<Picture> {
        let mut picture = self.picture("image", &PICTURE)?;
        let mask = self.mask(&picture)?;
        opaque(&mut picture);
        let ground = Picture::filled(picture.size(), mean(&picture));
        mask.apply(&mut picture, &ground);
        Ok(picture)
    }

    pub(super) fn replace(&self) -> Result<Picture> {
        let mut picture = self.picture("image", &PICTURE)?;
        let painted = paint(picture.size(), &self.brush());
        self.found("search_prompt", &picture).apply(&mut picture, &painted);
        Ok(picture)
    }

    /// Light and shade stay, the colour is another.
    pub(super) fn recolor(&self) -> Result<Picture> {
        let mut picture = self.picture("image", &PICTURE)?;
        let mut painted = paint(picture.size(), &self.brush());
        for (new, old) in painted.pixels_mut().iter_mut().zip(picture.pixels()) {
            let light = u16::from(grey(*old));
            (0..3).for_each(|i| new[i] = ((u16::from(new[i]) + light) / 2) as u8);
        }
        self.found("select_prompt", &picture).apply(&mut picture, &painted);
        Ok(picture)
    }

    pub(super) fn outpaint(&self) -> Result<Picture> {
        let [left, right, up, down] =
            ["left", "right", "up", "down"].map(|side| self.body[side].as_u64().unwrap_or(0) as u32);
        if left + right + up + down == 0 {
            return Err(Refusal::validation(
                "Invalid request: at least one of left, right, up and down must be greater than 0.",
            ));
        }
        let picture = self.picture("image", &PICTURE)?;
        let size = picture.size();
        let size = PixelSize::new(size.width + left + right, size.height + up + down);
        let mut ground = paint(size, &self.brush());
        place(&mut ground, &picture, left, up);
        Ok(ground)
    }

    /// The mask if there is one, else what is transparent.
    fn mask(&self, picture: &Picture) -> Result<Mask> {
        match self.text("mask") {
            Some(_) => Ok(Mask::white(&self.picture("mask", &MASK)?, picture.size())),
            None => Ok(Mask::transparency(picture)),
        }
    }

    fn found(&self, field: &str, picture: &Picture) -> Mask {
        Mask::found(picture.size(), self.text(field).unwrap_or_default())
    }
}

fn opaque(picture: &mut Picture) {
    picture.pixels_mut().iter_mut().for_each(|pixel| pixel[3] = 255);
}
