//! Access keys that an application gives.

use aws_credential_types::Credentials;

use crate::error::{Error, Result};

/// Access keys of AWS.
#[derive(Clone)]
pub(crate) struct Keys {
    id: String,
    secret: String,
    session: Option<String>,
}

impl Keys {
    pub(crate) fn new(id: impl Into<String>, secret: impl Into<String>, session: Option<String>) -> Self {
        Self { id: id.into(), secret: secret.into(), session }
    }

    /// As the SDK takes them.
    pub(crate) fn credentials(&self) -> Credentials {
        Credentials::new(&self.id, &self.secret, self.session.clone(), None, "keyvisual")
    }

    /// What of them goes into headers; the secret does not.
    pub(crate) fn sent(&self) -> impl Iterator<Item = &str> {
        [Some(self.id.as_str()), self.session.as_deref()].into_iter().flatten()
    }
}

/// Refuses what no header carries. The SDK would panic with the first call.
pub(crate) fn check_headers<'a>(sent: impl IntoIterator<Item = &'a str>) -> Result<()> {
    match sent.into_iter().all(in_header) {
        true => Ok(()),
        false => Err(Error::invalid(
            "region, access key, session token and API key of AWS are of printable ASCII, without line breaks",
        )),
    }
}

/// Whether a signature can name it.
pub(crate) fn in_header(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
