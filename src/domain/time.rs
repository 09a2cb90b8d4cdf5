//! Time as this crate keeps it: UTC, to the millisecond.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Error, Result};

/// A point in time, UTC, to the millisecond. Text form: RFC 3339.
///
/// ```
/// use keyvisual::domain::Timestamp;
///
/// let time: Timestamp = "2026-11-21T09:30:00Z".parse()?;
/// assert_eq!(Timestamp::from_millis(time.as_millis())?, time);
/// assert_eq!(time.to_string(), "2026-11-21T09:30:00Z");
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(#[serde(deserialize_with = "to_the_millisecond")] jiff::Timestamp);

impl Timestamp {
    /// The time of the system clock.
    #[must_use]
    pub fn now() -> Self {
        Self(cut(jiff::Timestamp::now()))
    }

    /// The time `millis` milliseconds after the Unix epoch.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) outside the years -9999 to 9999.
    pub fn from_millis(millis: i64) -> Result<Self> {
        jiff::Timestamp::from_millisecond(millis)
            .map(Self)
            .map_err(|e| Error::invalid(format!("{millis} milliseconds is not a time: {e}")).with_source(e))
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let time: jiff::Timestamp = text.parse().map_err(|e: jiff::Error| {
            Error::invalid(format!("\"{text}\" is not a time: write it as 2026-11-21T09:30:00Z"))
                .with_source(e)
        })?;
        Ok(Self(cut(time)))
    }
}

/// A finer time would be kept by some stores and not by others.
fn cut(time: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

fn to_the_millisecond<'de, D: Deserializer<'de>>(from: D) -> Result<jiff::Timestamp, D::Error> {
    jiff::Timestamp::deserialize(from).map(cut)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
