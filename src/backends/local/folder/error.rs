//! What the file system says, as this crate's errors.

use std::{io, path::Path};

use crate::error::{Error, ErrorKind};

/// Turns an error of the file system into the crate's, with the operation and the path.
pub(super) fn at(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |error| {
        let error = match error.kind() {
            io::ErrorKind::Unsupported => Error::new(
                ErrorKind::Unsupported,
                "this file system has no hard links: keep the folder on another one",
            )
            .with_source(error),
            _ => Error::from(error),
        };
        error.with_operation(operation).with_context("path", path.display())
    }
}
