//! A product's cut-out: cleaned, sized, turned, lit and set down on a ground.

mod cutout;
mod place;
mod shadow;

pub(crate) use cutout::Cutout;
pub(crate) use place::{Placed, place};
pub(crate) use shadow::{Shadow, lying, standing};
