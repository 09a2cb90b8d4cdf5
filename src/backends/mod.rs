//! Who plays the roles: one folder and one feature per backend, all laid out alike.

pub mod local;
#[cfg(feature = "openai")]
pub mod openai;
