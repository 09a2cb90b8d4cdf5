//! Exact sizes out of the sizes a generator delivers.

use crate::{
    blocking::blocking,
    domain::PixelSize,
    error::{Error, ErrorKind, Result},
    imaging,
    roles::{Picture, Sizes},
};

/// The share of a picture whose loss is not worth more pixels.
const TOLERANCE: f64 = 0.02;

/// The size to ask for when `wanted` is to be cut out of it.
///
/// It is `wanted` itself if it is delivered. Otherwise, of a delivered ratio r and the wanted ratio R,
/// cropping loses the share 1 - min(r/R, R/r). Of all sizes that cover the wanted one, those that lose
/// at most 2 % more than the best are as good as each other, and the smallest of them is taken. If none covers it, the
/// one that is enlarged least, by max(W/w, H/h).
///
/// # Errors
/// [`InvalidInput`](ErrorKind::InvalidInput) for an empty size; [`Unsupported`](ErrorKind::Unsupported) when the generator
/// delivers no size at all.
///
/// ```
/// use keyvisual::{adapt::best_size, domain::PixelSize, roles::Sizes};
///
/// let sizes = Sizes::These([(1024, 1024), (1344, 768), (768, 1344)].map(|(w, h)| PixelSize::new(w, h)).to_vec());
/// assert_eq!(best_size(&sizes, PixelSize::new(1200, 628))?, PixelSize::new(1344, 768));
/// # Ok::<(), keyvisual::Error>(())
/// ```
pub fn best_size(sizes: &Sizes, wanted: PixelSize) -> Result<PixelSize> {
    if wanted.area() == 0 {
        return Err(Error::invalid(format!("a picture of {wanted} has no pixels: ask for at least 1x1")));
    }
    if sizes.contains(wanted) {
        return Ok(wanted);
    }
    let candidates = match sizes {
        Sizes::OfTask => Vec::new(),
        Sizes::These(sizes) => sizes.iter().copied().filter(|size| size.area() > 0).collect(),
        Sizes::Any { min, max, multiple_of } => on_grid(*min, *max, *multiple_of, wanted),
        Sizes::Within { min, max, multiple_of, .. } => on_grid(*min, *max, *multiple_of, wanted)
            .into_iter()
            .filter(|size| sizes.contains(*size))
            .collect(),
    };
    let covering = || candidates.iter().copied().filter(|size| enlargement(*size, wanted) <= 1.0);
    let least = covering().map(|size| loss(size, wanted)).fold(f64::INFINITY, f64::min);
    let best =
        covering().filter(|size| loss(*size, wanted) <= least + TOLERANCE).min_by_key(|size| size.area());
    let stretched =
        |a: &PixelSize, b: &PixelSize| enlargement(*a, wanted).total_cmp(&enlargement(*b, wanted));
    best.or_else(|| candidates.iter().copied().min_by(stretched)).ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, format!("the generator delivers no size at all: {sizes:?}"))
    })
}

/// For every width the heights around the wanted shape.
fn on_grid(min: u32, max: u32, multiple_of: u32, wanted: PixelSize) -> Vec<PixelSize> {
    let step = multiple_of.max(1);
    let (Some(least), most) = (min.max(1).checked_next_multiple_of(step), max - max % step) else {
        return Vec::new();
    };
    if least > most {
        return Vec::new();
    }
    let widths = (least..=most).step_by(step as usize);
    let around = |width: u32| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casting saturates")]
        let exact = (f64::from(width) / wanted.ratio()) as u32;
        let below = (exact - exact % step).clamp(least, most);
        [below, below.saturating_add(step).min(most)].map(|height| PixelSize::new(width, height))
    };
    widths.flat_map(around).collect()
}

fn loss(size: PixelSize, wanted: PixelSize) -> f64 {
    let quotient = size.ratio() / wanted.ratio();
    1.0 - quotient.min(1.0 / quotient)
}

fn enlargement(size: PixelSize, wanted: PixelSize) -> f64 {
    let across = f64::from(wanted.width) / f64::from(size.width);
    across.max(f64::from(wanted.height) / f64::from(size.height))
}

/// Brings a picture to exactly `size`, by cropping and scaling, and says so in its notes. One that
/// has the size already stays as it is, byte for byte.
///
/// Where it left room for copy is forgotten when it is cropped, and how a comp is put together when it is scaled. The work is done on a thread that may block.
///
/// # Errors
/// [`InvalidInput`](ErrorKind::InvalidInput) for an empty size or a picture that cannot be decoded.
pub async fn to_size(picture: Picture, size: PixelSize) -> Result<Picture> {
    let made = imaging::probe(picture.image.bytes())?;
    if made == size {
        return Ok(Picture { size, ..picture });
    }
    let source = picture.image.clone();
    let image = blocking(move || imaging::fit(&source, size)).await?;
    let mut done = Vec::new();
    if loss(made, size) > 0.0 {
        done.push("cropped".to_owned());
    }
    let factor = enlargement(made, size);
    done.push(if factor > 1.0 { format!("enlarged {factor:.1} times") } else { "scaled".to_owned() });
    let copy_space = picture.copy_space.filter(|_| loss(made, size) == 0.0);
    let note = format!("made at {made}, {} to {size}", done.join(" and "));
    // What else was known of places in the picture is true of another one.
    Ok(Picture { image, size, copy_space, comp: None, product_mask: None, ..picture }.with_note(note))
}
