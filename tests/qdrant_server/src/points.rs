//! The service `Points`.

use std::sync::Arc;

use qdrant_client::qdrant::{self as api, points_server::Points};
use qdrant_edge::{
    CountRequest, CreateIndex, FieldIndexOperations, NamedQuery, PointInsertOperations, PointOperations,
    QueryEnum, QueryRequest, ScoringQuery, ScrollRequest, UpdateOperation,
};
use tonic::{Request, Response, Status};

use crate::{collection::Collection, collections::unimplemented_calls, convert, server::Server};

async fn write(
    collection: Arc<Collection>,
    operation: UpdateOperation,
) -> Result<Response<api::PointsOperationResponse>, Status> {
    collection.write(operation).await?;
    let result = api::UpdateResult { operation_id: None, status: api::UpdateStatus::Completed.into() };
    Ok(Response::new(api::PointsOperationResponse { result: Some(result), time: 0.0, usage: None }))
}

#[tonic::async_trait]
impl Points for Server {
    async fn upsert(
        &self,
        request: Request<api::UpsertPoints>,
    ) -> Result<Response<api::PointsOperationResponse>, Status> {
        let request = self.enter("Upsert", request).await?;
        let collection = self.collection(&request.collection_name)?;
        let points = request.points.into_iter().map(convert::point).collect::<Result<_, _>>()?;
        let points = PointOperations::UpsertPoints(PointInsertOperations::PointsList(points));
        write(collection, UpdateOperation::PointOperation(points)).await
    }

    async fn delete(
        &self,
        request: Request<api::DeletePoints>,
    ) -> Result<Response<api::PointsOperationResponse>, Status> {
        let request = self.enter("Delete", request).await?;
        let collection = self.collection(&request.collection_name)?;
        let ids = convert::selected(request.points)?;
        write(collection, UpdateOperation::PointOperation(PointOperations::DeletePoints { ids })).await
    }

    async fn create_field_index(
        &self,
        request: Request<api::CreateFieldIndexCollection>,
    ) -> Result<Response<api::PointsOperationResponse>, Status> {
        let request = self.enter("CreateFieldIndex", request).await?;
        let collection = self.collection(&request.collection_name)?;
        let field_name = convert::path(&request.field_name)?;
        let field_schema = Some(convert::field_schema(&request)?);
        let index = FieldIndexOperations::CreateIndex(CreateIndex { field_name, field_schema });
        write(collection, UpdateOperation::FieldIndexOperation(index)).await
    }

    async fn get(&self, request: Request<api::GetPoints>) -> Result<Response<api::GetResponse>, Status> {
        let request = self.enter("Get", request).await?;
        let collection = self.collection(&request.collection_name)?;
        let ids = request.ids.into_iter().map(convert::id).collect::<Result<Vec<_>, _>>()?;
        let payload = convert::with_payload(request.with_payload);
        let vector = convert::with_vector(request.with_vectors);
        let found = collection.read(move |shard| shard.retrieve(&ids, Some(payload), Some(vector))).await?;
        let result = found.into_iter().map(convert::record).collect();
        Ok(Response::new(api::GetResponse { result, time: 0.0, usage: None }))
    }

    async fn scroll(
        &self,
        request: Request<api::ScrollPoints>,
    ) -> Result<Response<api::ScrollResponse>, Status> {
        let request = self.enter("Scroll", request).await?;
        let collection = self.collection(&request.collection_name)?;
        let scroll = ScrollRequest {
            offset: request.offset.map(convert::id).transpose()?,
            limit: request.limit.map(|limit| limit as usize),
            filter: request.filter.map(convert::filter).transpose()?,
            with_payload: Some(convert::with_payload(request.with_payload)),
            with_vector: convert::with_vector(request.with_vectors),
            order_by: request.order_by.map(convert::order_by).transpose()?,
        };
        let (found, next) = collection.read(move |shard| shard.scroll(scroll)).await?;
        let result = found.into_iter().map(convert::record).collect();
        let next_page_offset = next.map(convert::id_back);
        Ok(Response::new(api::ScrollResponse { next_page_offset, result, time: 0.0, usage: None }))
    }

    async fn count(
        &self,
        request: Request<api::CountPoints>,
    ) -> Result<Response<api::CountResponse>, Status> {
        let request = self.enter("Count", request).await?;
        let collection = self.collection(&request.collection_name)?;
        let filter = request.filter.map(convert::filter).transpose()?;
        let count = CountRequest { filter, exact: request.exact.unwrap_or(true) };
        let count = collection.read(move |shard| shard.count(count)).await? as u64;
        let result = Some(api::CountResult { count });
        Ok(Response::new(api::CountResponse { result, time: 0.0, usage: None }))
    }

    async fn query(
        &self,
        request: Request<api::QueryPoints>,
    ) -> Result<Response<api::QueryResponse>, Status> {
        let request = self.enter("Query", request).await?;
        let collection = self.collection(&request.collection_name)?;
        let vector = NamedQuery::default_dense(convert::nearest(request.query)?);
        let query = QueryRequest {
            prefetches: Vec::new(),
            query: Some(ScoringQuery::Vector(QueryEnum::Nearest(vector))),
            filter: request.filter.map(convert::filter).transpose()?,
            score_threshold: request.score_threshold.map(Into::into),
            limit: request.limit.unwrap_or(10) as usize,
            offset: request.offset.unwrap_or(0) as usize,
            params: request.params.map(convert::params),
            with_vector: convert::with_vector(request.with_vectors),
            with_payload: convert::with_payload(request.with_payload),
        };
        let found = collection.read(move |shard| shard.query(query)).await?;
        let result = found.into_iter().map(convert::scored).collect();
        Ok(Response::new(api::QueryResponse { result, time: 0.0, usage: None }))
    }

    unimplemented_calls! {
        update_vectors: UpdatePointVectors -> PointsOperationResponse,
        delete_vectors: DeletePointVectors -> PointsOperationResponse,
        set_payload: SetPayloadPoints -> PointsOperationResponse,
        overwrite_payload: SetPayloadPoints -> PointsOperationResponse,
        delete_payload: DeletePayloadPoints -> PointsOperationResponse,
        clear_payload: ClearPayloadPoints -> PointsOperationResponse,
        delete_field_index: DeleteFieldIndexCollection -> PointsOperationResponse,
        create_vector_name: CreateVectorNameRequest -> PointsOperationResponse,
        delete_vector_name: DeleteVectorNameRequest -> PointsOperationResponse,
        search: SearchPoints -> SearchResponse,
        search_batch: SearchBatchPoints -> SearchBatchResponse,
        search_groups: SearchPointGroups -> SearchGroupsResponse,
        recommend: RecommendPoints -> RecommendResponse,
        recommend_batch: RecommendBatchPoints -> RecommendBatchResponse,
        recommend_groups: RecommendPointGroups -> RecommendGroupsResponse,
        discover: DiscoverPoints -> DiscoverResponse,
        discover_batch: DiscoverBatchPoints -> DiscoverBatchResponse,
        update_batch: UpdateBatchPoints -> UpdateBatchResponse,
        query_batch: QueryBatchPoints -> QueryBatchResponse,
        query_groups: QueryPointGroups -> QueryGroupsResponse,
        facet: FacetCounts -> FacetResponse,
        search_matrix_pairs: SearchMatrixPoints -> SearchMatrixPairsResponse,
        search_matrix_offsets: SearchMatrixPoints -> SearchMatrixOffsetsResponse,
    }
}
