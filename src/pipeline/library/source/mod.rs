//! Where items come from. Each source reads ahead only as far as it is asked.

pub(super) mod csv;
pub(super) mod folder;
pub(super) mod json;
pub(super) mod row;

use std::path::Path;

use futures_util::{StreamExt, stream, stream::BoxStream};

use super::LibraryItem;
use crate::{
    blocking::blocking,
    error::{Error, Result},
};

/// Items, or the reason why one of them is none.
pub(super) type Items = BoxStream<'static, Result<LibraryItem>>;

/// How many items are fetched in one go.
const AT_ONCE: usize = 32;

/// The items of an iterator that blocks.
fn items(source: impl Iterator<Item = Result<LibraryItem>> + Send + 'static) -> Items {
    let batches = stream::unfold(Some(source), |source| async {
        let mut source = source?;
        let fetch = blocking(move || {
            let items: Vec<_> = source.by_ref().take(AT_ONCE).collect();
            Ok((items, source))
        });
        match fetch.await {
            Ok((items, _)) if items.is_empty() => None,
            Ok((items, source)) => Some((items, Some(source))),
            Err(error) => Some((vec![Err(error)], None)),
        }
    });
    batches.flat_map(stream::iter).boxed()
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |error| Error::from(error).with_operation("index").with_context("path", path.display())
}
