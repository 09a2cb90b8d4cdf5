//! Pictures that come in and pictures that are made.

mod input;
mod paint;

pub(crate) use input::{Input, Kinds, Rules};
pub(crate) use paint::{Brush, paint};
