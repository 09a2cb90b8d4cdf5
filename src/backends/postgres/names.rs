//! Names, checked, so that they can stand in a statement.

use crate::error::{Error, Result};

pub(super) fn check(what: &str, name: &str) -> Result<()> {
    let fits = name.len() <= 63
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if fits {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the {what} {name:?} cannot be a name: write lower-case letters, digits and \"_\", a letter first, at most 63"
    )))
}
