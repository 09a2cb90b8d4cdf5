//! What redb says, as this crate's errors.

use redb::{DatabaseError, StorageError};

use crate::{
    backends::local::redb_error,
    error::{Error, ErrorKind},
};

/// Turns any error of redb into the crate's.
pub(super) fn native(error: impl Into<redb::Error>) -> Error {
    redb_error::native(error.into())
}

/// As [`native`], for opening a file.
pub(super) fn opening(error: DatabaseError) -> Error {
    match error {
        DatabaseError::DatabaseAlreadyOpen => Error::new(
            ErrorKind::Locked,
            "the campaign store is open already, here or in another process: close it there or use another folder",
        )
        .with_source(error),
        // How redb says that the file is none of its own.
        DatabaseError::Storage(StorageError::Io(io)) if io.kind() == std::io::ErrorKind::InvalidData => {
            Error::new(ErrorKind::Corrupt, "this file is not a campaign store, or it is damaged").with_source(io)
        }
        error => native(error),
    }
}

/// A value that is JSON no more.
pub(super) fn unreadable(error: serde_json::Error) -> Error {
    Error::new(ErrorKind::Corrupt, format!("a stored value cannot be read back: {error}")).with_source(error)
}
