//! The parameters of a URL that are a store's; the rest is Postgres's own.

use super::{PostgresConfig, Tls};
use crate::{
    error::{Error, Result},
    stores::settings::{Parameter, put, put_seconds},
};

/// The parameters that every store has.
pub(super) const COMMON: [Parameter<PostgresConfig>; 6] = [
    ("schema", |config, value| put(&mut config.schema, value)),
    ("prefix", |config, value| put(&mut config.prefix, value)),
    ("pool", |config, value| put(&mut config.pool_size, value)),
    ("timeout", |config, value| put_seconds(&mut config.request_timeout, value)),
    ("sslmode", |config, value| {
        config.tls = Tls::parse(value)?;
        Some(())
    }),
    ("sslrootcert", |config, value| {
        config.root_certificate = Some(value.into()).filter(|_| !value.is_empty());
        config.root_certificate.as_ref().map(drop)
    }),
];

/// A parameter with its value.
type Pair<'u> = (&'u str, &'u str);

/// The names of parameters.
pub(super) fn names<C>(parameters: &[Parameter<C>]) -> impl Iterator<Item = &'static str> {
    parameters.iter().map(|(name, _)| *name)
}

/// The server, and the parameters that are in `own`.
///
/// No part of a URL is repeated in a message: a password may be anywhere in one that cannot be read.
pub(super) fn parse<'u>(
    url: &'u str,
    own: &[&'static str],
) -> Result<(tokio_postgres::Config, Vec<Pair<'u>>)> {
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
    Ok((server(address, &rest, own)?, found))
}

fn server(address: &str, rest: &[&str], own: &[&str]) -> Result<tokio_postgres::Config> {
    let url = if rest.is_empty() { address.to_owned() } else { format!("{address}?{}", rest.join("&")) };
    let known = url.starts_with("postgres://") || url.starts_with("postgresql://");
    url.parse().ok().filter(|_| known).ok_or_else(|| {
        Error::invalid(format!(
            "the URL cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE?collection=NAME, with special characters \
             percent-encoded and only parameters that Postgres knows, or this store: {}",
            own.join(", ")
        ))
    })
}
