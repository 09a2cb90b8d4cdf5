//! A JSON file that names pictures.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{Items, at, items, row::Row};
use crate::{
    blocking::blocking,
    error::{Error, Result},
};

pub(in super::super) async fn open(path: PathBuf) -> Result<Items> {
    let read = blocking(move || {
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let entries = entries(&path)?;
        Ok((path, folder, entries))
    });
    let (path, folder, entries) = read.await?;
    let item = move |(place, entry)| row(&path, place, entry, |row| row.into_item(&folder));
    Ok(items(entries.into_iter().enumerate().map(item)))
}

/// All rows of a list.
pub(super) fn rows(path: &Path) -> Result<Vec<Row>> {
    entries(path)?.into_iter().enumerate().map(|(place, entry)| row(path, place, entry, Ok)).collect()
}

fn entries(path: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(path).map_err(at(path))?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let message = format!("the file is not a JSON list of pictures: {error}");
        Error::invalid(message)
            .with_operation("index")
            .with_context("path", path.display())
            .with_source(error)
    })
}

/// What `make` makes of an entry; an error says which entry it is.
fn row<T>(path: &Path, place: usize, entry: Value, make: impl FnOnce(Row) -> Result<T>) -> Result<T> {
    Row::from_value(entry).and_then(make).map_err(|error| {
        error.with_operation("index").with_context("entry", place + 1).with_context("path", path.display())
    })
}
