//! Settings that are one of a few words.

use crate::error::{Error, Result};

/// What searches the vectors. It is always written into the mapping: servers differ in what they take by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engine {
    /// Lucene's own HNSW, in the heap of the server. Nothing native is loaded.
    #[default]
    Lucene,
    /// Faiss, a native library beside the heap; the one that Serverless has. Vectors have length 1 here, so it compares
    /// by inner product, which every version of it can.
    Faiss,
}

/// When a write is acknowledged, as to being seen by searches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refresh {
    /// When it can be seen, which is brought about at once.
    #[default]
    Now,
    /// When it can be seen, which the server brings about every second: slower to answer, less work for it.
    Wait,
    /// When it is durable. Searches, scans and counts see it after a while, and the capabilities say so.
    Later,
}

macro_rules! words {
    ($name:ident: $($variant:ident = $word:literal),+) => {
        impl $name {
            /// The word for it in requests and URLs.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;

            fn from_str(word: &str) -> Result<Self> {
                let all = [$(Self::$variant),+];
                all.into_iter().find(|one| one.as_str() == word).ok_or_else(|| {
                    Error::invalid(format!("{word:?} is none of {:?}", all.map(Self::as_str)))
                })
            }
        }
    };
}

words!(Engine: Lucene = "lucene", Faiss = "faiss");
words!(Refresh: Now = "true", Wait = "wait_for", Later = "false");

impl Engine {
    /// How it compares vectors of length 1.
    pub(super) fn metric(self) -> Metric {
        match self {
            Self::Lucene => Metric::Cosine,
            Self::Faiss => Metric::InnerProduct,
        }
    }
}

/// How two vectors are compared. On vectors of length 1 both are the cosine.
#[derive(Clone, Copy, Debug)]
pub(super) enum Metric {
    Cosine,
    InnerProduct,
}

impl Metric {
    /// The name of the space in mappings and scripts.
    pub(super) fn space_type(self) -> &'static str {
        match self {
            Self::Cosine => "cosinesimil",
            Self::InnerProduct => "innerproduct",
        }
    }

    /// The cosine of a score, which the engines make positive each in its way.
    /// Source: <https://docs.opensearch.org/latest/mappings/supported-field-types/knn-spaces/>.
    pub(super) fn cosine(self, score: f64) -> f64 {
        let cosine = match self {
            Self::Cosine => 2.0 * score - 1.0,
            Self::InnerProduct if score >= 1.0 => score - 1.0,
            Self::InnerProduct => 1.0 - 1.0 / score,
        };
        cosine.clamp(-1.0, 1.0)
    }
}
