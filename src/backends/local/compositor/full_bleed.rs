//! Full bleed: one photograph over the whole canvas, copy where it is calm.

use fastrand::Rng;

use crate::{
    domain::PixelSize,
    error::Result,
    imaging::{
        copy_space,
        framing::{Framing, Side, plan},
    },
};

use super::{
    canvas::{Canvas, Slot},
    comp::{Comp, describe},
    photo::Photo,
    scene::Scene,
};

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
            let (width, height) = (size.width as usize, size.height as usize);
            let enlarged = photo.enlargement(&framing, width, height);
            if framing.accepted && !plans.iter().any(|(_, plan)| is_alike(&plan.framing, &framing)) {
                let weight = match photo.unrest(&framing, ratio, copy) {
                    unrest if unrest > copy_space::CALM + 0.1 => 0.4,
                    _ if enlarged < 3.0 => 2.2,
                    _ => 0.8,
                };
                plans.push((weight, Self { photo: index, framing, copy }));
            }
        }
        let share = plans.len().max(1) as f32;
        plans.iter_mut().for_each(|(weight, _)| *weight /= share);
        plans
    }

    pub(super) fn compose(&self, scene: &Scene, size: PixelSize, rng: &mut Rng) -> Result<Comp> {
        let photo = &scene.photos[self.photo];
        let mut canvas = Canvas::new(size, rng);
        let slot = Slot { x: 0, y: 0, width: size.width as usize, height: size.height as usize };
        let shot = photo.shoot(&self.framing, slot.width, slot.height, scene.palette.as_ref())?;
        canvas.photo(photo, &self.framing, &shot, slot);
        let mut notes = vec![describe("full bleed", &shot)];
        let room = canvas.room(Some(self.copy), &scene.colors());
        let copy = room.and_then(|room| copy_space::prepare(&mut canvas.lab, room, &scene.colors()));
        match copy {
            Some(copy) if copy.scrim.is_some() => notes.push("a scrim lies under the copy".into()),
            Some(_) => {}
            None => notes.push("no part is calm enough for copy".into()),
        }
        Ok(Comp::finish(canvas.lab, &[], copy, notes))
    }
}

/// Two framings that would hardly be told apart.
fn is_alike(a: &Framing, b: &Framing) -> bool {
    let shared = a.region.intersection(b.region).area();
    a.extension.is_some() == b.extension.is_some()
        && shared / (a.region.area() + b.region.area() - shared).max(1e-6) > 0.8
}
