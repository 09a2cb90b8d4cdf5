//! The parameters of a URL that are this store's; the rest is Postgres's own.

use std::{str::FromStr, time::Duration};

use super::PgVectorConfig;
use crate::error::{Error, Result};

/// No part of a URL is repeated in a message: a password may be anywhere in one that cannot be read.
pub(super) fn parse(url: &str) -> Result<PgVectorConfig> {
    let host = url.find('@').map_or(0, |at| at + 1); // a password may have a question mark
    let (address, query) = match url[host..].find('?') {
        Some(at) => (&url[..host + at], &url[host + at + 1..]),
        None => (url, ""),
    };
    let (mut own, mut rest) = (Vec::new(), Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=').and_then(|(name, value)| Some((setting(name)?, name, value))) {
            Some(found) => own.push(found),
            None => rest.push(pair),
        }
    }
    let mut config = PgVectorConfig::new(server(address, &rest)?);
    for (set, name, value) in own {
        set(&mut config, value).ok_or_else(|| {
            Error::invalid(format!("the URL's parameter \"{name}\" cannot have this value"))
        })?;
    }
    Ok(config)
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

type Set = fn(&mut PgVectorConfig, &str) -> Option<()>;

fn setting(name: &str) -> Option<Set> {
    let set: Set = match name {
        "collection" => |config, value| put(&mut config.collection, value),
        "schema" => |config, value| put(&mut config.schema, value),
        "prefix" => |config, value| put(&mut config.prefix, value),
        "pool" => |config, value| put(&mut config.pool_size, value),
        "timeout" => |config, value| {
            config.request_timeout = Duration::from_secs(value.parse().ok()?);
            Some(())
        },
        "index" => |config, value| put(&mut config.index, value),
        "halfvec" => |config, value| put(&mut config.halfvec, value),
        "m" => |config, value| put(&mut config.m, value),
        "ef_construction" => |config, value| put(&mut config.ef_construction, value),
        "ef_search" => |config, value| put(&mut config.ef_search, value),
        "exact_below" => |config, value| put(&mut config.exact_below, value),
        _ => return None,
    };
    Some(set)
}

fn put<T: FromStr>(place: &mut T, value: &str) -> Option<()> {
    *place = value.parse().ok()?;
    Some(())
}
