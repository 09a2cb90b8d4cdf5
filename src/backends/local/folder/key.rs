//! Keys as paths and back.

use std::path::{Path, PathBuf};

/// The longest name of a file or folder; file systems stop at 255 bytes.
const MAX_NAME: usize = 240;

/// Ends the name of a folder that stands for a `/` in the key.
const FOLDER: char = '=';

/// Ends the name of a folder that holds the rest of a part too long for one name.
const MORE: char = '~';

/// Stands before a letter that is a capital in the key.
const CAPITAL: char = '+';

/// Where temporary files lie: no key has this name.
pub(super) const TEMPORARY: &str = "=tmp";

/// The file that holds the bytes of `key`, which must be a good one.
pub(super) fn path(root: &Path, key: &str) -> PathBuf {
    let mut path = root.to_path_buf();
    let mut name = String::new();
    for c in key.chars() {
        if c == '/' {
            name.push(FOLDER);
            path.push(std::mem::take(&mut name));
            continue;
        }
        if name.len() >= MAX_NAME {
            name.push(MORE);
            path.push(std::mem::take(&mut name));
        }
        if c.is_ascii_uppercase() {
            name.push(CAPITAL);
        }
        name.push(c.to_ascii_lowercase());
    }
    path.push(name);
    path
}

/// What a name in a folder stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file, with the end of its key.
    File(String),
    /// A folder, with what the keys in it go on with.
    Folder(String),
}

/// Reads a name; none when it is not one this store gives.
pub(super) fn entry(name: &str) -> Option<Entry> {
    if let Some(name) = name.strip_suffix(FOLDER) {
        return Some(Entry::Folder(part(name)? + "/"));
    }
    match name.strip_suffix(MORE) {
        Some(name) => part(name).map(Entry::Folder),
        None => part(name).map(Entry::File),
    }
}

fn part(name: &str) -> Option<String> {
    let mut part = String::new();
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        part.push(match c {
            CAPITAL => chars.next().filter(char::is_ascii_lowercase)?.to_ascii_uppercase(),
            'a'..='z' | '0'..='9' | '.' | '_' | '-' => c,
            _ => return None,
        });
    }
    (!part.is_empty()).then_some(part)
}
