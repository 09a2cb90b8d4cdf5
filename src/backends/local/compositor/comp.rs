//! What one layout makes: the picture, room for copy, and what there is to know of it.

use crate::{
    domain::{Archetype, Color, CompFacts, CopySpace, PlacedProduct},
    imaging::{LabColor, Mask, Picture, Rect, copy_space, framing::Side, grade, to_srgb},
};

use super::{
    canvas::{Canvas, Standing},
    scene::Scene,
    slot::area,
};

/// A finished comp.
#[derive(Debug)]
pub(super) struct Comp {
    pub(super) picture: Picture,
    pub(super) copy_space: Option<CopySpace>,
    pub(super) facts: CompFacts,
    /// Black on the products, white elsewhere; none without a product.
    pub(super) mask: Option<Mask>,
}

impl Comp {
    /// Sets the products down on the canvas and closes it.
    pub(super) fn finish(
        mut canvas: Canvas,
        scene: &Scene,
        archetype: Archetype,
        copy_space: Option<CopySpace>,
    ) -> Self {
        let mut facts = CompFacts::new(archetype);
        facts.products = canvas
            .products
            .iter()
            .map(|Standing { product, placed, ground }| {
                let product = scene.products[*product].place;
                let shares = area(canvas.shares_of(placed));
                let facts = PlacedProduct::new(product, shares, placed.scale, placed.light)
                    .with_degrees(placed.degrees);
                PlacedProduct { ground: *ground, ..facts }
            })
            .collect();
        facts.photos = canvas.photos;
        facts.ground = canvas.tone.map(color);
        facts.grade = match (&scene.palette, facts.photos.is_empty()) {
            (Some(_), false) => grade::STRENGTH,
            _ => 0.0,
        };
        for Standing { placed, .. } in &canvas.products {
            placed.cast_shadow(&mut canvas.lab);
        }
        let mut picture = canvas.lab.to_picture();
        let mut mask = (!canvas.products.is_empty()).then(|| vec![255; picture.pixels().len()]);
        for Standing { placed, .. } in &canvas.products {
            placed.lay_over(&mut picture);
            if let Some(mask) = &mut mask {
                placed.cut_out_of(mask, canvas.size.width as usize);
            }
        }
        let mask = mask.map(|grey| Mask::from_grey(canvas.size, grey));
        Self { picture, copy_space, facts, mask }
    }

    /// A comp whose copy stands on a panel: the rectangle is free by construction.
    pub(super) fn with_panel(canvas: Canvas, scene: &Scene, archetype: Archetype, panel: Rect) -> Self {
        let copy = copy_space::set_text(&canvas.lab, panel, &scene.colors());
        Self::finish(canvas, scene, archetype, Some(copy))
    }

    /// A comp whose copy stands on the picture where it is calm, under a scrim if it takes one.
    pub(super) fn on_picture(
        mut canvas: Canvas,
        scene: &Scene,
        archetype: Archetype,
        wanted: Option<Side>,
    ) -> Self {
        let room = canvas.room(wanted, &scene.colors());
        let copy = room
            .and_then(|room| copy_space::prepare(&mut canvas.lab, &canvas.interest, room, &scene.colors()));
        Self::finish(canvas, scene, archetype, copy)
    }
}

fn color(tone: LabColor) -> Color {
    let [r, g, b] = to_srgb(tone);
    Color::rgb(r, g, b)
}
