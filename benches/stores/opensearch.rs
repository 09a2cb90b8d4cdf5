//! OpenSearch by the official client alone, in the index that the adapter made for it.

use std::fmt::Write as _;

use async_trait::async_trait;
use keyvisual::{
    domain::{Embedding, Record},
    open_store,
    roles::CreateRequest,
};
use opensearch::http::{
    Method, Url,
    headers::{CONTENT_TYPE, HeaderMap, HeaderValue},
    transport::{SingleNodeConnectionPool, Transport, TransportBuilder},
};
use serde_json::{Value, json};

use crate::{
    data,
    engine::{Bare, Engine, Outcome, fresh, tenth_of},
};

struct OpenSearch {
    transport: Transport,
    index: String,
}

pub(crate) async fn open(url: String) -> Outcome<Engine> {
    let index = fresh();
    open_store(&format!("opensearch+{url}/{index}?replicas=0"))
        .await?
        .create(CreateRequest::new(data::space(), data::schema()))
        .await?;
    let transport = TransportBuilder::new(SingleNodeConnectionPool::new(Url::parse(&url)?)).build()?;
    let store = open_store(&format!("opensearch+{url}/{}?replicas=0", fresh())).await?;
    Engine::new("opensearch", store, Some(Box::new(OpenSearch { transport, index }))).await
}

impl OpenSearch {
    async fn send(&self, path: &str, lines: bool, body: String) -> Outcome<Value> {
        let mut headers = HeaderMap::new();
        if lines {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        }
        let path = format!("/{}/{path}", self.index);
        let none = None::<&()>;
        let answer = self.transport.send(Method::Post, &path, headers, none, Some(body), None).await?;
        Ok(answer.error_for_status_code()?.json().await?)
    }
}

#[async_trait]
impl Bare for OpenSearch {
    async fn upsert(&self, records: &[Record]) -> Outcome<()> {
        let mut lines = String::new();
        for record in records {
            let document = json!({
                "id": record.id, "vector": record.vector.as_slice(), "has": ["f0"], "is": { "f0": tenth_of(record) },
            });
            writeln!(lines, "{}\n{document}", json!({ "index": { "_id": record.id } }))?;
        }
        let answer = self.send("_bulk?refresh=true", true, lines).await?;
        if answer["errors"] == false { Ok(()) } else { Err("a batch with errors".into()) }
    }

    async fn search(&self, query: &Embedding, filtered: bool) -> Outcome<usize> {
        let passes = if filtered { json!({ "term": { "is.f0": 3 } }) } else { json!({ "match_all": {} }) };
        let count = json!({ "size": 0, "track_total_hits": 5_001, "query": passes });
        self.send("_search", false, count.to_string()).await?;
        let search = json!({
            "size": data::K,
            "track_total_hits": false,
            "_source": { "excludes": ["vector"] },
            "sort": [{ "_score": "desc" }, { "id": "asc" }],
            "query": { "script_score": {
                "query": { "bool": { "filter": [passes] } },
                "script": { "lang": "knn", "source": "knn_score", "params": {
                    "field": "vector", "query_value": query.as_slice(), "space_type": "innerproduct",
                }},
            }},
        });
        let answer = self.send("_search", false, search.to_string()).await?;
        let hits = answer["hits"]["hits"].as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(hits.iter().filter(|hit| hit["_id"].is_string() && hit["_score"].is_number()).count())
    }
}
