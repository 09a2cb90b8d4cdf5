//! A URL as settings: `s3vectors://BUCKET/INDEX?region=...`.

use std::time::Duration;

use super::{S3VectorsConfig, address::Address, config::Keys};
use crate::{
    error::{Error, Result},
    url::{decoded, put},
};

/// No part of a URL is repeated in a message: a secret may be anywhere in one that cannot be read.
pub(super) fn parse(url: &str) -> Result<S3VectorsConfig> {
    let unreadable = || {
        Error::invalid(
            "the URL cannot be read: write s3vectors://BUCKET/INDEX?region=REGION, both names of 3 to 63 lower-case letters, \
             digits, \"-\" and \".\", and special characters percent-encoded",
        )
    };
    let rest = url.strip_prefix("s3vectors:").ok_or_else(unreadable)?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (user, place) = match place.strip_prefix("//") {
        Some(place) => place.rsplit_once('@').map_or((None, place), |(user, place)| (Some(user), place)),
        None => (None, place),
    };
    let address = match place.split_once('/') {
        _ if place.starts_with("arn:") => Address::arn(place).map_err(|_| unreadable())?,
        Some((bucket, index)) => Address::names(bucket, index),
        None => return Err(unreadable()),
    };
    address.check().map_err(|_| unreadable())?;
    let mut config = S3VectorsConfig::at(address);
    if let Some(user) = user {
        let (id, secret) = user.split_once(':').ok_or_else(unreadable)?;
        let key = |text| decoded(text).filter(|text| !text.is_empty()).ok_or_else(unreadable);
        config.keys = Some(Keys { id: key(id)?, secret: key(secret)?, session: None });
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(unreadable)?;
        let set = setting(name).ok_or_else(|| {
            Error::invalid(format!(
                "the URL has a parameter that is not known; known are {}",
                NAMES.join(", ")
            ))
        })?;
        decoded(value).and_then(|value| set(&mut config, &value)).ok_or_else(|| {
            Error::invalid(format!("the URL's parameter \"{name}\" cannot have this value"))
        })?;
    }
    config.check()?;
    Ok(config)
}

const NAMES: [&str; 7] = ["region", "endpoint", "profile", "create_bucket", "kms_key", "timeout", "max_k"];

type Set = fn(&mut S3VectorsConfig, &str) -> Option<()>;

fn setting(name: &str) -> Option<Set> {
    let set: Set = match name {
        "region" => |config, value| text(&mut config.region, value),
        "endpoint" => |config, value| text(&mut config.endpoint, value),
        "profile" => |config, value| text(&mut config.profile, value),
        "kms_key" => |config, value| text(&mut config.kms_key, value),
        "create_bucket" => |config, value| put(&mut config.create_bucket, value),
        "max_k" => |config, value| put(&mut config.max_k, value),
        "timeout" => |config, value| {
            config.request_timeout = Duration::from_secs(value.parse().ok()?);
            Some(())
        },
        _ => return None,
    };
    Some(set)
}

fn text(place: &mut Option<String>, value: &str) -> Option<()> {
    *place = Some(value.to_owned()).filter(|value| !value.is_empty());
    place.as_ref().map(drop)
}
