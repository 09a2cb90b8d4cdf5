//! In the photograph: the product stands on ground that the caller has pointed out. It is never guessed, for calm is
//! not ground: a wall, a shirt and the fog are calm too.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        Rect,
        framing::{Framing, Side, plan, plan_fit},
        math::{mix, smooth},
        product::{Cutout, Pose, direction, is_backlit, place},
        safe_zone,
    },
    roles::GroundLine,
};

use super::{
    canvas::Canvas,
    comp::Comp,
    photo::Photo,
    scene::Scene,
    slot::Slot,
    split_panel::{divide, panel_shares, panel_sides},
    studio::fitting,
};

/// Rows of the photograph's part on which a product may stand: above it there is room for the product, below for the
/// shadow at its foot.
const ROWS: std::ops::RangeInclusive<f32> = 0.42..=0.98;
/// The product's width in shares of its part of the canvas, on landscape parts and on others.
const WIDTHS: [f32; 2] = [0.34, 0.48];
/// The most of that part's height, and what stays free above the product.
const HEIGHT: f32 = 0.56;
const HEADROOM: f32 = 0.05;
/// What stays free beside it on its ground, in shares of the part's width, and the narrowest ground that takes one.
const ASIDE: f32 = 0.04;
const NARROWEST: f32 = 0.20;
/// A product lower than this share of the part is a speck.
const SPECK: f32 = 0.10;
/// The most of the subject that may stand behind the product, where another spot hides less.
const HIDDEN: f32 = 0.20;
/// The panel's share of the canvas where the photograph has one beside it.
const PANELS: [f32; 2] = [0.34, 0.40];

/// A photograph, the part of the canvas it fills, and the spot on its ground where the product stands.
#[derive(Clone, Debug)]
pub(super) struct Grounded {
    photo: usize,
    reference: usize,
    product: usize,
    framing: Framing,
    photo_part: Rect,
    /// The panel for copy; none where the photograph fills the canvas.
    panel_part: Option<Rect>,
    copy: Side,
    spot: Spot,
}

/// Where a product stands, in shares of the photograph's part.
#[derive(Clone, Copy, Debug)]
struct Spot {
    center: f32,
    row: f32,
    /// In pixels of the canvas.
    width: f32,
    /// The share of the subject that the product hides.
    hidden: f32,
    cost: f32,
}

impl Grounded {
    /// Whether the photograph has a panel beside it.
    pub(super) fn is_split(&self) -> bool {
        self.panel_part.is_some()
    }

    /// One plan for each side that copy can stand on in the photograph, and one with a panel. None where no ground is
    /// given, the product lies, or no crop leaves it room.
    pub(super) fn plans(
        scene: &Scene,
        index: usize,
        product: usize,
        size: PixelSize,
        rng: &mut Rng,
    ) -> Vec<(f32, Self)> {
        let photo = &scene.photos[index];
        let cutout = &scene.products[product].cutout;
        let Some(ground) = photo.ground.filter(|_| cutout.stands) else { return Vec::new() };
        let (reference, line) = (ground.reference, ground.line);
        let wide = size.ratio() > 1.1;
        let copies = if wide { &[Side::Left, Side::Right][..] } else { &[Side::Top] };
        let whole = copies.iter().map(|&copy| (2.0 / copies.len() as f32, Rect::WHOLE, None, copy));
        let mut parts: Vec<_> = whole.collect();
        for side in panel_sides(size, rng) {
            for &share in panel_shares(size, side, &PANELS) {
                let (photo_part, panel_part) = divide(side, share);
                parts.push((0.5, photo_part, Some(panel_part), side));
            }
        }
        let mut plans: Vec<(f32, Self)> = Vec::new();
        for (liking, photo_part, panel_part, copy) in parts {
            let slot = Slot::of(size, photo_part);
            let wanted = panel_part.is_none().then_some(copy);
            let Some(framing) = framing(photo, slot, wanted, line, rng) else { continue };
            let Some(spot) = spot(photo, cutout, &framing, slot, line, wanted) else { continue };
            let weight = 2.0 * liking * photo.worth(&framing, slot);
            let plan = Self { photo: index, reference, product, framing, photo_part, panel_part, copy, spot };
            if !plans.iter().any(|(_, other)| other.is_alike(&plan)) {
                plans.push((weight, plan));
            }
        }
        // Before the subject, and under a story's controls, only where there is no room elsewhere.
        prefer(&mut plans, |plan| plan.spot.hidden <= HIDDEN);
        let shown = safe_zone::story(size.ratio() as f32).bottom();
        prefer(&mut plans, |plan| plan.photo_part.y + plan.spot.row * plan.photo_part.height <= shown);
        plans
    }

