//! The collections of a folder, and who may ask for what.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use qdrant_client::qdrant::{CreateCollection, HealthCheckReply, HealthCheckRequest, qdrant_server::Qdrant};
use tonic::{Request, Response, Status};

use crate::{Failure, collection::Collection, options::Options};

/// Cloned for each service.
#[derive(Clone)]
pub(crate) struct Server(Arc<Inner>);

struct Inner {
    options: Options,
    collections: Mutex<HashMap<String, Arc<Collection>>>,
}

impl Server {
    pub(crate) fn open(options: Options) -> Result<Self, Failure> {
        std::fs::create_dir_all(&options.data)?;
        let mut collections = HashMap::new();
        for entry in std::fs::read_dir(&options.data)? {
            let entry = entry?;
            if let Some(found) = Collection::load(&entry.path())? {
                collections.insert(found.request.collection_name.clone(), Arc::new(found));
            }
        }
        Ok(Self(Arc::new(Inner { options, collections: Mutex::new(collections) })))
    }

    fn collections(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<Collection>>> {
        self.0.collections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the call of `method` through, unless the key is wrong or a fault is set for it.
    pub(crate) async fn enter<T>(&self, method: &str, request: Request<T>) -> Result<T, Status> {
        let given = request.metadata().get("api-key").and_then(|key| key.to_str().ok());
        if self.0.options.api_key.as_deref().is_some_and(|wanted| given != Some(wanted)) {
            return Err(Status::unauthenticated("Invalid API key or JWT"));
        }
        for (of, fault) in &self.0.options.faults {
            if of == method {
                fault.happen().await?;
            }
        }
        Ok(request.into_inner())
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.collections().keys().cloned().collect()
    }

    pub(crate) fn collection(&self, name: &str) -> Result<Arc<Collection>, Status> {
        let found = self.collections().get(name).cloned();
        found.ok_or_else(|| Status::not_found(format!("Not found: Collection `{name}` doesn't exist!")))
    }

    pub(crate) fn create(&self, request: CreateCollection) -> Result<(), Status> {
        let name = request.collection_name.clone();
        let mut collections = self.collections();
        if collections.contains_key(&name) {
            return Err(Status::already_exists(format!("Wrong input: Collection `{name}` already exists!")));
        }
        let made = Collection::create(&self.0.options.data, request)?;
        collections.insert(name, Arc::new(made));
        Ok(())
    }

    pub(crate) fn delete(&self, name: &str) -> bool {
        self.collections().remove(name).is_some_and(Collection::forget)
    }
}

#[tonic::async_trait]
impl Qdrant for Server {
    async fn health_check(
        &self,
        _request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckReply>, Status> {
        let version = self.0.options.release.clone();
        let title = "qdrant-edge-server".into();
        Ok(Response::new(HealthCheckReply { title, version, commit: None }))
    }
}
