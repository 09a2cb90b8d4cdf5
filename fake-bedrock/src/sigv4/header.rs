//! The `Authorization` header, taken apart.

use std::fmt;

use crate::refusal::{Refusal, Result};

/// `AWS4-HMAC-SHA256 Credential=.., SignedHeaders=.., Signature=..`
#[derive(Debug)]
pub(crate) struct Authorization {
    pub(crate) access_key: String,
    pub(crate) scope: Scope,
    pub(crate) signed_headers: Vec<String>,
    pub(crate) signature: String,
}

/// What a signing key is good for.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) date: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }
}

impl Authorization {
    /// Takes apart what follows `AWS4-HMAC-SHA256 `.
    pub(crate) fn parse(parameters: &str) -> Result<Self> {
        let parameter = |name: &str| {
            let pairs = parameters.split(',').filter_map(|pair| pair.trim().split_once('='));
            let value = pairs.into_iter().find_map(|(key, value)| (key == name).then_some(value));
            value.ok_or_else(|| {
                incomplete(format!(
                    "Authorization header requires '{name}' parameter. Authorization={parameters}"
                ))
            })
        };
        let credential = parameter("Credential")?;
        let (access_key, scope) = credential.split_once('/').unwrap_or((credential, ""));
        let scope = match scope.split('/').collect::<Vec<_>>()[..] {
            [date, region, service, "aws4_request"] => {
                Scope { date: date.into(), region: region.into(), service: service.into() }
            }
            _ => {
                return Err(incomplete(format!(
                    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
                     '{credential}'"
                )));
            }
        };
        Ok(Self {
            access_key: access_key.into(),
            scope,
            signed_headers: parameter("SignedHeaders")?.split(';').map(str::to_owned).collect(),
            signature: parameter("Signature")?.into(),
        })
    }
}

fn incomplete(message: String) -> Refusal {
    Refusal::new(400, "IncompleteSignatureException", message)
}
