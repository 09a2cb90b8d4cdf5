//! A product's cut-out: cleaned, sized, turned, lit and set down on a ground.

mod cutout;
mod light;
mod place;
mod shadow;
mod turn;

pub(crate) use cutout::Cutout;
pub(crate) use light::{direction, is_backlit};
pub(crate) use place::{Placed, Pose, place, shaded};
pub(crate) use shadow::{Shadow, lying, standing};
