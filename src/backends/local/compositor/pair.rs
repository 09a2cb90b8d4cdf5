//! Pair: two photographs beside each other with a narrow gutter.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        LabColor, Rect,
        framing::{Framing, Side, plan},
        safe_zone::is_story,
    },
};

use super::{
    canvas::Canvas,
    comp::Comp,
    photo::Photo,
    scene::Scene,
    slot::Slot,
    split_panel::{divide, panel_sides},
};

/// The larger picture's share.
const SHARES: [f32; 2] = [0.58, 0.62];
/// The gutter, in long sides of the canvas.
const GUTTER: f32 = 0.012;

/// Two photographs in their slots, the larger one first.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    photos: [(usize, Framing, Rect); 2],
}

impl Pair {
    /// Both must be accepted in their own slots: a narrow strip loses subjects easily.
    pub(super) fn plan(
        photos: [&Photo; 2],
        indices: [usize; 2],
        size: PixelSize,
        rng: &mut Rng,
    ) -> Option<(f32, Self)> {
        // A story shows too little of both for copy to stand on one of them.
        if is_story(size.ratio() as f32) {
            return None;
        }
        let mut best: Option<(f32, Self)> = None;
        for side in panel_sides(size, rng) {
            for share in SHARES {
                let parts = parts(size, side, share);
                let framings: [Framing; 2] = std::array::from_fn(|i| {
                    plan(&photos[i].cropper(), Slot::of(size, parts[i]).ratio(), None, rng)
                });
                if !framings.iter().all(Framing::is_whole) {
                    continue;
                }
                let worth = |i: usize| photos[i].worth(&framings[i], Slot::of(size, parts[i]));
                let weight = worth(0).min(worth(1));
                if best.as_ref().is_none_or(|(most, _)| weight > *most) {
                    let photos = std::array::from_fn(|i| (indices[i], framings[i], parts[i]));
                    best = Some((weight, Self { photos }));
                }
            }
        }
        best
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let mut canvas = Canvas::new(size, rng);
        canvas.panel(LabColor::of(scene.colors().light), Slot::all(size));
        for (index, framing, part) in &self.photos {
            canvas.photo(scene, *index, framing, Slot::of(size, *part))?;
        }
        // Copy stands on one of the two, not across the gutter.
        let [large, small] = [self.photos[0].2, self.photos[1].2];
        let seam = if large.height < 1.0 {
            let y = if large.y < small.y { small.y } else { large.y };
            Rect::new(0.0, y - 0.04, 1.0, 0.08)
        } else {
            let x = if large.x < small.x { small.x } else { large.x };
            Rect::new(x - 0.04, 0.0, 0.08, 1.0)
        };
        canvas.mark(seam, |_, _| 1.0);
        Ok(Comp::on_picture(canvas, scene, Archetype::Pair, None))
    }
}

/// The parts of the larger and the smaller picture; `small` is the side of the latter.
fn parts(size: PixelSize, small: Side, share: f32) -> [Rect; 2] {
    let (large, mut rest) = divide(small, 1.0 - share);
    let gutter = GUTTER * size.width.max(size.height) as f32;
    let (across, down) = (gutter / size.width as f32, gutter / size.height as f32);
    match small {
        Side::Left => rest.width -= across,
        Side::Right => (rest.x, rest.width) = (rest.x + across, rest.width - across),
        Side::Top => rest.height -= down,
        Side::Bottom => (rest.y, rest.height) = (rest.y + down, rest.height - down),
    }
    [large, rest]
}
