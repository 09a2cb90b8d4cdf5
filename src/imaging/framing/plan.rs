//! The decision: crop, make room, extend, or leave the picture to a panel.

use fastrand::Rng;

use super::{
    Extension, Framing, Side,
    crop::{Crop, Cropper, Wish, inside},
    edge::{filling, is_calm},
};
use crate::imaging::Rect;

impl Framing {
    pub(super) fn of(crop: &Crop, extension: Option<Extension>, accepted: bool) -> Self {
        Self { region: crop.region, extension, accepted, kept: crop.kept, cut: crop.cut }
    }
}

/// Plans how the picture fills a frame of `ratio`, with room for copy on one side if one is wanted.
pub(crate) fn plan(cropper: &Cropper<'_>, ratio: f32, copy: Option<Side>, rng: &mut Rng) -> Framing {
    let plain = cropper.best(Wish::new(ratio, copy), rng);
    let accepted = cropper.accepts(&plain);
    if let Some(framing) = copy.and_then(|side| make_room(cropper, ratio, side, &plain, rng)) {
        return framing;
    }
    if accepted {
        return Framing::of(&plain, None, true);
    }
    extend_to(cropper, ratio, copy, rng).unwrap_or_else(|| Framing::of(&plain, None, false))
}

/// The best crop, with nothing added, whether it is accepted or not.
pub(crate) fn plan_crop(cropper: &Cropper<'_>, ratio: f32, rng: &mut Rng) -> Framing {
    let crop = cropper.best(Wish::new(ratio, None), rng);
    Framing::of(&crop, None, cropper.accepts(&crop))
}

/// Plans the best crop among those that are `fit`; none where each of them would cut the subject.
pub(crate) fn plan_fit(
    cropper: &Cropper<'_>,
    ratio: f32,
    copy: Option<Side>,
    fit: impl Fn(Rect) -> bool,
    rng: &mut Rng,
) -> Option<Framing> {
    let crop = cropper.search(Wish::new(ratio, copy), fit, rng)?;
    cropper.accepts(&crop).then(|| Framing::of(&crop, None, true))
}

/// A narrower crop, its calm copy side drawn out until the subject stands on the far third.
fn make_room(cropper: &Cropper<'_>, ratio: f32, side: Side, plain: &Crop, rng: &mut Rng) -> Option<Framing> {
    let interest = cropper.interest();
    if !side.is_horizontal() || interest.concentration <= 3.2 {
        return None;
    }
    let target = if side == Side::Left { 0.62 } else { 0.38 };
    let now = inside(plain.region, interest.center).0;
    let toward = if side == Side::Left { target - now } else { now - target };
    if toward <= 0.05 {
        return None;
    }
    let mut best: Option<(f32, Framing)> = None;
    for q in [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65] {
        let crop = cropper.best(Wish::against(ratio * q, side), rng);
        if !cropper.accepts(&crop) || !is_calm(interest, crop.region, side, 0.40, 0.15) {
            continue;
        }
        let within = inside(crop.region, interest.center).0 * q;
        let off = (if side == Side::Left { within + 1.0 - q } else { within } - target).abs();
        let Some(fill) = filling(interest, crop.region, side, (1.0 - q) / q) else { continue };
        if best.as_ref().is_none_or(|(least, _)| off < *least) {
            let extension = Extension { side, share: 1.0 - q, fill };
            best = Some((off, Framing::of(&crop, Some(extension), true)));
        }
    }
    best.map(|(_, framing)| framing)
}

/// A crop closer to the picture's own shape, and the rest of the frame drawn out of a calm side.
fn extend_to(cropper: &Cropper<'_>, ratio: f32, copy: Option<Side>, rng: &mut Rng) -> Option<Framing> {
    let interest = cropper.interest();
    let own = interest.width() as f32 / interest.height() as f32;
    let mut sides = if ratio > own { [Side::Left, Side::Right] } else { [Side::Top, Side::Bottom] };
    if copy == Some(sides[1]) {
        sides.reverse();
    }
    for q in [0.9, 0.82, 0.75, 0.68, 0.62, 0.56, 0.5, 0.44] {
        let narrower = if ratio > own { ratio * q } else { ratio / q };
        for side in sides {
            let crop = cropper.best(Wish::against(narrower, side), rng);
            if !cropper.accepts(&crop) || !is_calm(interest, crop.region, side, 0.52, 0.18) {
                continue;
            }
            if let Some(fill) = filling(interest, crop.region, side, (1.0 - q) / q) {
                return Some(Framing::of(&crop, Some(Extension { side, share: 1.0 - q, fill }), true));
            }
        }
    }
    None
}
