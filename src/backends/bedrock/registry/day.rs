//! A day, as providers announce things.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    domain::Timestamp,
    error::{Error, Result},
};

/// A day of the calendar, written `2026-09-30`. It begins at midnight UTC.
///
/// ```
/// use keyvisual::backends::bedrock::registry::Day;
///
/// let day: Day = "2026-09-30".parse()?;
/// assert_eq!(day.begins()?.to_string(), "2026-09-30T00:00:00Z");
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(jiff::civil::Date);

impl Day {
    /// Midnight UTC at which the day begins.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) at the ends of the calendar.
    pub fn begins(self) -> Result<Timestamp> {
        format!("{}T00:00:00Z", self.0).parse()
    }
}

impl FromStr for Day {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(Self).map_err(|e: jiff::Error| {
            Error::invalid(format!("\"{text}\" is not a day: write it as 2026-09-30")).with_source(e)
        })
    }
}

impl TryFrom<String> for Day {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