    /// Two plans that would hardly be told apart.
    fn is_alike(&self, other: &Self) -> bool {
        self.photo_part == other.photo_part
            && self.framing.is_alike(&other.framing)
            && (self.spot.center - other.spot.center).abs() < 0.1
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let mut canvas = Canvas::new(size, rng);
        let slot = Slot::of(size, self.photo_part);
        let cutout = &scene.products[self.product].cutout;
        let shot = scene.photos[self.photo].shoot(&self.framing, slot.size(), scene.palette.as_ref())?;
        let pose = Pose {
            width: self.spot.width,
            center: slot.x as f32 + self.spot.center * slot.width as f32,
            bottom: slot.y as f32 + self.spot.row * slot.height as f32,
            light: direction(&shot, cutout.light),
            backlit: is_backlit(&shot),
            degrees: 0.0,
        };
        canvas.lay(shot, scene, self.photo, &self.framing, slot);
        canvas.stand_in(self.product, place(cutout, pose)?, self.reference);
        let Some(panel) = self.panel_part else {
            return Ok(Comp::on_picture(canvas, scene, Archetype::FullBleed, Some(self.copy)));
        };
        let tone = super::panel::color_beside(scene.photos[self.photo].mean, &scene.colors(), rng);
        canvas.panel(tone, Slot::of(size, panel));
        let copy = canvas.within_margin(panel);
        Ok(Comp::with_panel(canvas, scene, Archetype::Split, copy))
    }
}

/// Keeps the plans that are good, if there is any.
fn prefer(plans: &mut Vec<(f32, Grounded)>, is_good: impl Fn(&Grounded) -> bool) {
    if plans.iter().any(|(_, plan)| is_good(plan)) {
        plans.retain(|(_, plan)| is_good(plan));
    }
}

/// The usual framing if it shows the ground where a product can stand on it, otherwise a crop that does.
fn framing(
    photo: &Photo,
    slot: Slot,
    copy: Option<Side>,
    ground: GroundLine,
    rng: &mut Rng,
) -> Option<Framing> {
    let cropper = photo.cropper();
    let usual = plan(&cropper, slot.ratio(), copy, rng);
    if usual.accepted && Line::of(ground, usual.region, usual.inner_part()).is_fit() {
        return Some(usual);
    }
    let fit = |crop| Line::of(ground, crop, Rect::WHOLE).is_fit();
    plan_fit(&cropper, slot.ratio(), copy, fit, rng)
}

/// What a frame shows of a ground, in shares of the frame.
#[derive(Clone, Copy, Debug)]
struct Line {
    row: f32,
    from: f32,
    to: f32,
}

impl Line {
    /// The ground of a photograph of which `region` is seen in `part` of the frame.
    fn of(ground: GroundLine, region: Rect, part: Rect) -> Self {
        let column = |at: f64| part.x + (at as f32 - region.x) / region.width.max(1e-6) * part.width;
        let row = part.y + (ground.row as f32 - region.y) / region.height.max(1e-6) * part.height;
        // Beyond the picture's own edge there is no ground.
        Self { row, from: column(ground.from).max(part.x), to: column(ground.to).min(part.right()) }
    }

    /// Whether a product can stand on it.
    fn is_fit(&self) -> bool {
        ROWS.contains(&self.row) && self.to - self.from >= NARROWEST
    }
}

/// The spot from side to side that hides the least of the photograph, leaves the copy's side free and is near a third.
fn spot(
    photo: &Photo,
    cutout: &Cutout,
    framing: &Framing,
    slot: Slot,
    ground: GroundLine,
    copy: Option<Side>,
) -> Option<Spot> {
    const STEPS: usize = 24;
    let (w, h) = (slot.width as f32, slot.height as f32);
    let Line { row, from, to } = Line::of(ground, framing.region, framing.inner_part());
    let room = (to - from - 2.0 * ASIDE).max(0.0);
    // What stands further up stands further off.
    let depth = mix(0.65, 1.0, smooth((row - 0.45) / 0.4));
    let widest = if slot.ratio() > 1.1 { WIDTHS[0] } else { WIDTHS[1] };
    let (width, height) =
        fitting(cutout, (depth * widest).min(room) * w, (depth * HEIGHT).min(row - HEADROOM) * h);
    if height < SPECK * h {
        return None;
    }
    let half = width / 2.0 / w;
    let (from, to) = (from + half + ASIDE, to - half - ASIDE);
    let spots = (0..=STEPS).map(|i| {
        let center = mix(from, to, i as f32 / STEPS as f32);
        let taken = Rect::new(center - half, row - height / h, 2.0 * half, height / h);
        let hidden = photo.hidden(framing, taken);
        let third = (center - 0.34).abs().min((center - 0.66).abs());
        let astray = match copy {
            Some(Side::Left) => (0.5 + 0.5 * half - center).max(0.0),
            Some(Side::Right) => (center - 0.5 + 0.5 * half).max(0.0),
            _ => 0.0,
        };
        let cost = 2.0 * photo.interest_in(framing, taken) + 4.0 * hidden + 0.5 * third + 3.0 * astray;
        Spot { center, row, width, hidden, cost }
    });
    spots.min_by(|a, b| a.cost.total_cmp(&b.cost))
}
