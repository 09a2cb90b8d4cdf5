//! Pictures that come in and pictures that are made.

mod encode;
mod input;
mod mask;
mod paint;
mod shape;

pub(crate) use encode::encode;
pub(crate) use input::{Input, Kinds, Rules};
pub(crate) use mask::{Mask, grey, mix};
pub(crate) use paint::{Brush, paint};
pub(crate) use shape::{cut_out, mean, place, resample};
