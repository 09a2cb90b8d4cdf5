//! The service `Collections`.

use qdrant_client::qdrant::{self as api, collections_server::Collections};
use tonic::{Request, Response, Status};

use crate::{convert, server::Server};

macro_rules! unimplemented_calls {
    ($($method:ident: $request:ident -> $reply:ident),* $(,)?) => {$(
        fn $method<'a, 'b>(
            &'a self,
            _request: Request<api::$request>,
        ) -> std::pin::Pin<Box<dyn Future<Output = Result<Response<api::$reply>, Status>> + Send + 'b>>
        where
            'a: 'b,
            Self: 'b,
        {
            Box::pin(async { Err(Status::unimplemented(concat!(stringify!($method), " is not served"))) })
        }
    )*};
}
pub(crate) use unimplemented_calls;

#[tonic::async_trait]
impl Collections for Server {
    async fn get(
        &self,
        request: Request<api::GetCollectionInfoRequest>,
    ) -> Result<Response<api::GetCollectionInfoResponse>, Status> {
        let request = self.enter("GetCollection", request).await?;
        let collection = self.collection(&request.collection_name)?;
        let optimized = collection.is_optimized();
        let made = collection.request.clone();
        let info = collection.read(|shard| Ok(shard.info())).await?;
        let result = Some(convert::info(&made, info, optimized));
        Ok(Response::new(api::GetCollectionInfoResponse { result, time: 0.0 }))
    }

    async fn list(
        &self,
        request: Request<api::ListCollectionsRequest>,
    ) -> Result<Response<api::ListCollectionsResponse>, Status> {
        self.enter("ListCollections", request).await?;
        let collections = self.names().into_iter().map(|name| api::CollectionDescription { name });
        Ok(Response::new(api::ListCollectionsResponse { collections: collections.collect(), time: 0.0 }))
    }

    async fn create(
        &self,
        request: Request<api::CreateCollection>,
    ) -> Result<Response<api::CollectionOperationResponse>, Status> {
        let request = self.enter("CreateCollection", request).await?;
        Self::create(self, request)?;
        Ok(Response::new(api::CollectionOperationResponse { result: true, time: 0.0 }))
    }

    async fn delete(
        &self,
        request: Request<api::DeleteCollection>,
    ) -> Result<Response<api::CollectionOperationResponse>, Status> {
        let request = self.enter("DeleteCollection", request).await?;
        let result = Self::delete(self, &request.collection_name);
        Ok(Response::new(api::CollectionOperationResponse { result, time: 0.0 }))
    }

    async fn collection_exists(
        &self,
        request: Request<api::CollectionExistsRequest>,
    ) -> Result<Response<api::CollectionExistsResponse>, Status> {
        let request = self.enter("CollectionExists", request).await?;
        let exists = self.collection(&request.collection_name).is_ok();
        let result = Some(api::CollectionExists { exists });
        Ok(Response::new(api::CollectionExistsResponse { result, time: 0.0 }))
    }

    unimplemented_calls! {
        update: UpdateCollection -> CollectionOperationResponse,
        update_aliases: ChangeAliases -> CollectionOperationResponse,
        list_collection_aliases: ListCollectionAliasesRequest -> ListAliasesResponse,
        list_aliases: ListAliasesRequest -> ListAliasesResponse,
        collection_cluster_info: CollectionClusterInfoRequest -> CollectionClusterInfoResponse,
        update_collection_cluster_setup:
            UpdateCollectionClusterSetupRequest -> UpdateCollectionClusterSetupResponse,
        create_shard_key: CreateShardKeyRequest -> CreateShardKeyResponse,
        delete_shard_key: DeleteShardKeyRequest -> DeleteShardKeyResponse,
        list_shard_keys: ListShardKeysRequest -> ListShardKeysResponse,
    }
}
