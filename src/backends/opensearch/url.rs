//! A store's address and settings in one line.

use opensearch::http::Url;

use super::{
    Flavour, OpenSearchConfig,
    auth::{Auth, Aws},
};
use crate::{
    aws::Keys,
    error::{Error, Result},
    stores::settings::{Parameter, decoded, put, put_seconds, set},
};

/// No part of a URL is repeated in a message: a password may be anywhere in one that cannot be read.
pub(super) fn parse(url: &str) -> Result<OpenSearchConfig> {
    let unreadable = || {
        Error::invalid(
            "the URL cannot be read: write opensearch+https://USER:PASSWORD@HOST:PORT/INDEX?engine=lucene, with special \
             characters percent-encoded",
        )
    };
    let mut address = url
        .strip_prefix("opensearch+")
        .filter(|rest| rest.starts_with("https://") || rest.starts_with("http://"))
        .and_then(|rest| Url::parse(rest).ok())
        .ok_or_else(unreadable)?;
    let user = decoded(address.username()).ok_or_else(unreadable)?;
    let password = decoded(address.password().unwrap_or_default()).ok_or_else(unreadable)?;
    let mut settings: Vec<(String, String)> =
        address.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    settings.sort_by_key(|(name, _)| name != "aws"); // first: it brings defaults that the others change
    let path = address.path().to_owned();
    address.set_query(None);
    address.set_fragment(None);
    let _ = (address.set_username(""), address.set_password(None)); // they fail where there is no host
    let (prefix, index) = path.rsplit_once('/').unwrap_or_default();
    address.set_path(&format!("{prefix}/"));

    let mut config = OpenSearchConfig::new(address);
    if !index.is_empty() {
        config.index = index.to_owned();
    }
    if !user.is_empty() {
        config.auth = Auth::Basic { user, password };
    }
    settings.iter().try_for_each(|(name, value)| set(&PARAMETERS, &mut config, name, value))?;
    Ok(config)
}

const PARAMETERS: [Parameter<OpenSearchConfig>; 15] = [
    ("engine", |config, value| put(&mut config.engine, value)),
    ("m", |config, value| put(&mut config.m, value)),
    ("ef_construction", |config, value| put(&mut config.ef_construction, value)),
    ("ef_search", |config, value| put(&mut config.ef_search, value)),
    ("exact_below", |config, value| put(&mut config.exact_below, value)),
    ("shards", |config, value| put(&mut config.shards, value)),
    ("replicas", |config, value| put(&mut config.replicas, value)),
    ("refresh", |config, value| put(&mut config.refresh, value)),
    ("batch", |config, value| put(&mut config.max_batch, value)),
    ("body", |config, value| put(&mut config.max_body, value)),
    ("timeout", |config, value| put_seconds(&mut config.request_timeout, value)),
    ("ca", |config, value| {
        config.ca = Some(std::fs::read(value).ok()?);
        Some(())
    }),
    ("aws", |config, value| {
        let flavour = match value {
            "es" => Flavour::Cluster,
            "aoss" => Flavour::Serverless,
            _ => return None,
        };
        *config = config.clone().with_flavour(flavour);
        aws(config).map(drop)
    }),
    ("region", |config, value| {
        aws(config)?.region = Some(value.into());
        Some(())
    }),
    ("profile", |config, value| {
        aws(config)?.profile = Some(value.into());
        Some(())
    }),
];

/// The identity of requests that are signed; user and password before the host are its access keys.
fn aws(config: &mut OpenSearchConfig) -> Option<&mut Aws> {
    match &config.auth {
        Auth::Aws(_) => {}
        Auth::None => config.auth = Auth::Aws(Aws::default()),
        Auth::Basic { user, password } => {
            let keys = Some(Keys::new(user, password, None));
            config.auth = Auth::Aws(Aws { keys, ..Aws::default() });
        }
    }
    match &mut config.auth {
        Auth::Aws(aws) => Some(aws),
        _ => None,
    }
}
