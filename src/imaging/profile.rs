//! Colour profiles: what the numbers of a file mean, brought to sRGB by `moxcms`.

use moxcms::{CmsError, ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::Picture;

/// Colours that move by no more than this many steps are sRGB already; so profiles differ among themselves.
const SAME: u8 = 1;

/// Converts a picture in place from the colours of an ICC profile. One that is broken, or that is not for red, green
/// and blue or for grey, leaves the numbers as they are: they are taken as sRGB.
///
/// The decoders turn CMYK into RGB by themselves, so the profile of such a file has nothing left to say.
pub(super) fn to_srgb(picture: &mut Picture, icc: &[u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(icc) else { return };
    // What cannot be converted stays as it is.
    let _ = match profile.color_space {
        DataColorSpace::Rgb => convert_rgb(picture, &profile),
        DataColorSpace::Gray => convert_grey(picture, &profile),
        _ => Ok(()),
    };
}

fn convert_rgb(picture: &mut Picture, profile: &ColorProfile) -> Result<(), CmsError> {
    let options = TransformOptions::default();
    let transform =
        profile.create_transform_8bit(Layout::Rgba, &ColorProfile::new_srgb(), Layout::Rgba, options)?;
    let probe = probe();
    let mut moved = vec![0; probe.len()];
    transform.transform(&probe, &mut moved)?;
    if probe.iter().zip(&moved).all(|(before, after)| before.abs_diff(*after) <= SAME) {
        return Ok(());
    }
    let width = picture.width() * 4;
    let mut row = vec![0; width];
    for pixels in picture.as_bytes_mut().chunks_exact_mut(width) {
        transform.transform(pixels, &mut row)?;
        pixels.copy_from_slice(&row);
    }
    Ok(())
}

/// All three channels of a grey picture are alike, so a table of the 256 steps is enough.
fn convert_grey(picture: &mut Picture, profile: &ColorProfile) -> Result<(), CmsError> {
    let options = TransformOptions::default();
    let transform =
        profile.create_transform_8bit(Layout::Gray, &ColorProfile::new_srgb(), Layout::Rgb, options)?;
    let steps: [u8; 256] = std::array::from_fn(|step| step as u8);
    let mut table = [0; 3 * 256];
    transform.transform(&steps, &mut table)?;
    for [red, green, blue, _] in picture.pixels_mut() {
        for channel in [red, green, blue] {
            *channel = table[3 * usize::from(*channel)];
        }
    }
    Ok(())
}

/// Five steps of each channel.
fn probe() -> Vec<u8> {
    const STEPS: [u8; 5] = [0, 64, 128, 192, 255];
    let colors =
        STEPS.into_iter().flat_map(|r| STEPS.into_iter().flat_map(move |g| STEPS.map(|b| [r, g, b, 255])));
    colors.flatten().collect()
}
