//! Qdrant by the stubs of its client alone, in the collection that the adapter made for it.

use std::collections::HashMap;

use async_trait::async_trait;
use keyvisual::{
    domain::{Embedding, Record},
    open_store,
    roles::CreateRequest,
};
use qdrant_client::{
    Payload,
    qdrant::{
        Condition, Filter, PointStruct, Query, QueryPoints, SearchParams, Struct, UpsertPoints, Value,
        WriteOrdering, WriteOrderingType, points_client::PointsClient, value::Kind,
    },
};
use tonic::transport::Channel;
use uuid::Uuid;

use crate::{
    data,
    engine::{Bare, Engine, Outcome, fresh, tenth_of},
};

struct Qdrant {
    channel: Channel,
    collection: String,
}

pub(crate) async fn open(url: String) -> Outcome<Engine> {
    let collection = fresh();
    open_store(&format!("{url}/{collection}"))
        .await?
        .create(CreateRequest::new(data::space(), data::schema()))
        .await?;
    let channel = Channel::from_shared(url.replace("qdrant://", "http://"))?.connect().await?;
    let store = open_store(&format!("{url}/{}", fresh())).await?;
    Engine::new("qdrant", store, Some(Box::new(Qdrant { channel, collection }))).await
}

fn object(fields: HashMap<String, Value>) -> Value {
    Value { kind: Some(Kind::StructValue(Struct { fields })) }
}

#[async_trait]
impl Bare for Qdrant {
    async fn upsert(&self, records: &[Record]) -> Outcome<()> {
        let point = |record: &Record| {
            let tenth = [("tenth".to_owned(), tenth_of(record).into())].into();
            let order = (0..4).map(|level| (format!("k{level}"), 0_i64.into())).collect();
            let mut payload = Payload::new();
            payload.insert("id", record.id.as_str());
            payload.insert("order", object(order));
            payload.insert("has", vec!["tenth"]);
            payload.insert("fields", object(tenth));
            payload.insert("floats", object(HashMap::new()));
            let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, record.id.as_bytes()).to_string();
            PointStruct::new(id, record.vector.as_slice().to_vec(), payload)
        };
        let request = UpsertPoints {
            collection_name: self.collection.clone(),
            wait: Some(true),
            points: records.iter().map(point).collect(),
            ordering: Some(WriteOrdering { r#type: WriteOrderingType::Medium.into() }),
            ..UpsertPoints::default()
        };
        PointsClient::new(self.channel.clone()).upsert(request).await?;
        Ok(())
    }

    async fn search(&self, query: &Embedding, filtered: bool) -> Outcome<usize> {
        let request = QueryPoints {
            collection_name: self.collection.clone(),
            query: Some(Query::new_nearest(query.as_slice().to_vec())),
            filter: filtered.then(|| Filter::must([Condition::matches("fields.tenth", 3_i64)])),
            params: Some(SearchParams { hnsw_ef: Some(200), exact: Some(false), ..SearchParams::default() }),
            limit: Some(data::K as u64 + 1),
            with_payload: Some(true.into()),
            with_vectors: Some(false.into()),
            ..QueryPoints::default()
        };
        let answer = PointsClient::new(self.channel.clone()).query(request).await?.into_inner();
        let found = answer.result.iter().filter(|hit| hit.id.is_some() && hit.score.is_finite());
        Ok(found.count().min(data::K))
    }
}
