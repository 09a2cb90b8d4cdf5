//! What Qdrant says, as this crate's errors. Messages have no address and no key.

use std::{error::Error as StdError, io, time::Duration};

use qdrant_client::qdrant::{UpdateResult, UpdateStatus};
use tonic::{Code, ConnectError, Status, TimeoutExpired};

use crate::error::{Error, ErrorKind, Result, Retryability};

/// A call that failed, or an answer that did not come.
pub(super) fn native(status: Status) -> Error {
    if let Some(error) = causes(&status).find_map(|e| e.downcast_ref::<ConnectError>()) {
        return connecting(error);
    }
    if causes(&status).any(|e| e.is::<TimeoutExpired>()) {
        return timeout();
    }
    let said = status.message();
    let permanent = |kind| (kind, Retryability::Permanent);
    let transient = |kind| (kind, Retryability::Transient);
    let (kind, retryability) = match status.code() {
        _ if said.contains("No space left") => permanent(ErrorKind::StorageFull),
        Code::InvalidArgument if said.contains("ector dimension error") => {
            permanent(ErrorKind::SpaceMismatch)
        }
        Code::InvalidArgument | Code::OutOfRange => permanent(ErrorKind::InvalidInput),
        Code::NotFound => permanent(ErrorKind::NotFound),
        Code::AlreadyExists => permanent(ErrorKind::Conflict),
        Code::FailedPrecondition => permanent(ErrorKind::Conflict),
        Code::Aborted => transient(ErrorKind::Conflict),
        Code::Unauthenticated => permanent(ErrorKind::Unauthenticated),
        Code::PermissionDenied => permanent(ErrorKind::PermissionDenied),
        Code::ResourceExhausted => transient(ErrorKind::RateLimited),
        // A deadline that passes on this side is a cancellation.
        Code::DeadlineExceeded => transient(ErrorKind::Timeout),
        Code::Cancelled if said == "Timeout expired" => transient(ErrorKind::Timeout),
        Code::Unavailable | Code::Cancelled => transient(ErrorKind::Unavailable),
        Code::Unimplemented => permanent(ErrorKind::Unsupported),
        Code::DataLoss => permanent(ErrorKind::Corrupt),
        // A cluster that fails over says so in this code, whatever it lacks: a leader, a replica, their votes.
        Code::Internal => transient(ErrorKind::Unavailable),
        // A connection that breaks has no code of the server's.
        Code::Unknown if status.source().is_some() || broken(said) => transient(ErrorKind::Unavailable),
        _ => permanent(ErrorKind::Internal),
    };
    let error = Error::new(kind, said)
        .with_retryability(retryability)
        .with_context("grpc_code", i32::from(status.code()))
        .sent();
    match wait(&status) {
        Some(wait) => error.with_retry_after(wait),
        None => error,
    }
}

/// How the transport words a connection that ended in the middle of a call.
fn broken(said: &str) -> bool {
    said.starts_with("h2 protocol error") || said.contains("stream closed") || said.contains("connection")
}

/// What caused an error, and what caused that.
fn causes<'e>(error: &'e dyn StdError) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

fn wait(status: &Status) -> Option<Duration> {
    let seconds = status.metadata().get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// No connection could be had: nothing was sent.
fn connecting(error: &ConnectError) -> Error {
    let kinds: Vec<_> =
        causes(error).filter_map(|e| e.downcast_ref::<io::Error>()).map(io::Error::kind).collect();
    if kinds.contains(&io::ErrorKind::InvalidData) {
        let message = "no TLS with the server: its certificate is not trusted, or it does not speak TLS";
        return Error::new(ErrorKind::Unavailable, message).with_retryability(Retryability::Permanent);
    }
    if kinds.contains(&io::ErrorKind::TimedOut) {
        return Error::new(ErrorKind::Timeout, "no connection within the connect timeout");
    }
    let message =
        "no connection to the server: does it run, are host and port of gRPC right, and TLS on or off?";
    Error::new(ErrorKind::Unavailable, message)
}

/// The call took longer than it may.
pub(super) fn timeout() -> Error {
    Error::new(ErrorKind::Timeout, "no complete answer within the request timeout").sent()
}

/// An answer without what was asked for.
pub(super) fn incomplete(what: &str) -> Error {
    Error::new(ErrorKind::InvalidReply, format!("the answer has no {what}")).sent()
}

/// Lets a write pass that was applied; one that is only on its way is not acknowledged.
pub(super) fn applied(result: Option<UpdateResult>) -> Result<()> {
    let result = result.ok_or_else(|| incomplete("result of the write"))?;
    match result.status() {
        UpdateStatus::Completed => Ok(()),
        UpdateStatus::ClockRejected => {
            let message = "the write was overtaken by a later one of another node";
            Err(Error::new(ErrorKind::Conflict, message).with_retryability(Retryability::Transient).sent())
        }
        UpdateStatus::Acknowledged | UpdateStatus::WaitTimeout => {
            let message = "the write is accepted, but it was not applied in time";
            Err(Error::new(ErrorKind::Timeout, message).sent())
        }
        UpdateStatus::UnknownUpdateStatus => Err(incomplete("status of the write")),
    }
}
