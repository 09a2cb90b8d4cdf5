//! Files that are there as a whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use uuid::Uuid;

use super::{free_is_none, key};

/// How often a put begins anew because a delete removed its folder, or a sweep its file, at the same time.
const ATTEMPTS: usize = 16;

/// Puts `bytes` at `path` unless something is there; `true` when nothing was.
pub(super) fn put(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut attempt = 1;
    loop {
        match try_put(root, path, bytes) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < ATTEMPTS => attempt += 1,
            result => return result,
        }
    }
}

fn try_put(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<bool> {
    if path.try_exists()? {
        // Whoever put it may not have got as far as this.
        sync_folders(root, path)?;
        return Ok(false);
    }
    let temporary = Temporary::write(&root.join(key::TEMPORARY), bytes)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Unlike a rename, a hard link never replaces what is there.
    let created = match fs::hard_link(&temporary.path, path) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) if no_hard_links(&error) => return Err(io::Error::new(io::ErrorKind::Unsupported, error)),
        Err(error) => return Err(error),
    };
    sync_folders(root, path)?;
    Ok(created)
}

/// Removes the file at `path` and the folders that are empty without it.
pub(super) fn delete(root: &Path, path: &Path) -> io::Result<()> {
    if free_is_none(fs::remove_file(path))?.is_none() && !path.parent().is_some_and(Path::exists) {
        return Ok(());
    }
    for folder in folders(root, path) {
        free_is_none(sync(folder))?;
        if folder == root || free_is_none(fs::remove_dir(folder)).is_err() {
            break;
        }
    }
    Ok(())
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

/// The folder of `path` and those above it, up to `root`.
fn folders<'a>(root: &'a Path, path: &'a Path) -> impl Iterator<Item = &'a Path> {
    path.ancestors().skip(1).take_while(move |folder| folder.starts_with(root))
}

/// Makes the name of a file, and those of the folders it is in, survive a crash.
fn sync_folders(root: &Path, path: &Path) -> io::Result<()> {
    folders(root, path).try_for_each(sync)
}

fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// EPERM is what Linux says when the file system cannot link; a folder that may not be written says EACCES.
fn no_hard_links(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || (cfg!(unix) && error.raw_os_error() == Some(1))
}
