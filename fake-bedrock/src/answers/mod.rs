//! What is answered: vectors, and content true to a schema, both out of what was given.

mod describe;
mod embed;
mod english;
mod fill;
mod material;

pub(crate) use describe::describe;
pub(crate) use embed::embed;
pub(crate) use fill::fill;
pub(crate) use material::Material;
