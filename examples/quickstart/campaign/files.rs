//! Reading files, with errors that name the file.

use std::path::Path;

use keyvisual::domain::Image;
use serde::de::DeserializeOwned;

use super::Result;

pub(crate) fn json<T: DeserializeOwned>(file: &Path) -> Result<T> {
    serde_json::from_slice(&read(file)?).map_err(|error| format!("{}: {error}", file.display()).into())
}

pub(crate) fn picture(file: &Path) -> Result<Image> {
    Image::new(read(file)?).map_err(|error| format!("{}: {}", file.display(), error.message()).into())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()).into())
}
