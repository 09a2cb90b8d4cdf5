//! Who calls, and from which region.

use axum::http::HeaderMap;
use jiff::Timestamp;

use crate::{
    refusal::{Refusal, Result},
    sigv4::{Authorization, SECRET, Signed},
};

/// The region of callers with a bearer token, which names none.
const BEARER_REGION: &str = "us-east-1";

/// What bearer tokens begin with; the caller's name follows.
const TOKEN: &str = "fake-bedrock-token-";

/// Who calls, and from which region.
#[derive(Debug, PartialEq)]
pub(crate) struct Identity {
    pub(crate) caller: String,
    pub(crate) region: String,
}

/// Checks a signature or a bearer token.
pub(crate) fn authenticate(signed: &Signed<'_>, now: Timestamp) -> Result<Identity> {
    match scheme(signed.headers) {
        None => {
            Err(Refusal::forbidden("MissingAuthenticationTokenException", "Missing Authentication Token"))
        }
        Some(("Bearer", token)) => bearer(token),
        Some(("AWS4-HMAC-SHA256", parameters)) => {
            let authorization = Authorization::parse(parameters)?;
            check_key(&authorization.access_key)?;
            let service = &authorization.scope.service;
            if service != "bedrock" {
                return Err(Refusal::forbidden(
                    "InvalidSignatureException",
                    format!("Credential should be scoped to correct service: 'bedrock', not '{service}'."),
                ));
            }
            signed.verify(&authorization, SECRET, now)?;
            Ok(Identity { caller: authorization.access_key, region: authorization.scope.region })
        }
        Some((other, _)) => Err(Refusal::new(
            400,
            "IncompleteSignatureException",
            format!("Unsupported AWS 'algorithm': '{other}'."),
        )),
    }
}

fn scheme(headers: &HeaderMap) -> Option<(&str, &str)> {
    let value = headers.get("authorization")?.to_str().ok()?;
    Some(value.split_once(' ').unwrap_or((value, "")))
}

fn bearer(token: &str) -> Result<Identity> {
    match token.strip_prefix(TOKEN) {
        Some(caller) if !caller.is_empty() => {
            Ok(Identity { caller: caller.into(), region: BEARER_REGION.into() })
        }
        _ => Err(Refusal::forbidden(
            "AccessDeniedException",
            "Authentication failed: Please make sure your API Key is valid.",
        )),
    }
}

/// All keys are known but those that begin with `UNKNOWN`.
fn check_key(key: &str) -> Result<()> {
    if key.is_empty() || key.starts_with("UNKNOWN") {
        return Err(Refusal::forbidden(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ));
    }
    Ok(())
}
