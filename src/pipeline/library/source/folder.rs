//! A folder with all that is below it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    vec,
};

use super::{Items, at, items, json, row::Row};
use crate::{
    blocking::blocking,
    error::{Error, ErrorKind, Result},
    pipeline::library::LibraryItem,
};

/// The list with metadata that a folder may have.
const LIST: &str = "captions.json";

/// Pictures that are read.
const READ: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// Pictures that are not, and are said so.
const NOT_READ: [&str; 7] = ["avif", "bmp", "gif", "heic", "heif", "tif", "tiff"];

pub(in super::super) async fn open(root: PathBuf) -> Result<Items> {
    let walk = blocking(move || {
        let mut walk = Walk { root: root.clone(), folders: Vec::new() };
        walk.enter(root)?;
        Ok(walk)
    });
    Ok(items(walk.await?))
}

/// Goes through a folder by path, each folder as a whole at its place.
struct Walk {
    root: PathBuf,
    /// The folders it is in, the innermost last.
    folders: Vec<Folder>,
}

struct Folder {
    entries: vec::IntoIter<fs::DirEntry>,
    /// What the lists of this folder and those above say of files in them, by path.
    list: Option<Arc<List>>,
}

struct List {
    rows: HashMap<PathBuf, Row>,
    above: Option<Arc<Self>>,
}

impl List {
    fn row(&self, path: &Path) -> Option<&Row> {
        self.rows.get(path).or_else(|| self.above.as_ref()?.row(path))
    }
}

impl Walk {
    fn enter(&mut self, path: PathBuf) -> Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&path).map_err(at(&path))? {
            let entry = entry.map_err(at(&path))?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                entries.push(entry);
            }
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        let above = self.folders.last().and_then(|folder| folder.list.clone());
        let list = if entries.iter().any(|entry| entry.file_name() == LIST) {
            let rows = json::rows(&path.join(LIST))?;
            let named = rows.into_iter().filter_map(|row| Some((path.join(row.file.as_ref()?), row)));
            Some(Arc::new(List { rows: named.collect(), above }))
        } else {
            above
        };
        self.folders.push(Folder { entries: entries.into_iter(), list });
        Ok(())
    }

    fn item(&self, path: PathBuf) -> Option<Result<LibraryItem>> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let name = path.strip_prefix(&self.root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        if NOT_READ.contains(&extension.as_str()) {
            let error = Error::new(
                ErrorKind::Unsupported,
                format!("{name}: {extension} files are not read: save the picture as JPEG, PNG or WebP"),
            );
            return Some(Err(error.with_context("path", path.display())));
        }
        if !READ.contains(&extension.as_str()) {
            return None;
        }
        let mut item = LibraryItem::file(name, &path);
        item.sidecars = true;
        let list = self.folders.last().and_then(|folder| folder.list.as_ref());
        if let Some(row) = list.and_then(|list| list.row(&path)) {
            row.clone().write_to(&mut item);
        }
        Some(Ok(item))
    }
}

impl Iterator for Walk {
    type Item = Result<LibraryItem>;

    fn next(&mut self) -> Option<Result<LibraryItem>> {
        loop {
            let Some(entry) = self.folders.last_mut()?.entries.next() else {
                self.folders.pop();
                continue;
            };
            let path = entry.path();
            let kind = match entry.file_type() {
                // A link to a file counts as the file; a link to a folder may lead back.
                Ok(kind) if kind.is_symlink() => fs::metadata(&path).map(|file| (false, file.is_file())),
                kind => kind.map(|kind| (kind.is_dir(), kind.is_file())),
            };
            match kind {
                Ok((true, _)) => {
                    if let Err(error) = self.enter(path) {
                        return Some(Err(error));
                    }
                }
                Ok((_, true)) => {
                    if let Some(item) = self.item(path) {
                        return Some(item);
                    }
                }
                Ok(_) => {}
                Err(error) => return Some(Err(at(&path)(error))),
            }
        }
    }
}
