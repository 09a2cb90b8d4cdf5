//! What redb and the file system say, as this crate's errors.

use std::{io, path::Path};

use crate::{
    backends::local::redb_error,
    error::{Error, ErrorKind},
};

/// Turns any error of redb into the crate's.
pub(super) fn native(error: impl Into<redb::Error>) -> Error {
    match error.into() {
        redb::Error::Io(io) if io.kind() == io::ErrorKind::InvalidData => {
            Error::new(ErrorKind::Corrupt, format!("the catalog is damaged: {io}")).with_source(io)
        }
        // The writer reopens the catalog after a failed write; the next try finds it open.
        error @ (redb::Error::PreviousIo | redb::Error::DatabaseClosed) => {
            Error::new(ErrorKind::Unavailable, error.to_string()).with_source(error)
        }
        error => redb_error::native(error),
    }
}

/// Turns an error of the file system into the crate's, with the path.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |error| Error::from(error).with_context("path", path.display())
}

/// A stored value that is not what was written.
pub(super) fn damaged(id: &str, what: &str) -> Error {
    let message =
        format!("the {what} of record \"{id}\" fails its checksum: write the record again or delete it");
    Error::new(ErrorKind::Corrupt, message).with_context("id", id)
}

/// The answer to what comes after the store was dropped.
pub(super) fn closed() -> Error {
    Error::new(ErrorKind::Unavailable, "the write was given up: the store was closed, or its writer failed")
}
