//! Records of a batch for a store that takes each id once.

use std::collections::BTreeMap;

use crate::{domain::Record, error::Result};

/// One result per record, in order, and those that can be kept by id: of two with one id the later.
pub(crate) fn latest(
    records: Vec<Record>,
    prepare: impl Fn(Record) -> Result<Record>,
) -> (Vec<Result<()>>, BTreeMap<String, Record>) {
    let mut latest = BTreeMap::new();
    let mut keep = |record: Record| drop(latest.insert(record.id.clone(), record));
    let results = records.into_iter().map(prepare).map(|prepared| prepared.map(&mut keep)).collect();
    (results, latest)
}
