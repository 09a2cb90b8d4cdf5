//! What Postgres says, as this crate's errors. Messages have no address and no values of rows.

use std::io;

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use tokio_postgres::{Row, error::DbError};

use crate::error::{Error, ErrorKind, Result, Retryability};

/// No connection could be had: nothing was sent.
pub(super) fn connection(error: PoolError) -> Error {
    match error {
        PoolError::Timeout(TimeoutType::Wait) => Error::new(
            ErrorKind::Timeout,
            "no free connection in time: the pool is too small or calls are slow",
        ),
        PoolError::Timeout(_) => Error::new(ErrorKind::Timeout, "no connection within the connect timeout"),
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => connecting(error),
        error => Error::new(ErrorKind::Internal, format!("no connection: {error}")),
    }
}

fn connecting(error: tokio_postgres::Error) -> Error {
    if let Some(said) = error.as_db_error() {
        return server(said);
    }
    let source = std::error::Error::source(&error);
    let io = source.and_then(|source| source.downcast_ref::<io::Error>());
    if let Some(tls) = io.and_then(|io| io.get_ref()).and_then(|inner| inner.downcast_ref::<rustls::Error>())
    {
        return encrypting(tls);
    }
    let (kind, message) = match io {
        Some(io) if io.kind() == io::ErrorKind::TimedOut => {
            (ErrorKind::Timeout, "no connection within the connect timeout".into())
        }
        Some(_) => (
            ErrorKind::Unavailable,
            "no connection to the server: does it run, and are host and port right?".into(),
        ),
        None if error.is_closed() => {
            (ErrorKind::Unavailable, "the server closed the connection at once".into())
        }
        None => {
            let text = format!("{error}: {}", source.map(ToString::to_string).unwrap_or_default());
            if text.contains("TLS") {
                let message = "the server offers no encryption, which `sslmode` asks for";
                (ErrorKind::Unsupported, message.into())
            } else if text.contains("authentication") || text.contains("password missing") {
                (ErrorKind::Unauthenticated, format!("the server did not take user and password: {text}"))
            } else {
                (ErrorKind::InvalidInput, format!("no connection to the server: {text}"))
            }
        }
    };
    Error::new(kind, message)
}

/// The server is there, but there is no encrypted connection to it.
fn encrypting(error: &rustls::Error) -> Error {
    match error {
        rustls::Error::InvalidCertificate(why) => Error::new(
            ErrorKind::Unauthenticated,
            format!("the server's certificate is not trusted ({why}): name its authority by `sslrootcert`"),
        ),
        other => {
            Error::new(ErrorKind::InvalidReply, format!("no encrypted connection to the server: {other}"))
        }
    }
}

/// A statement failed, or its answer did not come.
pub(super) fn native(error: tokio_postgres::Error) -> Error {
    if let Some(said) = error.as_db_error() {
        return server(said).sent();
    }
    let source = std::error::Error::source(&error);
    if error.is_closed() || source.is_some_and(|source| source.is::<io::Error>()) {
        let message = "the connection broke before the answer was complete";
        return Error::new(ErrorKind::Unavailable, message).with_source(error).sent();
    }
    Error::new(ErrorKind::InvalidReply, format!("the answer is not what was asked for: {error}")).sent()
}

/// The call took longer than it may.
pub(super) fn timeout() -> Error {
    Error::new(ErrorKind::Timeout, "no complete answer within the request timeout").sent()
}

/// The one row that an answer must have.
pub(super) fn first(rows: &[Row]) -> Result<&Row> {
    rows.first().ok_or_else(|| Error::new(ErrorKind::InvalidReply, "an answer without a row").sent())
}

/// The classes of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn server(said: &DbError) -> Error {
    let code = said.code().code();
    let transient = |kind| (kind, Retryability::Transient);
    let permanent = |kind| (kind, Retryability::Permanent);
    let (kind, retryability) = match (code, code.get(..2).unwrap_or_default()) {
        ("40001" | "40P01" | "55P03", _) => transient(ErrorKind::Conflict),
        ("57014", _) => transient(ErrorKind::Timeout),
        ("53100", _) => permanent(ErrorKind::StorageFull),
        ("42501" | "25006", _) => permanent(ErrorKind::PermissionDenied),
        ("42P01" | "3D000" | "3F000", _) => permanent(ErrorKind::NotFound),
        ("23505", _) => permanent(ErrorKind::Conflict),
        ("0A000" | "42704" | "54000", _) => permanent(ErrorKind::Unsupported),
        ("58030", _) => permanent(ErrorKind::Io),
        (_, "08" | "53" | "57") => transient(ErrorKind::Unavailable),
        (_, "28") => permanent(ErrorKind::Unauthenticated),
        (_, "22") => permanent(ErrorKind::InvalidInput),
        (_, "XX") if code != "XX000" => permanent(ErrorKind::Corrupt),
        _ => permanent(ErrorKind::Internal),
    };
    Error::new(kind, said.message()).with_retryability(retryability).with_context("sqlstate", code)
}
