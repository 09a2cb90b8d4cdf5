//! S3 Vectors by the SDK alone, in an index of the same bucket.

use async_trait::async_trait;
use aws_sdk_s3vectors::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    types::{IndexMode, PutInputVector, VectorData},
};
use aws_smithy_types::{Document, Number};
use keyvisual::{
    domain::{Embedding, Record},
    open_store,
    roles::CreateRequest,
};

use crate::{
    data,
    engine::{Bare, Engine, Outcome, fresh, tenth_of},
};

const BUCKET: &str = "keyvisual-bench";

/// The adapter asks for this many more, as ties come in any order.
const TIES: i32 = 32;

struct S3Vectors {
    client: Client,
    index: String,
}

pub(crate) async fn open(url: String) -> Outcome<Engine> {
    let place =
        |index: &str| format!("s3vectors://key:secret@{BUCKET}/{index}?region=us-east-1&endpoint={url}");
    let index = fresh().replace('_', "-");
    let bare = open_store(&place(&index)).await?;
    bare.create(CreateRequest::new(data::space(), data::schema())).await?;
    let config = aws_sdk_s3vectors::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "bench"))
        .endpoint_url(&url)
        .build();
    let bare = S3Vectors { client: Client::from_conf(config), index };
    Engine::new("s3vectors", open_store(&place(&fresh().replace('_', "-"))).await?, Some(Box::new(bare)))
        .await
}

#[async_trait]
impl Bare for S3Vectors {
    async fn upsert(&self, records: &[Record]) -> Outcome<()> {
        let vector = |record: &Record| {
            let tenth = Document::Number(Number::PosInt(tenth_of(record).unsigned_abs()));
            PutInputVector::builder()
                .key(&record.id)
                .data(VectorData::Float32(record.vector.as_slice().to_vec()))
                .metadata(Document::Object([("tenth".to_owned(), tenth)].into()))
                .build()
        };
        let vectors = records.iter().map(vector).collect::<Result<Vec<_>, _>>()?;
        let put = self.client.put_vectors().vector_bucket_name(BUCKET).index_name(&self.index);
        put.set_vectors(Some(vectors)).send().await?;
        Ok(())
    }

    async fn search(&self, query: &Embedding, filtered: bool) -> Outcome<usize> {
        let eq = Document::Object([("$eq".to_owned(), Document::Number(Number::PosInt(3)))].into());
        let filter = filtered.then(|| Document::Object([("tenth".to_owned(), eq)].into()));
        let query = self
            .client
            .query_vectors()
            .vector_bucket_name(BUCKET)
            .index_name(&self.index)
            .query_vector(VectorData::Float32(query.as_slice().to_vec()))
            .top_k(i32::try_from(data::K)? + TIES)
            .set_query_mode(filter.is_some().then_some(IndexMode::Enhanced))
            .set_filter(filter)
            .return_distance(true)
            .return_metadata(true);
        let answer = query.send().await?;
        let found = answer.vectors.iter().filter(|hit| !hit.key.is_empty() && hit.distance.is_some()).count();
        Ok(found.min(data::K))
    }
}
