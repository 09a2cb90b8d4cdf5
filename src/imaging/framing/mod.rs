//! How a picture is brought to another shape: cropped, given room beside its subject, extended, or not
//! at all.

mod crop;
mod extend;
mod plan;

pub(crate) use crop::{Cropper, Wish};
pub(crate) use extend::extend;
pub(crate) use plan::{Extension, Fill, Framing, plan};

/// A side of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    pub(crate) fn is_horizontal(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}
