//! Files that are there as a whole or not at all.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock},
};

use uuid::Uuid;

use super::{free_is_none, key};
use crate::sync::lock;

/// How often a put begins anew because another process removed its folder, or swept its file, at the same time.
const ATTEMPTS: usize = 16;

/// The most folders that are remembered.
const MAX_KNOWN: usize = 4_096;

/// A folder in which files are there as a whole or not at all.
#[derive(Debug)]
pub(super) struct Folder {
    root: PathBuf,
    /// Folders whose own name this process knows to be on the disk: syncing takes milliseconds.
    known: Mutex<HashSet<PathBuf>>,
    /// Held by puts together and by a delete alone, so that no folder goes while its name is synced.
    tree: RwLock<()>,
}

impl Folder {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, known: Mutex::default(), tree: RwLock::default() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Puts `bytes` at `path` unless something is there; `true` when nothing was.
    pub(super) fn put(&self, path: &Path, bytes: &[u8]) -> io::Result<bool> {
        let _tree = self.tree.read().unwrap_or_else(PoisonError::into_inner);
        let mut attempt = 1;
        loop {
            match self.try_put(path, bytes) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    fn try_put(&self, path: &Path, bytes: &[u8]) -> io::Result<bool> {
        if path.try_exists()? {
            // Whoever put it may not have got as far as this.
            self.sync_name(path)?;
            return Ok(false);
        }
        let temporary = Temporary::write(&self.root.join(key::TEMPORARY), bytes)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // Unlike a rename, a hard link never replaces what is there.
        let created = match fs::hard_link(&temporary.path, path) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) if no_hard_links(&error) => {
                return Err(io::Error::new(io::ErrorKind::Unsupported, error));
            }
            Err(error) => return Err(error),
        };
        self.sync_name(path)?;
        Ok(created)
    }

    /// Removes the file at `path` and the folders that are empty without it.
    pub(super) fn delete(&self, path: &Path) -> io::Result<()> {
        let _tree = self.tree.write().unwrap_or_else(PoisonError::into_inner);
        if free_is_none(fs::remove_file(path))?.is_none() && !path.parent().is_some_and(Path::exists) {
            return Ok(());
        }
        for folder in self.folders(path) {
            free_is_none(sync(folder))?;
            if folder == self.root {
                break;
            }
            lock(&self.known).remove(folder);
            if free_is_none(fs::remove_dir(folder)).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Makes the name of a file, and those of the folders it is in, survive a crash.
    fn sync_name(&self, path: &Path) -> io::Result<()> {
        for folder in self.folders(path) {
            sync(folder)?;
            if folder == self.root || lock(&self.known).contains(folder) {
                break;
            }
        }
        let mut known = lock(&self.known);
        if known.len() > MAX_KNOWN {
            known.clear();
        }
        known.extend(self.folders(path).map(Path::to_path_buf));
        Ok(())
    }

    /// The folder of `path` and those above it, up to the root.
    fn folders<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Path> {
        path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root))
    }
}

/// Removes temporary files whose writer is gone. What cannot be removed stays: it is never read.
pub(super) fn sweep(root: &Path) {
    let Ok(entries) = fs::read_dir(root.join(key::TEMPORARY)) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        // A writer that lives holds the lock.
        if File::open(&path).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = fs::remove_file(path);
        }
    }
}

/// A file that nobody reads yet; removed when dropped.
struct Temporary {
    path: PathBuf,
    /// Locked, so that a sweep leaves it alone.
    _file: File,
}

impl Temporary {
    fn write(folder: &Path, bytes: &[u8]) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(Uuid::now_v7().to_string());
        let mut file = File::create_new(&path)?;
        let temporary = |file| Self { path, _file: file };
        // Where there are no locks a sweep cannot take one either.
        let _ = file.try_lock();
        match file.write_all(bytes).and_then(|()| file.sync_all()) {
            Ok(()) => Ok(temporary(file)),
            Err(error) => {
                drop(temporary(file));
                Err(error)
            }
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// EPERM is what Linux says when the file system cannot link; a folder that may not be written says EACCES.
fn no_hard_links(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || (cfg!(unix) && error.raw_os_error() == Some(1))
}
