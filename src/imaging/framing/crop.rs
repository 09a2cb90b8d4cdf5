//! The search for the best crop of a shape.

use std::borrow::Cow;

use fastrand::Rng;

use super::Side;
use crate::imaging::{
    Integral, Rect,
    interest::Interest,
    math::{exp, mix},
};

/// Sizes that are tried, as shares of the largest crop.
const SCALES: [f32; 5] = [1.0, 0.92, 0.85, 0.78, 0.70];
/// Steps between places, in pixels of the maps.
const STEP: usize = 3;
/// The part of a side that counts as running along it, in pixels of the maps.
const STRIP: usize = 2;

/// A crop and how well it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crop {
    /// In shares of the picture.
    pub(crate) region: Rect,
    /// The share of the subject's interest that is inside.
    pub(crate) kept: f32,
    /// The largest share of a side of the crop that runs through the subject.
    pub(crate) cut: f32,
    score: f32,
}

/// Searches crops in one picture; made once for each picture.
#[derive(Debug)]
pub(crate) struct Cropper<'a> {
    interest: &'a Interest,
    sums: Cow<'a, Sums>,
}

/// The summed maps of a picture, for those who search it more than once.
#[derive(Clone, Debug)]
pub(crate) struct Sums {
    all: Integral,
    subject: Integral,
    mask: Integral,
    rest: Integral,
}

impl Sums {
    pub(crate) fn of(interest: &Interest) -> Self {
        let subject = interest.map.zip(&interest.mask, |s, inside| s * inside);
        Self {
            all: Integral::of(&interest.map),
            subject: Integral::of(&subject),
            mask: Integral::of(&interest.mask),
            rest: Integral::of(&interest.calm.zip(&interest.map, |calm, s| calm * (1.0 - s))),
        }
    }
}

/// What a crop shall be like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    /// Width over height, of pixels.
    pub(crate) ratio: f32,
    /// The side that copy will stand on, if one is wanted.
    pub(crate) copy: Option<Side>,
    /// The side of the picture that the crop must lie against.
    pub(crate) against: Option<Side>,
    /// Only the largest crop of that shape.
    pub(crate) largest: bool,
}

impl Wish {
    /// A crop of any size anywhere.
    pub(crate) fn new(ratio: f32, copy: Option<Side>) -> Self {
        Self { ratio, copy, against: None, largest: false }
    }

    /// The largest crop that lies against a side of the picture.
    pub(crate) fn against(ratio: f32, side: Side) -> Self {
        Self { ratio, copy: None, against: Some(side), largest: true }
    }
}

impl<'a> Cropper<'a> {
    pub(crate) fn new(interest: &'a Interest) -> Self {
        Self { interest, sums: Cow::Owned(Sums::of(interest)) }
    }

    /// The same with the sums of that picture, known already.
    pub(crate) fn with_sums(interest: &'a Interest, sums: &'a Sums) -> Self {
        Self { interest, sums: Cow::Borrowed(sums) }
    }

