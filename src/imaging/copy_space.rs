//! Room for copy: where a headline may stand, in which colour, and a scrim where it needs one.

use super::{
    Integral, Lab, Plane, Rect,
    contrast::{Ground, HEADLINE, TEXT},
    framing::Side,
    safe_zone,
    scrim::{Fade, Scrim},
};
use crate::domain::{self, Color, CopySpace, Palette};

/// Above this mean interest a scrim would lie over something that matters.
const SALIENT: f32 = 0.35;
/// From here on a single thing is looked at, however small it is in the rectangle.
const STRIKING: f32 = 0.5;
/// The most of a rectangle that such a thing may take, and what a rectangle costs that it takes altogether.
const CROSSED: f32 = 0.04;
const CROSSING: f32 = 6.0;
/// Up to here a rectangle is calm, from there on busy.
pub(crate) const CALM: f32 = 0.7;
const BUSY: f32 = 1.0;
/// Where it is calm, this contrast does without a scrim, which would only grey the picture.
const CALM_TEXT: f32 = 3.5;

/// A rectangle for copy, in shares of the canvas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) rect: Rect,
    /// Mean unrest: up to .45 empty, up to .7 calm, above 1 busy.
    pub(crate) unrest: f32,
    /// Mean interest of what lies there.
    pub(crate) interest: f32,
    /// The share of it that a thing takes which is looked at.
    striking: f32,
}

/// Finds the best rectangle of a layout grid. `calm` and `interest` are maps of the whole canvas; `extra`
/// is what else a rectangle costs.
pub(crate) fn find(
    calm: &Plane,
    interest: &Plane,
    ratio: f32,
    wanted: Option<Side>,
    extra: impl Fn(Rect) -> f32,
) -> Option<Room> {
    let unrest = Integral::of(&calm.zip(interest, |calm, s| 1.0 - calm + 1.5 * s));
    let salient = Integral::of(interest);
    let striking = Integral::of(&interest.map(|s| f32::from(u8::from(s > STRIKING))));
    let window = |rect: Rect| pixels(rect, calm.width(), calm.height());
    let mean = |sums: &Integral, rect: Rect| {
        let [x0, y0, x1, y1] = window(rect);
        sums.mean(x0, y0, x1, y1)
    };
    let mut best: Option<(f32, Room)> = None;
    for (rect, habit) in grid(ratio) {
        let room = Room {
            rect,
            unrest: mean(&unrest, rect),
            interest: mean(&salient, rect),
            striking: mean(&striking, rect),
        };
        let cost = room.unrest - 0.30 * rect.area()
            + habit
            + if is_on(rect, wanted) { 0.0 } else { 0.3 }
            + CROSSING * room.striking
            + extra(rect);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, room));
        }
    }
    best.map(|(_, room)| room)
}

/// What a rectangle costs because the palette's text colours do not stand out from it.
pub(crate) fn pallor(luminances: &Plane, rect: Rect, palette: &Palette) -> f32 {
    let window = pixels(rect, luminances.width(), luminances.height());
    0.10 * (TEXT - text_on(Ground::within(luminances, window), palette).1).max(0.0)
}

/// The window of a rectangle of shares in a raster.
pub(crate) fn pixels(rect: Rect, width: usize, height: usize) -> [usize; 4] {
    let at = |share: f32, side: usize| ((share * side as f32).round().max(0.0) as usize).min(side);
    [at(rect.x, width), at(rect.y, height), at(rect.right(), width), at(rect.bottom(), height)]
}

