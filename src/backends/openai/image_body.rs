//! What is sent for pictures: JSON for new ones, a form with files for edits.

use serde::Serialize;

use super::{image_models::ImageModel, multipart::Form};
use crate::{
    domain::{Image, MediaType, PixelSize},
    error::{Error, Result},
    imaging::{self, Encoding, Limits, Mask},
    roles::{GenerateRequest, Sizes},
};

/// The fields of both requests.
#[derive(Serialize)]
pub(super) struct ImagesBody<'a> {
    pub(super) model: &'a str,
    pub(super) prompt: &'a str,
    pub(super) n: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quality: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) background: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) output_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seed: Option<u64>,
}

/// The pictures of an edit, as the interface takes them.
#[derive(Debug)]
pub(super) struct Edit {
    image: Image,
    mask: Option<Image>,
    size: PixelSize,
}

impl Edit {
    /// Reads and checks the pictures of `request`. The interface's mask is transparent where to paint, and the picture has
    /// the format of the mask, PNG.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for no picture, one that cannot be read or is too large, and a mask of another size.
    pub(super) fn of(request: &GenerateRequest, model: &ImageModel) -> Result<Self> {
        let image = request.task.image().ok_or_else(|| Error::invalid("the task has no picture"))?;
        let header = imaging::header(image, Limits::default())?;
        let mask = request.task.mask().map(|mask| Mask::read(mask, header.size)?.to_transparent_png());
        let mask = mask.transpose()?;
        let image = if mask.is_some() && image.media_type() != MediaType::Png {
            imaging::decode(image, Limits::default())?.encode(Encoding::Png)?
        } else {
            imaging::upright(image, header)?.into_owned()
        };
        let bytes = image.bytes().len() as u64;
        if let Some(most) = model.max_picture_bytes.filter(|most| bytes > *most) {
            return Err(Error::invalid(format!(
                "the picture has {bytes} bytes as {}, this model takes {most}: make it smaller",
                image.media_type()
            )));
        }
        Ok(Self { image, mask, size: header.size })
    }

    /// The size to ask for: that of the picture, where the model delivers it.
    pub(super) fn size(&self, sizes: &Sizes) -> Option<PixelSize> {
        sizes.contains(self.size).then_some(self.size)
    }

    /// The content type and the form.
    pub(super) fn to_bytes(&self, body: &ImagesBody<'_>) -> (String, Vec<u8>) {
        let mut form = Form::default();
        form.put("model", body.model);
        form.put("prompt", body.prompt);
        form.put("n", body.n.to_string());
        form.put_some("size", body.size.as_deref());
        form.put_some("quality", body.quality);
        form.put_some("background", body.background);
        form.put_some("output_format", body.output_format);
        form.put_some("response_format", body.response_format);
        form.put_some("seed", body.seed.map(|seed| seed.to_string()));
        form.put_file("image", &self.image);
        if let Some(mask) = &self.mask {
            form.put_file("mask", mask);
        }
        form.to_bytes()
    }
}
