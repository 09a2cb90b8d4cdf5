//! Full bleed: one photograph over the whole canvas, copy where it is calm.

use fastrand::Rng;

use crate::{
    domain::{Archetype, PixelSize},
    error::Result,
    imaging::{
        framing::{Framing, Side, plan},
        math::mix,
        safe_zone::is_story,
    },
};

use super::{canvas::Canvas, comp::Comp, photo::Photo, scene::Scene, slot::Slot};

/// A photograph, how it fills the canvas, and the side that copy shall stand on.
#[derive(Clone, Debug)]
pub(super) struct FullBleed {
    photo: usize,
    framing: Framing,
    copy: Side,
}

impl FullBleed {
    /// One plan for each side that copy can stand on, with its weight; none where the subject would be cut.
    pub(super) fn plans(photo: &Photo, index: usize, size: PixelSize, rng: &mut Rng) -> Vec<(f32, Self)> {
        let ratio = size.ratio() as f32;
        let cropper = photo.cropper();
        let mut plans: Vec<(f32, Self)> = Vec::new();
        let sides = if ratio > 1.0 { [Side::Left, Side::Right] } else { [Side::Top, Side::Bottom] };
        for copy in sides {
            let framing = plan(&cropper, ratio, Some(copy), rng);
            if framing.accepted && !plans.iter().any(|(_, plan)| plan.framing.is_alike(&framing)) {
                let busy = photo.is_busy(&framing, ratio, copy);
                // A story without room for copy has its other layouts, which always have some.
                if busy && is_story(ratio) {
                    continue;
                }
                let slot = Slot::all(size);
                // What is soft gets a smaller place than the whole canvas.
                let liking = if busy { 0.1 } else { mix(2.2, 0.2, photo.softness(&framing, slot)) };
                plans.push((liking * photo.worth(&framing, slot), Self { photo: index, framing, copy }));
            }
        }
        let share = plans.len().max(1) as f32;
        plans.iter_mut().for_each(|(weight, _)| *weight /= share);
        plans
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let mut canvas = Canvas::new(size, rng);
        canvas.photo(scene, self.photo, &self.framing, Slot::all(size))?;
        Ok(Comp::on_picture(canvas, scene, Archetype::FullBleed, Some(self.copy)))
    }
}
