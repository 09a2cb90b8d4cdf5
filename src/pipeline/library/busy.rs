//! One writer per picture.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::sync::OwnedMutexGuard;

use crate::{domain::ReferenceId, sync::lock};

/// The pictures that are being worked on in this process.
///
/// Two runs never pay for one picture at the same time, and reading a record, changing it and writing
/// it back loses nothing.
#[derive(Debug, Default)]
pub(super) struct Busy(Mutex<HashMap<ReferenceId, Arc<tokio::sync::Mutex<()>>>>);

/// Holds a picture until it is dropped.
#[derive(Debug)]
pub(super) struct Held<'a> {
    busy: &'a Busy,
    id: ReferenceId,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Busy {
    /// Waits until nobody else holds the picture.
    pub(super) async fn hold(&self, id: &ReferenceId) -> Held<'_> {
        let mut held = Held { busy: self, id: id.clone(), guard: None };
        let picture = Arc::clone(lock(&self.0).entry(id.clone()).or_default());
        held.guard = Some(picture.lock_owned().await);
        held
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut pictures = lock(&self.busy.0);
        self.guard = None;
        // The map's own handle is the last one when nobody holds the picture or waits for it.
        if pictures.get(&self.id).is_some_and(|picture| Arc::strong_count(picture) == 1) {
            pictures.remove(&self.id);
        }
    }
}
