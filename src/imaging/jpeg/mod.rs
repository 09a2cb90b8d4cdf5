//! JPEG: whether a file is whole, and a baseline encoder (ITU T.81) whose bytes are the same on every processor.
//!
//! The encoders at hand that use wide registers round otherwise where there are some.

mod complete;
mod encode;
mod huffman;
mod quantize;
mod transform;

pub(super) use complete::is_complete;
pub(super) use encode::encode;