/// Rectangles only where a designer would set them, each with what it costs to be there.
fn grid(ratio: f32) -> Vec<(Rect, f32)> {
    let sizes: &[(f32, f32)] = if ratio > 1.25 {
        &[(0.40, 0.46), (0.46, 0.34), (0.34, 0.56)]
    } else if ratio >= 0.7 {
        &[(0.46, 0.36), (0.70, 0.24), (0.40, 0.50)]
    } else {
        &[(0.78, 0.22), (0.60, 0.24), (0.50, 0.30), (0.78, 0.14)]
    };
    let margin = 0.055 * ratio.min(1.0) / ratio;
    let margin_y = 0.055 * ratio.min(1.0);
    let page = Rect::new(margin, margin_y, 1.0 - 2.0 * margin, 1.0 - 2.0 * margin_y)
        .intersection(safe_zone::story(ratio));
    let mut rects = Vec::new();
    for &(w, h) in sizes {
        for (x, aside) in [(page.x, 0.0), ((1.0 - w) / 2.0, 0.06), (page.right() - w, 0.0)] {
            for (y, level) in
                [(page.y, 0.0), (1.0 / 3.0 - h / 2.0, 0.0), ((1.0 - h) / 2.0, 0.04), (page.bottom() - h, 0.0)]
            {
                let rect = Rect::new(x, y.clamp(page.y, page.bottom() - h), w, h);
                rects.push((rect, aside + level + safe_zone::cost(ratio, rect)));
            }
        }
    }
    rects
}

fn is_on(rect: Rect, wanted: Option<Side>) -> bool {
    let (x, y) = rect.center();
    match wanted {
        None => true,
        Some(Side::Left) => x < 0.45,
        Some(Side::Right) => x > 0.55,
        Some(Side::Top) => y < 0.45,
        Some(Side::Bottom) => y > 0.55,
    }
}

/// The better text colour of the palette for a rectangle, as it is; black or white if the palette has none.
pub(crate) fn set_text(canvas: &Lab, rect: Rect, palette: &Palette) -> CopySpace {
    let ground = Ground::of(canvas, pixels(rect, canvas.width(), canvas.height()));
    let (text, contrast) = text_on(ground, palette);
    CopySpace::new(rect.x, rect.y, rect.width, rect.height, text, contrast)
}

/// The better text colour for a ground, and its contrast.
fn text_on(ground: Ground, palette: &Palette) -> (Color, f32) {
    let best = |colors: [Color; 2]| {
        let contrast = colors.map(|color| ground.contrast(color));
        if contrast[0] >= contrast[1] { (colors[0], contrast[0]) } else { (colors[1], contrast[1]) }
    };
    let text = best([palette.light, palette.dark]);
    if text.1 >= TEXT {
        return text;
    }
    let plain = best([Color::rgb(255, 255, 255), Color::rgb(17, 17, 17)]);
    if plain.1 >= TEXT || text.1 < HEADLINE { plain } else { text }
}

/// Makes a rectangle fit for text: as it is, or under a scrim no stronger than it takes. `None` when it is too busy,
/// crosses what is looked at and cannot be read there as it is, or cannot reach a contrast of 3. `interest` is the map of
/// the whole canvas.
pub(crate) fn prepare(
    canvas: &mut Lab,
    interest: &Plane,
    room: Room,
    palette: &Palette,
) -> Option<CopySpace> {
    if room.unrest > BUSY {
        return None;
    }
    let plain = set_text(canvas, room.rect, palette);
    if plain.contrast >= TEXT || (plain.contrast >= CALM_TEXT && room.unrest <= CALM) {
        return Some(plain);
    }
    if room.striking > CROSSED {
        return None;
    }
    let as_it_is = (plain.contrast >= HEADLINE).then_some(plain);
    if room.interest > SALIENT {
        return as_it_is;
    }
    let window = pixels(room.rect, canvas.width(), canvas.height());
    let Some((scrim, alpha)) = Scrim::least(canvas, window, palette) else { return as_it_is };
    scrim.lay(canvas, Fade::over(room.rect, interest), alpha);
    let Rect { x, y, width, height } = room.rect;
    let contrast = Ground::of(canvas, window).contrast(scrim.text);
    let copy = CopySpace::new(x, y, width, height, scrim.text, contrast);
    Some(copy.with_scrim(domain::Scrim::new(scrim.color, alpha)))
}
