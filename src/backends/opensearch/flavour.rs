//! What differs between a cluster and a Serverless collection; everything else is shared.

/// Which kind of OpenSearch it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flavour {
    /// A cluster: OpenSearch itself, or a domain of Amazon OpenSearch Service.
    #[default]
    Cluster,
    /// A vector collection of Amazon OpenSearch Serverless: the server names the documents, reads come after a while,
    /// and there are no scripts.
    Serverless,
}

impl Flavour {
    /// Documents are named by the id of their record.
    pub(super) fn names_documents(self) -> bool {
        self == Self::Cluster
    }

    /// There are scripts, and with them exact searches.
    pub(super) fn has_scripts(self) -> bool {
        self == Self::Cluster
    }

    /// An index says how many shards and copies it has.
    pub(super) fn has_shards(self) -> bool {
        self == Self::Cluster
    }

    /// A write can name an alias that must be there, so that it never makes an index by itself.
    pub(super) fn has_aliases(self) -> bool {
        self == Self::Cluster
    }

    /// `GET /` tells the version.
    pub(super) fn tells_version(self) -> bool {
        self == Self::Cluster
    }

    /// What every search says of itself.
    pub(super) fn search_parameters(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Cluster => &[("allow_partial_search_results", "false")],
            Self::Serverless => &[],
        }
    }
}
