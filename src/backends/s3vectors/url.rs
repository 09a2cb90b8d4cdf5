//! A URL as settings: `s3vectors://BUCKET/INDEX?region=...`.

use super::{S3VectorsConfig, address::Address};
use crate::{
    aws::Keys,
    error::{Error, Result},
    stores::settings::{Parameter, decoded, put, put_seconds, put_some, set_all},
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
        config.keys = Some(Keys::new(key(id)?, key(secret)?, None));
    }
    set_all(&PARAMETERS, &mut config, query)?;
    config.check()?;
    Ok(config)
}

const PARAMETERS: [Parameter<S3VectorsConfig>; 7] = [
    ("region", |config, value| text(&mut config.region, value)),
    ("endpoint", |config, value| text(&mut config.endpoint, value)),
    ("profile", |config, value| text(&mut config.profile, value)),
    ("kms_key", |config, value| text(&mut config.kms_key, value)),
    ("create_bucket", |config, value| put(&mut config.create_bucket, value)),
    ("max_k", |config, value| put(&mut config.max_k, value)),
    ("timeout", |config, value| put_seconds(&mut config.request_timeout, value)),
];

fn text(place: &mut Option<String>, value: &str) -> Option<()> {
    put_some(place, value).filter(|()| !value.is_empty())
}
