//! What a store on a server knows of its collection between calls.

use std::sync::{Arc, Mutex};

use crate::{
    error::{Error, ErrorKind, Result},
    sync::lock,
};

/// A collection as it was last seen: it never changes, but somebody may drop it on the server.
pub(crate) struct Known<C>(Mutex<Option<Arc<C>>>);

impl<C: Send + Sync> Known<C> {
    pub(crate) fn new(collection: Option<C>) -> Self {
        Self(Mutex::new(collection.map(Arc::new)))
    }

    pub(crate) fn set(&self, collection: C) {
        *lock(&self.0) = Some(Arc::new(collection));
    }

    /// The collection, from memory or as `load` finds it on the server.
    pub(crate) async fn get(&self, load: impl Future<Output = Result<Option<C>>> + Send) -> Result<Arc<C>> {
        let known = lock(&self.0).clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = Arc::new(load.await?.ok_or_else(Error::no_collection)?);
        *lock(&self.0) = Some(Arc::clone(&found));
        Ok(found)
    }

    /// Takes what an operation came to: a collection that turned out to be gone is forgotten.
    pub(crate) fn done<T>(&self, operation: &'static str, outcome: Result<T>) -> Result<T> {
        if outcome.as_ref().is_err_and(|e| e.kind() == ErrorKind::NotFound) {
            *lock(&self.0) = None;
        }
        outcome.map_err(|e| e.with_operation(operation))
    }
}
