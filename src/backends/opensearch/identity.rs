//! Who signs the requests to AWS.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use aws_config::Region;
use aws_credential_types::{
    Credentials as AwsKeys,
    provider::{self, ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future},
};
use opensearch::auth::Credentials;
use tokio::sync::Mutex;

use super::auth::Aws;
use crate::{
    aws::{self, in_header},
    error::{Error, Result},
};

/// How long before their end credentials are fetched anew.
const EARLY: Duration = Duration::from_secs(60);

/// How long credentials without an end are kept; the SDK's own clients do the same.
const UNTIL_ASKED_AGAIN: Duration = Duration::from_secs(15 * 60);

/// The credentials and the region to sign with.
pub(super) async fn signing(aws: &Aws) -> Result<Credentials> {
    let Aws { region, profile, keys } = aws;
    if let (Some(region), Some(keys)) = (region, keys) {
        let keys = SharedCredentialsProvider::new(keys.credentials());
        return Ok(Credentials::AwsSigV4(keys, Region::new(region.clone())));
    }
    let sdk = aws::load(region.as_deref(), profile.as_deref()).await;
    let region = sdk.region().filter(|region| in_header(region.as_ref()));
    let provider = match keys {
        Some(keys) => Some(SharedCredentialsProvider::new(keys.credentials())),
        None => sdk.credentials_provider(),
    };
    let (Some(region), Some(provider)) = (region, provider) else {
        return Err(Error::invalid(
            "requests to AWS are signed for a region: name one in the settings or in the environment",
        ));
    };
    let kept = SharedCredentialsProvider::new(Kept { provider, last: Mutex::default() });
    Ok(Credentials::AwsSigV4(kept, region.clone()))
}

/// Credentials that are kept until shortly before their end: the client asks for them with every request. Of many who ask at
/// once one fetches, and the others wait.
struct Kept {
    provider: SharedCredentialsProvider,
    /// With the time to fetch them anew.
    last: Mutex<Option<(AwsKeys, SystemTime)>>,
}

impl Kept {
    async fn keys(&self) -> provider::Result {
        let mut last = self.last.lock().await;
        let now = SystemTime::now();
        if let Some((keys, _)) = last.as_ref().filter(|(_, until)| now < *until) {
            return Ok(keys.clone());
        }
        let keys = match self.provider.provide_credentials().await {
            Ok(keys) => keys,
            Err(error) => {
                let good = last.as_ref().filter(|(keys, _)| keys.expiry().is_some_and(|end| now < end));
                return good.map(|(keys, _)| keys.clone()).ok_or(error);
            }
        };
        if ![keys.access_key_id(), keys.session_token().unwrap_or("-")].into_iter().all(in_header) {
            return Err(CredentialsError::invalid_configuration(
                "the access key has characters no header has",
            ));
        }
        let until =
            keys.expiry().map_or(now + UNTIL_ASKED_AGAIN, |end| end.checked_sub(EARLY).unwrap_or(end));
        *last = Some((keys.clone(), until));
        Ok(keys)
    }
}

impl ProvideCredentials for Kept {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.keys())
    }
}

/// Shows no credentials.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}
