//! Postgres by `tokio-postgres` alone, in the table that the adapter made for it.

use async_trait::async_trait;
use futures_util::future::try_join_all;
use keyvisual::{
    domain::{Embedding, Record},
    open_store,
    roles::CreateRequest,
};
use tokio_postgres::{
    Client, NoTls, Statement,
    types::{ToSql, Type},
};

use crate::{
    data,
    engine::{Bare, Engine, Outcome, fresh, tenth_of},
};

/// One statement counts what passes, the next scores it: below 5 000 the adapter asks for no index.
const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {condition} LIMIT 5001) AS passing";
const SEARCH: &str = "SELECT id, 1 - (vector <=> $1::real[]::vector) AS score, f0 FROM {table} \
                      WHERE {condition} ORDER BY score DESC, id LIMIT 10";
const UPSERT: &str = "INSERT INTO {table} (id, vector, f0) VALUES ($1, $2::real[]::vector, $3) \
                      ON CONFLICT (id) DO UPDATE SET vector = EXCLUDED.vector, f0 = EXCLUDED.f0";

struct Postgres {
    client: Client,
    table: String,
    upsert: Statement,
}

pub(crate) async fn open(url: String) -> Outcome<Engine> {
    let place = |name: &str| format!("{url}?schema=keyvisual_bench&prefix=t&collection={name}");
    let name = fresh();
    open_store(&place(&name)).await?.create(CreateRequest::new(data::space(), data::schema())).await?;
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);
    client.batch_execute("SET jit = off").await?;
    let table = format!("keyvisual_bench.t_{name}");
    let types = [Type::TEXT, Type::FLOAT4_ARRAY, Type::INT8];
    let upsert = client.prepare_typed(&UPSERT.replace("{table}", &table), &types).await?;
    Engine::new(
        "pgvector",
        open_store(&place(&fresh())).await?,
        Some(Box::new(Postgres { client, table, upsert })),
    )
    .await
}

#[async_trait]
impl Bare for Postgres {
    async fn upsert(&self, records: &[Record]) -> Outcome<()> {
        self.client.batch_execute("BEGIN").await?;
        try_join_all(records.iter().map(|record| async move {
            let vector = record.vector.as_slice();
            self.client.execute(&self.upsert, &[&record.id, &vector, &tenth_of(record)]).await
        }))
        .await?;
        Ok(self.client.batch_execute("COMMIT").await?)
    }

    async fn search(&self, query: &Embedding, filtered: bool) -> Outcome<usize> {
        let sql = |text: &str, condition: &str| {
            text.replace("{table}", &self.table).replace("{condition}", condition)
        };
        let (query, tenth) = (query.as_slice(), 3_i64);
        let rows = if filtered {
            self.client.query_typed(&sql(COUNT, "f0 = $1"), &[(&tenth, Type::INT8)]).await?;
            let parameters: [(&(dyn ToSql + Sync), Type); 2] =
                [(&query, Type::FLOAT4_ARRAY), (&tenth, Type::INT8)];
            self.client.query_typed(&sql(SEARCH, "f0 = $2"), &parameters).await?
        } else {
            self.client.query_typed(&sql(COUNT, "true"), &[]).await?;
            self.client.query_typed(&sql(SEARCH, "true"), &[(&query, Type::FLOAT4_ARRAY)]).await?
        };
        for row in &rows {
            let _: (String, f64) = (row.try_get(0)?, row.try_get(1)?);
        }
        Ok(rows.len())
    }
}
