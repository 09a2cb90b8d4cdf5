//! What is checked before a client of the SDK is made.

use aws_config::SdkConfig;

use crate::error::{Error, Result};

/// The region of the settings, else that of the environment.
pub(crate) fn region(wanted: Option<&str>, sdk: &SdkConfig) -> Result<String> {
    let region = wanted.or_else(|| sdk.region().map(AsRef::as_ref));
    region.filter(|region| !region.trim().is_empty()).map(str::to_owned).ok_or_else(|| {
        Error::invalid("no region is set: name one with `with_region`, AWS_REGION or the profile's `region`")
    })
}

/// Refuses a profile beside a configuration of the application's own, which has chosen one already.
pub(crate) fn from_application(profile: Option<&str>) -> Result<()> {
    match profile {
        Some(profile) => Err(Error::invalid(format!(
            "the profile \"{profile}\" cannot be set here: load the SDK configuration with it"
        ))),
        None => Ok(()),
    }
}

/// Refuses an address that the SDK would only notice with the first call, and show the request.
pub(crate) fn check_url(url: &str) -> Result<()> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '@');
    if host.is_empty() || url.contains(odd) {
        return Err(Error::invalid(
            "the endpoint is not usable: it looks like https://host, without a query or a password",
        ));
    }
    Ok(())
}
