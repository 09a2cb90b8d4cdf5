//! What one layout makes: the picture, room for copy, and what to say of it.

use crate::{
    domain::CopySpace,
    imaging::{Lab, Picture, Rect, copy_space, product::Placed},
};

use super::{canvas::Canvas, photo::Shot, scene::Scene};

/// A finished comp.
#[derive(Debug)]
pub(super) struct Comp {
    pub(super) picture: Picture,
    pub(super) copy_space: Option<CopySpace>,
    pub(super) notes: Vec<String>,
}

impl Comp {
    /// Sets the products down on the canvas and closes it.
    pub(super) fn finish(
        mut lab: Lab,
        products: &[Placed],
        copy_space: Option<CopySpace>,
        notes: Vec<String>,
    ) -> Self {
        for product in products {
            product.cast_shadow(&mut lab);
        }
        let mut picture = lab.to_picture();
        for product in products {
            product.lay_over(&mut picture);
        }
        Self { picture, copy_space, notes }
    }

    /// A comp whose copy stands on a panel: the rectangle is free by construction.
    pub(super) fn with_panel(
        canvas: Canvas,
        panel: Rect,
        products: &[Placed],
        scene: &Scene,
        notes: Vec<String>,
    ) -> Self {
        let copy = copy_space::set_text(&canvas.lab, panel, &scene.colors());
        Self::finish(canvas.lab, products, Some(copy), notes)
    }
}

/// "full bleed of reference 2, enlarged 1.4x".
pub(super) fn describe(layout: &str, shot: &Shot) -> String {
    let mut text = format!("{layout} of {}", shot.name);
    if let Some(side) = shot.extended {
        text += &format!(", extended at the {side}");
    }
    if shot.enlarged > 1.05 {
        text += &format!(", enlarged {:.1}x", shot.enlarged);
    }
    text
}
