//! Vector stores by URL: which scheme is which store.

use std::{collections::BTreeMap, fmt, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture};

use crate::{
    backends::local::EmbeddedStore,
    error::{Error, ErrorKind, Result},
    roles::VectorStore,
};

/// Schemes of backends that this build may be without, and the feature that brings each.
const FEATURES: &[(&str, &str)] = &[
    ("opensearch+http", "opensearch"),
    ("opensearch+https", "opensearch"),
    ("postgres", "postgres"),
    ("postgresql", "postgres"),
    ("qdrant", "qdrant"),
    ("qdrants", "qdrant"),
    ("s3vectors", "s3vectors"),
];

/// Opens the vector store that a URL names: shorthand for [`StoreRegistry::builtin`] and [`StoreRegistry::open`].
///
/// | URL | store |
/// |---|---|
/// | `embedded:PATH` | [`EmbeddedStore`], in this process, in the folder `PATH` |
/// | `opensearch+https://USER:PASSWORD@HOST/INDEX` | `OpenSearchStore`, with the feature `opensearch`; its module lists the parameters |
/// | `postgres://USER:PASSWORD@HOST/DATABASE?collection=NAME` | `PgVectorStore`, with the feature `postgres`; its module lists the other parameters |
/// | `qdrant://HOST:PORT/COLLECTION`, with TLS `qdrants://` | `QdrantStore`, with the feature `qdrant`; its module lists the parameters |
/// | `s3vectors://BUCKET/INDEX?region=REGION` | `S3VectorsStore`, with the feature `s3vectors`; its module lists the other parameters |
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// # let url = format!("embedded:{}", folder.path().join("library").display());
/// let store = keyvisual::open_store(&url).await?;
/// assert_eq!(store.card().name, "embedded");
/// assert!(keyvisual::open_store("carrier-pigeon://roof").await.is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`InvalidInput`](ErrorKind::InvalidInput) for a URL without a scheme or with one that is not known, naming
/// those that are; [`Unsupported`](ErrorKind::Unsupported) for one whose feature is off; errors of opening the store.
pub async fn open_store(url: &str) -> Result<Arc<dyn VectorStore>> {
    StoreRegistry::builtin().open(url).await
}

type Opened = BoxFuture<'static, Result<Arc<dyn VectorStore>>>;
type Opener = Arc<dyn Fn(String) -> Opened + Send + Sync>;

/// Which URL scheme is which vector store. Cloning is cheap.
///
/// ```
/// use keyvisual::{StoreRegistry, testing::MemoryVectorStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// let stores = StoreRegistry::builtin().with("memory", async |_url: String| Ok(MemoryVectorStore::new()));
/// let store = stores.open("memory:").await?;
/// assert_eq!(store.card().name, "MemoryVectorStore");
///
/// let error = stores.open("carrier-pigeon://roof").await.unwrap_err();
/// assert!(error.message().contains("embedded, memory"), "{error}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct StoreRegistry(BTreeMap<String, Opener>);

impl StoreRegistry {
    /// The stores of this crate, as far as their features are on.
    #[must_use]
    pub fn builtin() -> Self {
        let stores = Self(BTreeMap::new()).with("embedded", embedded);
        #[cfg(feature = "opensearch")]
        let stores = stores.with("opensearch+http", opensearch).with("opensearch+https", opensearch);
        #[cfg(feature = "postgres")]
        let stores = stores.with("postgres", postgres).with("postgresql", postgres);
        #[cfg(feature = "qdrant")]
        let stores = stores.with("qdrant", qdrant).with("qdrants", qdrant);
        #[cfg(feature = "s3vectors")]
        let stores = stores.with("s3vectors", s3vectors);
        stores
    }

    /// Has `open` open the URLs of `scheme`, which it gets as they are. What opened them before is replaced.
    #[must_use]
    pub fn with<S, F>(
        mut self,
        scheme: impl Into<String>,
        open: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: VectorStore,
        F: Future<Output = Result<S>> + Send + 'static,
    {
        let open = move |url| open(url).map(|store| store.map(|store| Arc::new(store) as _)).boxed();
        self.0.insert(scheme.into(), Arc::new(open));
        self
    }

    /// The schemes, in order.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Opens the store that a URL names. No message repeats more of the URL than its scheme, as a password may be in it.
    ///
    /// # Errors
    /// As [`open_store`].
    pub async fn open(&self, url: &str) -> Result<Arc<dyn VectorStore>> {
        let known = || self.schemes().collect::<Vec<_>>().join(", ");
        let Some((scheme, _)) = url.split_once(':') else {
            let message =
                format!("the URL of a store begins with a scheme and a colon: known are {}", known());
            return Err(Error::invalid(message));
        };
        if let Some(open) = self.0.get(scheme) {
            return open(url.to_owned()).await;
        }
        Err(match FEATURES.iter().find(|(needs, _)| *needs == scheme) {
            Some((_, feature)) => Error::new(
                ErrorKind::Unsupported,
                format!("a store at {scheme}: needs the feature \"{feature}\" of keyvisual"),
            ),
            None => Error::invalid(format!(
                "no vector store has the URL scheme \"{scheme}\": known are {}",
                known()
            )),
        })
    }
}

impl Default for StoreRegistry {
    fn default() -> Self {
        Self::builtin()
    }
}

impl fmt::Debug for StoreRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StoreRegistry").field(&self.0.keys()).finish()
    }
}

async fn embedded(url: String) -> Result<EmbeddedStore> {
    match url.split_once(':') {
        Some((_, path)) if !path.is_empty() => EmbeddedStore::open(path).await,
        _ => Err(Error::invalid("the URL \"embedded:\" names no folder: write embedded:PATH")),
    }
}

#[cfg(feature = "opensearch")]
async fn opensearch(url: String) -> Result<crate::backends::opensearch::OpenSearchStore> {
    use crate::backends::opensearch::{OpenSearchConfig, OpenSearchStore};
    OpenSearchStore::connect(OpenSearchConfig::from_url(&url)?).await
}

#[cfg(feature = "postgres")]
async fn postgres(url: String) -> Result<crate::backends::postgres::PgVectorStore> {
    use crate::backends::postgres::{PgVectorConfig, PgVectorStore};
    PgVectorStore::connect(PgVectorConfig::from_url(&url)?).await
}

#[cfg(feature = "qdrant")]
async fn qdrant(url: String) -> Result<crate::backends::qdrant::QdrantStore> {
    use crate::backends::qdrant::{QdrantConfig, QdrantStore};
    QdrantStore::connect(QdrantConfig::from_url(&url)?).await
}

#[cfg(feature = "s3vectors")]
async fn s3vectors(url: String) -> Result<crate::backends::s3vectors::S3VectorsStore> {
    use crate::backends::s3vectors::{S3VectorsConfig, S3VectorsStore};
    S3VectorsStore::new(S3VectorsConfig::from_url(&url)?).await
}
