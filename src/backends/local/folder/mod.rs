//! Assets as files below one folder.

mod error;
mod key;
mod list;
mod put;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;

use super::blocking::blocking;
use crate::{
    domain::Card,
    error::{Error, ErrorKind, Result},
    roles::{
        AssetStore, AssetStoreCapabilities, DeleteAssetReply, DeleteAssetRequest, GetAssetReply,
        GetAssetRequest, HeadAssetReply, HeadAssetRequest, ListAssetsReply, ListAssetsRequest, PutAssetReply,
        PutAssetRequest, SignAssetReply, SignAssetRequest, check_key,
    },
};
use error::at;

/// Keeps assets as files below a folder. Several processes may share it.
///
/// The bytes of a key are a file of their own, as they were put. A file appears under its name at once
/// and whole, after it and its name are on the disk; what a killed process left behind is swept when
/// the folder is opened again. Keys that differ only in case stay apart on disks that ignore case: a capital `A` is
/// written `+a`, and a folder of keys ends in `=`, so that `a` and `a/b` can both be there.
///
/// The file system must have hard links, as every usual one has. A page of a list reads the names in
/// the folders it touches.
///
/// ```
/// use keyvisual::backends::local::FolderAssets;
/// use keyvisual::roles::{AssetStore, GetAssetRequest, PutAssetRequest};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// # let folder = tempfile::tempdir()?;
/// let assets = FolderAssets::open(folder.path().join("assets"))?;
/// let put = PutAssetRequest::new("notes/hello.txt", "hello".as_bytes());
/// assert!(assets.put(put.clone()).await?.created);
/// assert!(!assets.put(put).await?.created);
/// let read = assets.get(GetAssetRequest::new("notes/hello.txt")).await?;
/// assert_eq!(read.bytes.as_deref(), Some(b"hello".as_slice()));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FolderAssets {
    folder: Arc<put::Folder>,
    card: Card,
    capabilities: AssetStoreCapabilities,
}

impl FolderAssets {
    /// Opens a folder, making it where it is missing, and sweeps leftovers of killed processes.
    ///
    /// It blocks for a few file system calls.
    ///
    /// # Errors
    /// [`PermissionDenied`](ErrorKind::PermissionDenied) when the folder is missing and may not be made;
    /// [`Io`](ErrorKind::Io) when the path is a file; what else the file system says.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        fs::create_dir_all(&root).map_err(at("open", &root))?;
        put::sweep(&root);
        Ok(Self {
            folder: Arc::new(put::Folder::new(root)),
            card: Card::local("folder", "1"),
            capabilities: AssetStoreCapabilities::new(),
        })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.folder.root()
    }

    fn path(&self, key: &str) -> Result<PathBuf> {
        check_key(key)?;
        Ok(key::path(self.folder.root(), key))
    }
}

#[async_trait]
impl AssetStore for FolderAssets {
    fn card(&self) -> &Card {
        &self.card
    }

    fn capabilities(&self) -> &AssetStoreCapabilities {
        &self.capabilities
    }

    async fn put(&self, request: PutAssetRequest) -> Result<PutAssetReply> {
        let (folder, path) = (Arc::clone(&self.folder), self.path(&request.key)?);
        let created = blocking(move || folder.put(&path, &request.bytes).map_err(at("put", &path)));
        Ok(PutAssetReply::new(created.await?))
    }

    async fn get(&self, request: GetAssetRequest) -> Result<GetAssetReply> {
        let path = self.path(&request.key)?;
        let bytes = blocking(move || free_is_none(fs::read(&path)).map_err(at("get", &path)));
        Ok(GetAssetReply::new(bytes.await?.map(Into::into)))
    }

    async fn head(&self, request: HeadAssetRequest) -> Result<HeadAssetReply> {
        let path = self.path(&request.key)?;
        let metadata = blocking(move || free_is_none(fs::metadata(&path)).map_err(at("head", &path)));
        Ok(HeadAssetReply::new(metadata.await?.map(|metadata| metadata.len())))
    }

    async fn delete(&self, request: DeleteAssetRequest) -> Result<DeleteAssetReply> {
        let (folder, path) = (Arc::clone(&self.folder), self.path(&request.key)?);
        blocking(move || folder.delete(&path).map_err(at("delete", &path))).await?;
        Ok(DeleteAssetReply::new())
    }

    async fn list(&self, request: ListAssetsRequest) -> Result<ListAssetsReply> {
        if request.limit == 0 {
            return Err(Error::invalid("a page of 0 keys was asked for: ask for at least 1"));
        }
        let folder = Arc::clone(&self.folder);
        let page = blocking(move || {
            list::page(folder.root(), &request.prefix, request.cursor.as_deref(), request.limit)
                .map_err(at("list", folder.root()))
        });
        let (keys, next) = page.await?;
        Ok(ListAssetsReply::new(keys, next))
    }

    async fn sign(&self, request: SignAssetRequest) -> Result<SignAssetReply> {
        check_key(&request.key)?;
        Err(Error::new(ErrorKind::Unsupported, "a folder signs no addresses: read the bytes instead")
            .with_operation("sign"))
    }
}

fn free_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
