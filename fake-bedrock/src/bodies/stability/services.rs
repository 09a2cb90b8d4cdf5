//! Pictures led by pictures: cut out, in a style, after a sketch or a structure.

use keyvisual::imaging::Picture;

use super::{Job, PICTURE, generate};
use crate::{
    pictures::{Brush, cut_out, grey, mean, mix, paint},
    refusal::Result,
};

impl Job<'_> {
    pub(super) fn remove_background(&self) -> Result<Picture> {
        let mut picture = self.picture("image", &PICTURE)?;
        cut_out(&mut picture);
        Ok(picture)
    }

    /// A new picture in the colours of another.
    pub(super) fn style_guide(&self) -> Result<Picture> {
        let guide = self.picture("image", &PICTURE)?;
        let mut picture = paint(generate::size(self.text("aspect_ratio")), &self.brush());
        tint(&mut picture, mean(&guide), self.share("fidelity", 0.5) / 2.0);
        Ok(picture)
    }

    /// A picture in the colours of another; style strength 0 leaves it as it is.
    pub(super) fn style_transfer(&self) -> Result<Picture> {
        let mut picture = self.picture("init_image", &PICTURE)?;
        let style = self.picture("style_image", &PICTURE)?;
        let strength = self.share("style_strength", 1.0) * self.share("change_strength", 0.9);
        let color = mean(&style);
        let painted = paint(picture.size(), &Brush::new(&[self.text("prompt").unwrap_or("")], self.seed));
        for (pixel, new) in picture.pixels_mut().iter_mut().zip(painted.pixels()) {
            let toned = mix(*new, color, 128);
            *pixel = mix(*pixel, toned, (strength * 127.0) as u8);
        }
        Ok(picture)
    }

    /// A new picture with the light and shade of another.
    pub(super) fn control(&self) -> Result<Picture> {
        let lead = self.picture("image", &PICTURE)?;
        let mut picture = paint(lead.size(), &self.brush());
        let weight = (self.share("control_strength", 0.7) * 180.0) as u8;
        for (pixel, lead) in picture.pixels_mut().iter_mut().zip(lead.pixels()) {
            let light = grey(*lead);
            *pixel = mix(*pixel, [light, light, light, 255], weight);
        }
        Ok(picture)
    }
}

fn tint(picture: &mut Picture, color: [u8; 4], share: f64) {
    let weight = (share * 255.0) as u8;
    picture.pixels_mut().iter_mut().for_each(|pixel| *pixel = mix(*pixel, color, weight));
}
