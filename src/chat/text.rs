//! Lists without repetitions.

use std::collections::HashSet;

/// Trims every item, and drops empty ones and those that came before in another case.
pub(super) fn distinct(items: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let items = items.into_iter().map(|item| item.trim().to_owned());
    items.filter(|item| !item.is_empty() && seen.insert(item.to_lowercase())).collect()
}
