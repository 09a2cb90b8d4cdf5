//! The parameters of a URL that are a store's; the rest is Postgres's own.

use std::time::Duration;

use super::{PostgresConfig, Tls};
use crate::{
    error::{Error, Result},
    url::put,
};

/// The parameters that every store has.
pub(super) const COMMON: [&str; 6] = ["schema", "prefix", "pool", "timeout", "sslmode", "sslrootcert"];

/// A parameter with its value.
type Pair<'u> = (&'u str, &'u str);

/// The server, and the parameters that are in `own`.
///
/// No part of a URL is repeated in a message: a password may be anywhere in one that cannot be read.
pub(super) fn parse<'u>(url: &'u str, own: &[&str]) -> Result<(tokio_postgres::Config, Vec<Pair<'u>>)> {
    let host = url.find('@').map_or(0, |at| at + 1); // a password may have a question mark
    let (address, query) = match url[host..].find('?') {
        Some(at) => (&url[..host + at], &url[host + at + 1..]),
        None => (url, ""),
    };
    let (mut found, mut rest) = (Vec::new(), Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').filter(|(name, _)| own.contains(name)) {
            Some(pair) => found.push(pair),
            None => rest.push(pair),
        }
    }
    Ok((server(address, &rest)?, found))
}

fn server(address: &str, rest: &[&str]) -> Result<tokio_postgres::Config> {
    let url = if rest.is_empty() { address.to_owned() } else { format!("{address}?{}", rest.join("&")) };
    let known = url.starts_with("postgres://") || url.starts_with("postgresql://");
    url.parse().ok().filter(|_| known).ok_or_else(|| {
        Error::invalid(
            "the URL cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE?collection=NAME, with \
             special characters percent-encoded and only parameters that Postgres or this store knows",
        )
    })
}

/// Sets each parameter; `set` gives none for a value that cannot be.
pub(super) fn set_all(own: &[Pair<'_>], mut set: impl FnMut(&str, &str) -> Option<()>) -> Result<()> {
    own.iter().try_for_each(|(name, value)| {
        set(name, value)
            .ok_or_else(|| Error::invalid(format!("the URL's parameter \"{name}\" cannot have this value")))
    })
}

/// Sets a parameter that every store has.
pub(super) fn set_common(config: &mut PostgresConfig, name: &str, value: &str) -> Option<()> {
    match name {
        "schema" => put(&mut config.schema, value),
        "prefix" => put(&mut config.prefix, value),
        "pool" => put(&mut config.pool_size, value),
        "timeout" => {
            config.request_timeout = Duration::from_secs(value.parse().ok()?);
            Some(())
        }
        "sslmode" => {
            config.tls = Tls::parse(value)?;
            Some(())
        }
        "sslrootcert" => {
            config.root_certificate = Some(value.into()).filter(|_| !value.is_empty());
            config.root_certificate.as_ref().map(drop)
        }
        _ => None,
    }
}
