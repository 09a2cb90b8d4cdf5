//! Who asks.

use std::fmt;

use crate::{
    aws::{Keys, check_headers},
    error::Result,
};

/// Who asks.
#[derive(Clone)]
pub(super) enum Auth {
    /// Anybody.
    None,
    /// A user of the server's own.
    Basic { user: String, password: String },
    /// An AWS identity.
    Aws(Aws),
}

/// An identity of AWS: access keys, or what the standard chain of the SDK finds.
#[derive(Clone, Default)]
pub(super) struct Aws {
    pub(super) region: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) keys: Option<Keys>,
}

impl Auth {
    /// What is said of an AWS identity so far.
    pub(super) fn aws(self) -> Aws {
        match self {
            Self::Aws(aws) => aws,
            _ => Aws::default(),
        }
    }
}

impl Aws {
    /// Refuses what no header carries.
    pub(super) fn check(&self) -> Result<()> {
        check_headers(self.keys.iter().flat_map(Keys::sent).chain(self.region.as_deref()))
    }
}

/// Says which kind, never what.
impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Basic { .. } => "user and password",
            Self::Aws(Aws { keys: None, .. }) => "the standard chain of AWS",
            Self::Aws(_) => "access keys of AWS",
        })
    }
}