    pub(crate) fn interest(&self) -> &'a Interest {
        self.interest
    }

    /// Whether a crop leaves the subject whole. A view without a single one may be cut, the more the less it has one.
    pub(crate) fn accepts(&self, crop: &Crop) -> bool {
        let single = self.interest.singleness();
        (crop.kept >= 0.95 && crop.cut <= 0.10)
            || (crop.kept >= 0.975 && crop.cut <= 0.20)
            || (self.interest.is_diffuse()
                && crop.kept >= mix(0.60, 0.95, single)
                && crop.cut <= mix(1.0, 0.20, single))
    }

    /// The best crop. Score and weights are those that kept the subject best, see
    /// [`interest`](crate::imaging::interest); `rng` only breaks near ties.
    pub(crate) fn best(&self, wish: Wish, rng: &mut Rng) -> Crop {
        let whole = Crop { region: Rect::WHOLE, kept: 1.0, cut: 0.0, score: 0.0 };
        self.search(wish, |_| true, rng).unwrap_or(whole)
    }

    /// The best crop among those that are fit, in shares of the picture.
    pub(crate) fn search(&self, wish: Wish, fit: impl Fn(Rect) -> bool, rng: &mut Rng) -> Option<Crop> {
        let (width, height) = (self.interest.width(), self.interest.height());
        let largest = {
            let (w, h) = (width as f32, height as f32);
            if w / h > wish.ratio { (h * wish.ratio, h) } else { (w, w / wish.ratio) }
        };
        let scales = if wish.largest { &SCALES[..1] } else { &SCALES[..] };
        let mut best: Option<Crop> = None;
        for &scale in scales {
            let side = |pixels: f32, limit: usize| ((pixels * scale).round() as usize).clamp(1, limit);
            let (w, h) = (side(largest.0, width), side(largest.1, height));
            for y in places(height - h, wish.against, Side::Top, Side::Bottom) {
                for x in places(width - w, wish.against, Side::Left, Side::Right) {
                    if !fit(self.shares([x, y, x + w, y + h])) {
                        continue;
                    }
                    let chance = 0.02 * (2.0 * rng.f32() - 1.0);
                    let least = best.map_or(f32::MIN, |best| best.score);
                    if let Some(crop) = self.judge([x, y, x + w, y + h], scale, wish, chance, least) {
                        best = Some(crop);
                    }
                }
            }
        }
        best
    }

    /// A window of the maps in shares of the picture.
    fn shares(&self, [x0, y0, x1, y1]: [usize; 4]) -> Rect {
        let (width, height) = (self.interest.width() as f32, self.interest.height() as f32);
        Rect::new(x0 as f32 / width, y0 as f32 / height, (x1 - x0) as f32 / width, (y1 - y0) as f32 / height)
    }

    /// Scores a crop; none where it does not reach more than `least`. What is known without a look at the maps comes
    /// first, for most crops need none.
    fn judge(&self, window: [usize; 4], scale: f32, wish: Wish, chance: f32, least: f32) -> Option<Crop> {
        let [x0, y0, x1, y1] = window;
        let (width, height) = (self.interest.width(), self.interest.height());
        let region = self.shares(window);
        let place = chance - 0.9 * (1.0 - scale) - 4.0 * self.missing(region);
        // Everything inside, on its third and calm: there is no better.
        if place + 1.6 + 0.5 + 0.45 + 0.5 <= least {
            return None;
        }
        let share = |sums: &Integral| sums.sum(x0, y0, x1, y1) / sums.total().max(1e-6);
        let kept = share(&self.sums.subject);
        let inside = 1.6 * kept + 0.5 * share(&self.sums.all) + 0.5 * self.sums.rest.mean(x0, y0, x1, y1);
        if place + inside + 0.45 <= least {
            return None;
        }
        let sides = [
            (x0 > 0, [x0, y0, x0 + STRIP, y1]),
            (x1 < width, [x1.saturating_sub(STRIP), y0, x1, y1]),
            (y0 > 0, [x0, y0, x1, y0 + STRIP]),
            (y1 < height, [x0, y1.saturating_sub(STRIP), x1, y1]),
        ];
        let inner = || sides.into_iter().filter(|(is_inner, _)| *is_inner).map(|(_, strip)| strip);
        let along: f32 = inner().map(|[a, b, c, d]| self.sums.all.mean(a, b, c, d)).sum();
        let score = place + inside - 1.2 * along + 0.45 * self.placement(region, wish.copy);
        (score > least).then(|| {
            let cut = inner().map(|[a, b, c, d]| self.sums.mask.mean(a, b, c, d)).fold(0.0, f32::max);
            Crop { region, kept, cut, score }
        })
    }

    /// 1 when the subject stands on its third and a little below the middle (Liu et al. 2010).
    fn placement(&self, region: Rect, copy: Option<Side>) -> f32 {
        let (px, py) = inside(region, self.interest.center);
        let wide = self.interest.subject.intersection(region).width > 0.55 * region.width;
        let tx = match copy {
            _ if wide => 0.5,
            Some(Side::Left) => 0.64,
            Some(Side::Right) => 0.36,
            _ if px < 0.5 => 0.36,
            _ => 0.64,
        };
        let (across, down) = ((px - tx) / 0.13, (py - 0.52) / 0.2);
        exp(-across * across - down * down)
    }

    /// The share of the subject's box, with a margin of 2 %, that is outside.
    fn missing(&self, region: Rect) -> f32 {
        let subject = self.interest.subject;
        let margin =
            Rect::new(subject.x - 0.02, subject.y - 0.02, subject.width + 0.04, subject.height + 0.04)
                .intersection(Rect::new(0.0, 0.0, 1.0, 1.0));
        1.0 - margin.intersection(region).area() / margin.area().max(1e-6)
    }
}

/// Where a point of the picture lies in a region of it.
pub(super) fn inside(region: Rect, (x, y): (f32, f32)) -> (f32, f32) {
    ((x - region.x) / region.width.max(1e-6), (y - region.y) / region.height.max(1e-6))
}

fn places(room: usize, against: Option<Side>, first: Side, last: Side) -> Vec<usize> {
    match against {
        Some(side) if side == first => vec![0],
        Some(side) if side == last => vec![room],
        _ => (0..room).step_by(STEP).chain([room]).collect(),
    }
}
