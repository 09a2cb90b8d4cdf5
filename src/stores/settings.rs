//! What settings of stores have in common: their ranges, and how they stand in URLs.

use std::{ops::RangeInclusive, str::FromStr, time::Duration};

use crate::error::{Error, Result};

/// Longer ones do not fit where servers are told of them, and overflow where they are added to a time.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Refuses the first setting that is out of its range.
pub(crate) fn check_ranges<const N: usize>(settings: [(&str, u32, RangeInclusive<u32>); N]) -> Result<()> {
    settings.into_iter().try_for_each(|(name, value, range)| match range.contains(&value) {
        true => Ok(()),
        false => {
            let (least, most) = range.into_inner();
            Err(Error::invalid(format!("{name} is {value}, it is from {least} to {most}")))
        }
    })
}

/// Refuses timeouts that let nothing through, and endless ones.
pub(crate) fn check_timeouts(timeouts: impl IntoIterator<Item = Duration>) -> Result<()> {
    match timeouts.into_iter().find(|timeout| timeout.is_zero() || *timeout > DAY) {
        Some(timeout) => {
            Err(Error::invalid(format!("a timeout is {timeout:?}, it is more than 0 and at most a day")))
        }
        None => Ok(()),
    }
}

/// A parameter of a URL: its name, and how its value comes to its place; that gives none for a value that cannot be.
pub(crate) type Parameter<C> = (&'static str, fn(&mut C, &str) -> Option<()>);

/// Sets a parameter. Its value is not repeated in a message, nor is an unknown name: a secret may be anywhere in a URL.
pub(crate) fn set<C>(known: &[Parameter<C>], config: &mut C, name: &str, value: &str) -> Result<()> {
    let Some((name, set)) = known.iter().find(|(known, _)| *known == name) else {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        let message = format!("the URL has a parameter that is not known: known are {}", names.join(", "));
        return Err(Error::invalid(message));
    };
    set(config, value).ok_or_else(|| {
        Error::invalid(format!(
            "the URL's parameter \"{name}\" cannot have this value: the store's docs say which"
        ))
    })
}

/// Sets the parameters of a query, which are percent-encoded.
#[cfg(any(feature = "qdrant", feature = "s3vectors"))]
pub(crate) fn set_all<C>(known: &[Parameter<C>], config: &mut C, query: &str) -> Result<()> {
    query.split('&').filter(|pair| !pair.is_empty()).try_for_each(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decoded(value).ok_or_else(|| {
            Error::invalid(
                "the URL has a percent sign that no two hexadecimal digits follow, or what is no UTF-8",
            )
        })?;
        set(known, config, name, &value)
    })
}

/// Sets a place to what a value says; none when it says no such thing.
pub(crate) fn put<T: FromStr>(place: &mut T, value: &str) -> Option<()> {
    *place = value.parse().ok()?;
    Some(())
}

/// As [`put`], for what may be left out.
#[cfg(any(feature = "qdrant", feature = "s3vectors"))]
pub(crate) fn put_some<T: FromStr>(place: &mut Option<T>, value: &str) -> Option<()> {
    *place = Some(value.parse().ok()?);
    Some(())
}

/// Sets a time to a number of seconds, such as 2.5.
pub(crate) fn put_seconds(place: &mut Duration, value: &str) -> Option<()> {
    *place = Duration::try_from_secs_f64(value.parse().ok()?).ok()?;
    Some(())
}

/// Undoes percent-encoding; none for a percent sign without two digits, and for what is no UTF-8 then.
#[cfg(any(feature = "opensearch", feature = "qdrant", feature = "s3vectors"))]
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}
