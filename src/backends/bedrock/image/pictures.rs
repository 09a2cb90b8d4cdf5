//! The pictures of a request as the model takes them, checked before anything is sent.

use super::rules::TaskRules;
use crate::{
    backends::bedrock::registry::ImageLimits,
    domain::{Image, PixelSize},
    error::{Error, ErrorKind, Result},
    imaging::{self, Limits, Mask},
    roles::{GenerateRequest, Margins, Task},
};

/// The pictures of a task, upright.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    /// What is worked on.
    pub(super) image: Option<Image>,
    /// Where to paint, in the colours of this crate.
    pub(super) mask: Option<Mask>,
    /// Whose style is taken, beside the picture.
    pub(super) style: Option<Image>,
    /// Past pictures to build on.
    pub(super) references: Vec<Image>,
}

impl Pictures {
    /// Reads and checks what `request` brings.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a picture that breaks a rule of the model, for a mask of another size, and for margins
    /// that add nothing or too much.
    pub(super) fn of(request: &GenerateRequest, rules: &TaskRules) -> Result<Self> {
        let mut pictures = Self::default();
        if let Some(image) = request.task.image() {
            let (image, size) = checked("picture", image, &rules.images)?;
            pictures.mask = request.task.mask().map(|mask| Mask::read(mask, size)).transpose()?;
            pictures.image = Some(image);
        }
        match &request.task {
            Task::StyleTransfer { style, .. } => {
                pictures.style = Some(checked("style picture", style, &rules.images)?.0);
            }
            Task::Outpaint { margins, .. } => check_margins(*margins, rules.images.max_margin)?,
            _ => {}
        }
        let references = request.references.iter();
        pictures.references = references
            .map(|image| Ok(checked("reference", image, &rules.images)?.0))
            .collect::<Result<_>>()?;
        Ok(pictures)
    }
}

/// The picture, upright, if it keeps the rules.
fn checked(what: &str, image: &Image, rules: &ImageLimits) -> Result<(Image, PixelSize)> {
    let format = image.media_type();
    if !rules.formats.is_empty() && !rules.formats.iter().any(|known| known == format.name()) {
        let message = format!("a {what} of type {format}: this model takes {}", rules.formats.join(", "));
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let header = imaging::header(image, Limits::default())?;
    check_size(what, header.size, rules)?;
    if rules.opaque && header.alpha && imaging::decode(image, Limits::default())?.has_transparency() {
        return Err(Error::invalid(format!(
            "the {what} has transparent pixels, which this model does not take: lay it on a ground first"
        )));
    }
    let image = imaging::upright(image, header)?.into_owned();
    let bytes = image.bytes().len() as u64;
    match rules.bytes {
        Some(most) if bytes > most => {
            Err(Error::invalid(format!("the {what} has {bytes} bytes, this model takes at most {most}")))
        }
        _ => Ok((image, header.size)),
    }
}

fn check_size(what: &str, size: PixelSize, rules: &ImageLimits) -> Result<()> {
    let refuse = |limit: String| {
        Err(Error::invalid(format!("the {what} has {size} pixels, this model takes {limit}")))
    };
    let (short, long) = (size.width.min(size.height), size.width.max(size.height));
    if let Some(least) = rules.min_side.filter(|least| short < *least) {
        return refuse(format!("sides of at least {least}: enlarge it"));
    }
    if let Some(most) = rules.max_side.filter(|most| long > *most) {
        return refuse(format!("sides of at most {most}: make it smaller"));
    }
    if let Some(least) = rules.min_pixels.filter(|least| size.area() < *least) {
        return refuse(format!("at least {least} pixels in all: enlarge it"));
    }
    if let Some(most) = rules.max_pixels.filter(|most| size.area() > *most) {
        return refuse(format!("at most {most} pixels in all: make it smaller"));
    }
    let ratio = f64::from(long) / f64::from(short);
    if let Some(most) = rules.max_aspect.filter(|most| ratio > *most) {
        return refuse(format!("a long side of at most {most} short ones: crop it"));
    }
    Ok(())
}

fn check_margins(margins: Margins, most: Option<u32>) -> Result<()> {
    let Margins { left, right, top, bottom } = margins;
    let widest = left.max(right).max(top).max(bottom);
    if widest == 0 {
        return Err(Error::invalid("all margins are 0: nothing is added to the picture"));
    }
    if let Some(most) = most.filter(|most| widest > *most) {
        let message = format!("a margin of {widest} pixels; this model adds at most {most} at an edge");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(())
}
