//! Who makes descriptions and vectors, and what a result is named by.

use std::borrow::Cow;

use super::kept::short_hash;
use crate::{
    domain::{Card, EmbeddingSpace},
    roles::Caption,
};

/// Who makes descriptions and vectors, put into words once for all pictures.
#[derive(Debug)]
pub(super) struct Makers {
    describer: String,
    embedder: String,
    space: String,
    uncaptioned: MadeFrom,
}

/// Hashes that name what a result is made by and from; the same name, the same result.
#[derive(Clone, Debug)]
pub(super) struct MadeFrom {
    pub(super) description: String,
    /// Description and vector.
    pub(super) record: String,
}

impl Makers {
    pub(super) fn new(describer: &Card, embedder: &Card, space: &EmbeddingSpace) -> Self {
        let (describer, embedder) = (describer.fingerprint(), embedder.fingerprint());
        let uncaptioned = MadeFrom::new(&describer, &embedder, None);
        Self { describer, embedder, space: space.to_string(), uncaptioned }
    }

    pub(super) fn made_from(&self, caption: Option<&Caption>) -> Cow<'_, MadeFrom> {
        match caption {
            None => Cow::Borrowed(&self.uncaptioned),
            Some(_) => Cow::Owned(MadeFrom::new(&self.describer, &self.embedder, caption)),
        }
    }

    /// Names what the vector of a picture with this description is made by and from.
    pub(super) fn vector_from(&self, text: &str) -> String {
        short_hash(&format!("{} {} {text}", self.embedder, self.space))
    }
}

impl MadeFrom {
    fn new(describer: &str, embedder: &str, caption: Option<&Caption>) -> Self {
        Self {
            description: short_hash(&format!("{describer} {caption:?}")),
            record: short_hash(&format!("{describer} {caption:?} {embedder}")),
        }
    }
}
