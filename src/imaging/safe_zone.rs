//! What stays visible when a channel lays its own controls over a picture, as a cost for whatever must be seen.

use super::Rect;

/// What a rectangle costs that is covered altogether. A story hides it for sure; a display ad that is shown in another
/// shape may only lose its rim.
const STORY: f32 = 0.6;
const LINK: f32 = 0.12;

/// The part of a canvas of this ratio (width over height) that stays free, in shares, and what lying beside it costs.
///
/// Stories and reels: 14 % at the top, 35 % at the bottom and 6 % at the sides belong to the application (Meta, 2026).
/// 1.91:1: what matters belongs in the middle 80 % (Google, Performance Max, 2026).
fn zone(ratio: f32) -> (Rect, f32) {
    match ratio {
        r if is_story(r) => (Rect::new(0.06, 0.14, 0.88, 0.51), STORY),
        r if (1.80..=2.0).contains(&r) => (Rect::new(0.10, 0.10, 0.80, 0.80), LINK),
        _ => (Rect::WHOLE, 0.0),
    }
}

/// Whether a canvas of this ratio is shown as a story or reel: 9:16 and near it. A half page (300 x 600) is not.
pub(crate) fn is_story(ratio: f32) -> bool {
    (0.52..=0.62).contains(&ratio)
}

/// What a story or reel leaves free on a canvas of this ratio; all of any other.
pub(crate) fn story(ratio: f32) -> Rect {
    if is_story(ratio) { zone(ratio).0 } else { Rect::WHOLE }
}

/// What `rect` (in shares of a canvas of this ratio) costs for the part of it that may not be seen: 0 when all of it
/// lies in the safe zone.
pub(crate) fn cost(ratio: f32, rect: Rect) -> f32 {
    let (free, weight) = zone(ratio);
    weight * (1.0 - rect.intersection(free).area() / rect.area().max(1e-6)).clamp(0.0, 1.0)
}
