//! A framing carried out.

use super::{Extension, Framing, extend::extend};
use crate::{
    domain::PixelSize,
    error::{Error, Result},
    imaging::{Lab, Picture, finish::sharpen},
};

impl Framing {
    /// Crops, resamples, sharpens what was enlarged, and extends: the picture at exactly `frame`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for an empty frame.
    pub fn render(&self, picture: &Picture, frame: PixelSize) -> Result<Picture> {
        if frame.area() == 0 {
            return Err(Error::invalid(format!("a frame of {frame} pixels is empty: ask for at least 1x1")));
        }
        let lab = match picture.has_transparency() {
            true => self.render_lab(&picture.on_white(), frame)?,
            false => self.render_lab(picture, frame)?,
        };
        Ok(lab.to_picture())
    }

    /// The same of an opaque picture, for those who go on painting.
    pub(crate) fn render_lab(&self, picture: &Picture, frame: PixelSize) -> Result<Lab> {
        let inner = self.inner(frame);
        let region = self.region.scaled(picture.width() as f32, picture.height() as f32);
        let mut lab = Lab::of(&picture.resampled(region, inner)?);
        sharpen(&mut lab, self.enlarging(picture.size(), frame));
        if let Some(Extension { side, fill, .. }) = self.extension {
            let missing =
                if side.is_horizontal() { frame.width - inner.width } else { frame.height - inner.height };
            lab = extend(&lab, side, missing as usize, fill, frame.height as f32);
        }
        Ok(lab)
    }
}
