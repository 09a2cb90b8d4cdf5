//! Keys in order, a page at a time.

use std::{collections::BTreeSet, fs, io, path::Path};

use super::{free_is_none, key};

/// The first `limit` keys that begin with `prefix` and come after `cursor`, and the cursor of the next page.
pub(super) fn page(
    root: &Path,
    prefix: &str,
    cursor: Option<&str>,
    limit: usize,
) -> io::Result<(Vec<String>, Option<String>)> {
    let mut page =
        Page { prefix, cursor: cursor.unwrap_or_default(), limit, keys: BTreeSet::new(), more: false };
    page.walk(root, "")?;
    let next = if page.more { page.keys.last().cloned() } else { None };
    Ok((page.keys.into_iter().collect(), next))
}

struct Page<'a> {
    prefix: &'a str,
    cursor: &'a str,
    limit: usize,
    /// The smallest keys so far, at most `limit`.
    keys: BTreeSet<String>,
    more: bool,
}

impl Page<'_> {
    fn walk(&mut self, folder: &Path, begin: &str) -> io::Result<()> {
        // A folder that was removed meanwhile holds no keys.
        let Some(entries) = free_is_none(fs::read_dir(folder))? else { return Ok(()) };
        for entry in entries {
            let entry = entry?;
            match entry.file_name().to_str().and_then(key::entry) {
                Some(key::Entry::File(end)) => self.take(format!("{begin}{end}")),
                Some(key::Entry::Folder(end)) => {
                    let begin = format!("{begin}{end}");
                    if self.may_hold(&begin) {
                        self.walk(&entry.path(), &begin)?;
                    }
                }
                None => {}
            }
        }
        Ok(())
    }

    fn take(&mut self, key: String) {
        if !key.starts_with(self.prefix) || key.as_str() <= self.cursor {
            return;
        }
        self.keys.insert(key);
        if self.keys.len() > self.limit {
            self.keys.pop_last();
            self.more = true;
        }
    }

    /// Whether a key that begins with `begin` may be on the page, or show that there is another.
    fn may_hold(&self, begin: &str) -> bool {
        let wanted = begin.starts_with(self.prefix) || self.prefix.starts_with(begin);
        let passed = begin < self.cursor && !self.cursor.starts_with(begin);
        let beyond = self.more && self.keys.last().is_some_and(|last| begin > last.as_str());
        wanted && !passed && !beyond
    }
}
