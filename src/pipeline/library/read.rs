//! An item to its picture, and the metadata beside it.

use std::{fs, io, path::Path};

use super::{
    item::{LibraryItem, PictureSource},
    source::row::Row,
};
use crate::{
    blocking::blocking,
    domain::Image,
    error::{Error, Result},
    imaging::{self, Limits},
};

/// The most bytes of a file with metadata beside a picture.
const MAX_SIDECAR: u64 = 1 << 20;

/// An item whose picture is in memory, or the reason why it is not.
#[derive(Debug)]
pub(super) struct ReadItem {
    pub(super) item: LibraryItem,
    pub(super) image: Result<Image>,
}

/// Reads the picture of an item and refuses it where that needs no decoding.
pub(super) async fn read(mut item: LibraryItem, limits: Limits) -> ReadItem {
    let image = match item.picture.clone() {
        PictureSource::Image(image) => Ok(image),
        PictureSource::File(path) => {
            let sidecars = item.sidecars;
            let read = blocking(move || {
                let image = open(&path, limits)?;
                Ok((image, if sidecars { beside(&path)? } else { Vec::new() }))
            });
            read.await.map(|(image, rows)| {
                rows.into_iter().for_each(|row| row.write_to(&mut item));
                image
            })
        }
    };
    let image = image.and_then(|image| imaging::check(&image, limits).map(|()| image));
    ReadItem { item, image: image.map_err(|error| error.with_operation("read")) }
}

fn open(path: &Path, limits: Limits) -> Result<Image> {
    let length = fs::metadata(path).map_err(at(path))?.len();
    if length > limits.max_bytes {
        let most = limits.max_bytes;
        return Err(Error::invalid(format!("the file has {length} bytes, more than the limit of {most}")));
    }
    Image::new(fs::read(path).map_err(at(path))?)
}

/// What `photo.txt` and `photo.json` say of `photo.jpg`, the more specific last.
fn beside(picture: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    if let Some(text) = sidecar(&picture.with_extension("txt"))? {
        rows.push(Row::of_caption(text.trim()));
    }
    let path = picture.with_extension("json");
    if let Some(json) = sidecar(&path)? {
        rows.push(Row::from_json(&json).map_err(|error| error.with_context("path", path.display()))?);
    }
    Ok(rows)
}

fn sidecar(path: &Path) -> Result<Option<String>> {
    match fs::metadata(path) {
        Ok(file) if file.len() > MAX_SIDECAR => Err(Error::invalid(format!(
            "the metadata beside the picture has {} bytes, more than {MAX_SIDECAR}",
            file.len()
        ))
        .with_context("path", path.display())),
        Ok(_) => Ok(Some(String::from_utf8_lossy(&fs::read(path).map_err(at(path))?).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path)(error)),
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |error| Error::from(error).with_context("path", path.display())
}
