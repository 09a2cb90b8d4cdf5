//! Who made the photographs of the sample library, and on what terms they may be used.

use std::collections::HashSet;

use keyvisual::domain::ContentHash;
use serde::{Deserialize, Serialize};

use super::{
    Result,
    args::data,
    files::{json, picture},
    view::title,
};

/// A photograph with its author and licence.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Credit {
    name: String,
    author: String,
    licence: String,
    licence_url: Option<&'static str>,
    source: String,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    author: String,
    licence: String,
    source: String,
}

/// The credits of those `pictures` that are from the sample library, whatever they are called now.
pub(crate) fn of<'a>(pictures: impl IntoIterator<Item = &'a ContentHash>) -> Result<Vec<Credit>> {
    let shown: HashSet<_> = pictures.into_iter().collect();
    let mut entries: Vec<Entry> = json(&data("captions.json"))?;
    entries.append(&mut json(&data("products.json"))?);
    let mut credits = Vec::new();
    for entry in entries {
        if shown.contains(picture(&data(&entry.file))?.hash()) {
            credits.push(entry.into());
        }
    }
    Ok(credits)
}

impl From<Entry> for Credit {
    fn from(entry: Entry) -> Self {
        let licence_url = match entry.licence.as_str() {
            "CC0-1.0" => Some("https://creativecommons.org/publicdomain/zero/1.0/"),
            "CC-BY-4.0" => Some("https://creativecommons.org/licenses/by/4.0/"),
            "CC-BY-2.0" => Some("https://creativecommons.org/licenses/by/2.0/"),
            _ => None,
        };
        Self {
            name: title(&entry.file),
            author: entry.author,
            licence: entry.licence,
            licence_url,
            source: entry.source,
        }
    }
}
