//! The tasks.

use keyvisual::{domain::PixelSize, imaging::Picture};
use serde_json::Value;

use super::{Config, Job};
use crate::{
    pictures::{Brush, Mask, cut_out, grey, mean, mix, paint, resample},
    refusal::{Refusal, Result},
};

impl Job<'_> {
    /// After a condition the picture has its light and shade.
    pub(super) fn text_image(&self, config: &Config, brush: &Brush) -> Result<Picture> {
        let Some(condition) = self.text("conditionImage") else {
            if let Some(field) =
                ["controlMode", "controlStrength"].into_iter().find(|f| !self.parameters[f].is_null())
            {
                return Err(Refusal::validation(format!(
                    "Invalid request: {field} requires conditionImage."
                )));
            }
            return Ok(paint(config.size, brush));
        };
        if self.text("style").is_some() {
            return Err(Refusal::validation("Invalid request: style and conditionImage exclude each other."));
        }
        let lead = resample(&self.input(condition, "conditionImage")?, config.size);
        let weight = (self.parameters["controlStrength"].as_f64().unwrap_or(0.7) * 180.0) as u8;
        let mut picture = paint(config.size, brush);
        for (pixel, lead) in picture.pixels_mut().iter_mut().zip(lead.pixels()) {
            let light = grey(*lead);
            *pixel = mix(*pixel, [light, light, light, 255], weight);
        }
        Ok(picture)
    }

    /// Bands of the colours shine through.
    pub(super) fn color_guided(&self, config: &Config, brush: &Brush) -> Result<Picture> {
        let colors = self.parameters["colors"].as_array().into_iter().flatten();
        let colors = colors.map(color).collect::<Result<Vec<_>>>()?;
        if let Some(reference) = self.text("referenceImage") {
            self.input(reference, "referenceImage")?;
        }
        let mut picture = paint(config.size, brush);
        let width = config.size.width.max(1) as usize;
        for (index, pixel) in picture.pixels_mut().iter_mut().enumerate() {
            *pixel = mix(*pixel, colors[index % width * colors.len() / width], 170);
        }
        Ok(picture)
    }

    pub(super) fn variation(&self, config: &Config, brush: &Brush) -> Result<Picture> {
        let images = self.parameters["images"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let images = images.map(|image| self.input(image, "images")).collect::<Result<Vec<_>>>()?;
        let Some(first) = images.first() else { return Ok(paint(config.size, brush)) };
        let similar = self.parameters["similarityStrength"].as_f64().unwrap_or(0.7);
        let mut picture = paint(config.size, brush);
        for (pixel, old) in picture.pixels_mut().iter_mut().zip(resample(first, config.size).pixels()) {
            *pixel = mix(*pixel, *old, (similar * 230.0) as u8);
        }
        Ok(picture)
    }

    /// Inpainting and outpainting; without a text what is masked is taken away.
    pub(super) fn edit(&self, brush: &Brush, black: bool) -> Result<(Picture, Option<Mask>)> {
        let mut picture = self.input(self.text("image").unwrap_or_default(), "image")?;
        let mask = self.mask(&picture, black)?;
        let size = picture.size();
        let painted = match self.text("text") {
            Some(_) => paint(size, brush),
            None => Picture::filled(size, mean(&picture)),
        };
        mask.apply(&mut picture, &painted);
        Ok((picture, Some(mask)))
    }

    pub(super) fn remove_background(&self) -> Result<Picture> {
        let mut picture = self.input(self.text("image").unwrap_or_default(), "image")?;
        cut_out(&mut picture);
        Ok(picture)
    }

    /// The garment takes the place of the mask.
    pub(super) fn try_on(&self, brush: &Brush) -> Result<(Picture, Option<Mask>)> {
        let mut picture = self.input(self.text("sourceImage").unwrap_or_default(), "sourceImage")?;
        let garment = self.input(self.text("referenceImage").unwrap_or_default(), "referenceImage")?;
        let size: PixelSize = picture.size();
        let field = match self.text("maskType") {
            Some("IMAGE") => "imageBasedMask",
            Some("GARMENT") => "garmentBasedMask",
            _ => "promptBasedMask",
        };
        let given = &self.parameters[field];
        if given.is_null() {
            return Err(Refusal::validation(format!("Invalid request: this maskType requires {field}.")));
        }
        let mask = match given["maskImage"].as_str() {
            Some(mask) => self.mask_image(mask, &picture, true)?,
            None => Mask::found(size, &given.to_string()),
        };
        let mut worn = resample(&garment, size);
        for (pixel, shade) in worn.pixels_mut().iter_mut().zip(paint(size, brush).pixels()) {
            *pixel = mix(*pixel, *shade, 40);
        }
        mask.apply(&mut picture, &worn);
        Ok((picture, Some(mask)))
    }
}

/// `#RRGGBB`
fn color(text: &Value) -> Result<[u8; 4]> {
    let text = text.as_str().unwrap_or_default();
    let number = text.strip_prefix('#').and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let Some(number) = number else {
        return Err(Refusal::malformed(format_args!(
            "#/colorGuidedGenerationParams/colors: {text} is no #RRGGBB"
        )));
    };
    let [_, red, green, blue] = number.to_be_bytes();
    Ok([red, green, blue, 255])
}
