//! A URL as settings.

use std::str::FromStr;

use tonic::transport::Uri;

use super::{QdrantConfig, Quantization};
use crate::{
    error::{Error, Result},
    stores::settings::{Parameter, decoded, put, put_seconds, put_some, set_all},
};

/// No part of a URL is repeated in a message: a key may be anywhere in one that cannot be read.
pub(super) fn parse(url: &str) -> Result<QdrantConfig> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let mut config = address_of(address).ok_or_else(|| {
        Error::invalid(
            "the URL cannot be read: write qdrant://HOST:PORT/COLLECTION, or qdrants:// for TLS; the key is the \
             parameter api_key",
        )
    })?;
    set_all(&PARAMETERS, &mut config, query)?;
    Ok(config)
}

fn address_of(address: &str) -> Option<QdrantConfig> {
    let (scheme, rest) = address.split_once("://")?;
    let tls = match scheme {
        "qdrant" => false,
        "qdrants" => true,
        _ => return None,
    };
    let (authority, collection) = rest.split_once('/').unwrap_or((rest, ""));
    let uri = Uri::from_str(&format!("http://{authority}/")).ok()?;
    let host = uri.host().filter(|host| !host.is_empty() && !authority.contains('@'))?;
    let port = match authority.strip_prefix(host)? {
        "" => 6334,
        port => port.strip_prefix(':')?.parse().ok().filter(|port: &u16| *port > 0)?,
    };
    let config = QdrantConfig::new(format!("{host}:{port}"), tls);
    Some(match decoded(collection)? {
        collection if collection.is_empty() => config,
        collection => config.with_collection(collection),
    })
}

const PARAMETERS: [Parameter<QdrantConfig>; 18] = [
    ("api_key", |config, value| put_some(&mut config.api_key, value)),
    ("tls", |config, value| put(&mut config.tls, value)),
    ("ca", |config, value| {
        (config.tls, config.ca) = (true, Some(value.into()));
        Some(())
    }),
    ("connect_timeout", |config, value| put_seconds(&mut config.connect_timeout, value)),
    ("timeout", |config, value| put_seconds(&mut config.request_timeout, value)),
    ("shards", |config, value| put_some(&mut config.shards, value)),
    ("replicas", |config, value| put(&mut config.replicas, value)),
    ("acknowledged", |config, value| put_some(&mut config.acknowledged, value)),
    ("m", |config, value| put(&mut config.m, value)),
    ("ef_construction", |config, value| put(&mut config.ef_construction, value)),
    ("ef_search", |config, value| put(&mut config.ef_search, value)),
    ("exact_below", |config, value| put(&mut config.exact_below, value)),
    ("index_above", |config, value| put_some(&mut config.index_above, value)),
    ("exact", |config, value| put(&mut config.exact, value)),
    ("quantization", |config, value| {
        config.quantization = match value {
            "none" => Quantization::None,
            "scalar" => Quantization::Scalar,
            "binary" => Quantization::Binary,
            _ => return None,
        };
        Some(())
    }),
    ("rescore", |config, value| put(&mut config.rescore, value)),
    ("oversampling", |config, value| put_some(&mut config.oversampling, value)),
    ("on_disk", |config, value| put(&mut config.on_disk, value)),
];
