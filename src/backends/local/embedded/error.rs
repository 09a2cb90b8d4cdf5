//! What redb and the file system say, as this crate's errors.

use std::{io, path::Path};

use crate::error::{Error, ErrorKind};

/// Turns any error of redb into the crate's.
pub(super) fn native(error: impl Into<redb::Error>) -> Error {
    let error = error.into();
    let kind = match error {
        redb::Error::Io(io) if io.kind() == io::ErrorKind::InvalidData => {
            return Error::new(ErrorKind::Corrupt, format!("the catalog is damaged: {io}")).with_source(io);
        }
        redb::Error::Io(io) => return Error::from(io),
        redb::Error::DatabaseAlreadyOpen => ErrorKind::Locked,
        redb::Error::Corrupted(_)
        | redb::Error::UpgradeRequired(_)
        | redb::Error::RepairAborted
        | redb::Error::TableTypeMismatch { .. }
        | redb::Error::TypeDefinitionChanged { .. } => ErrorKind::Corrupt,
        redb::Error::ValueTooLarge(_) => ErrorKind::InvalidInput,
        // The writer reopens the catalog after a failed write; the next try finds it open.
        redb::Error::PreviousIo | redb::Error::DatabaseClosed => ErrorKind::Unavailable,
        _ => ErrorKind::Internal,
    };
    Error::new(kind, error.to_string()).with_source(error)
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

/// The answer to everything before `create`.
pub(super) fn no_collection() -> Error {
    Error::new(ErrorKind::NotFound, "the store has no collection yet: create the collection first")
}

/// The answer to what comes after the store was dropped.
pub(super) fn closed() -> Error {
    Error::new(ErrorKind::Unavailable, "the write was given up: the store was closed, or its writer failed")
}
