//! AWS Signature Version 4 in the `Authorization` header, verified.

mod canonical;
mod header;
mod key;

use axum::http::HeaderMap;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::refusal::{Refusal, Result};

pub(crate) use header::{Authorization, Scope};
pub(crate) use key::hex_sha256;

/// The secret access key of every caller.
pub const SECRET: &str = "fake-bedrock-secret";

/// How far the clock of a caller may be off, in seconds.
const SKEW: i64 = 300;

/// What was signed.
#[derive(Debug)]
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a str,
    /// Path and query as they came over the wire.
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    /// The SHA-256 of the body, in hexadecimal.
    pub(crate) payload: &'a str,
}

impl Signed<'_> {
    /// Checks the signature against `secret` and the date against `now`.
    pub(crate) fn verify(&self, authorization: &Authorization, secret: &str, now: Timestamp) -> Result<()> {
        let date = self.date()?;
        check_skew(&date, now)?;
        if !date.starts_with(&authorization.scope.date) {
            return Err(mismatch(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP",
            ));
        }
        if let Some(header) = self.unsigned(authorization).next() {
            return Err(mismatch(format!("'{header}' must be a 'SignedHeader' in the AWS Authorization.")));
        }
        self.check_payload()?;
        let request = canonical::request(self, &authorization.signed_headers);
        let scope = &authorization.scope;
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex_sha256(request.as_bytes()));
        let expected = key::sign(secret, scope, &text);
        if expected == authorization.signature {
            return Ok(());
        }
        Err(mismatch(format!(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
             Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this \
             request should have been\n'{request}'\n\nThe String-to-Sign should have been\n'{text}'\n"
        )))
    }

    fn date(&self) -> Result<String> {
        let date = self.headers.get("x-amz-date").and_then(|date| date.to_str().ok());
        date.map(str::to_owned).ok_or_else(|| {
            Refusal::new(
                400,
                "IncompleteSignatureException",
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
            )
        })
    }

    /// `host` and every `x-amz-*` header must be signed.
    fn unsigned<'a>(&'a self, authorization: &'a Authorization) -> impl Iterator<Item = &'a str> {
        let names = self.headers.keys().map(|name| name.as_str());
        let bound = names.filter(|name| *name == "host" || name.starts_with("x-amz-"));
        bound.filter(|name| !authorization.signed_headers.iter().any(|signed| signed == name))
    }

    /// A payload hash that is sent must be the payload's.
    fn check_payload(&self) -> Result<()> {
        match self.headers.get("x-amz-content-sha256") {
            Some(hash) if hash != self.payload => Err(mismatch(
                "The value passed in as x-amz-content-sha256 does not match the computed payload hash.",
            )),
            _ => Ok(()),
        }
    }
}

fn check_skew(date: &str, now: Timestamp) -> Result<()> {
    let parsed = DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok();
    let Some(at) = parsed.and_then(|time| time.to_zoned(TimeZone::UTC).ok()) else {
        return Err(Refusal::new(
            400,
            "IncompleteSignatureException",
            format!(
                "Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"
            ),
        ));
    };
    let behind = now.as_second() - at.timestamp().as_second();
    let now = now.strftime("%Y%m%dT%H%M%SZ");
    if behind > SKEW {
        return Err(mismatch(format!("Signature expired: {date} is now earlier than {now} - 5 min.")));
    }
    if behind < -SKEW {
        return Err(mismatch(format!(
            "Signature not yet current: {date} is still later than {now} + 5 min."
        )));
    }
    Ok(())
}

fn mismatch(message: impl Into<String>) -> Refusal {
    Refusal::forbidden("InvalidSignatureException", message)
}

#[cfg(test)]
mod tests;
