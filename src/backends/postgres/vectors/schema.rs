//! Tables of a collection: made once, remembered, found again.

use tokio_postgres::types::Type;

use super::{
    super::{client::Client, error, params::Params, tables},
    collection::{Collection, Index},
    names::Names,
    row,
};
use crate::{
    domain::{FieldType, Schema},
    error::{Error, ErrorKind, Result},
};

/// The layout of the tables. Another number is another layout.
const FORMAT: i32 = 1;

/// A row keeps a pointer of 18 bytes for each long value and must fit a page of 8 KiB.
const MAX_FIELDS: usize = 400;

/// The collection, if it was created.
pub(super) async fn load(client: &Client, names: &Names) -> Result<Option<Collection>> {
    let sql = format!("SELECT space, fields, index, format FROM {} WHERE collection = $1", names.collections);
    let mut params = Params::default();
    params.bind(names.collection.clone(), Type::TEXT);
    let rows = match client.query(&sql, &params).await {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None), // not even the table of collections
        rows => rows?,
    };
    let Some(row) = rows.first() else { return Ok(None) };
    let text = |at| row.try_get::<_, String>(at).map_err(error::native);
    let format: i32 = row.try_get(3).map_err(error::native)?;
    if format != FORMAT {
        let message = format!("the collection has format {format}, this version of the crate knows {FORMAT}");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(Some(Collection {
        names: names.clone(),
        space: read(&text(0)?, "embedding space")?,
        schema: read(&text(1)?, "schema")?,
        index: Index::parse(&text(2)?)?,
    }))
}

/// Makes the tables, unless somebody was quicker; then gives false.
pub(super) async fn create(client: &Client, wanted: &Collection, hnsw: (u16, u16)) -> Result<bool> {
    let mut connection = client.connection().await?;
    let transaction = connection.transaction().await.map_err(error::native)?;
    let names = &wanted.names;
    tables::lock(&transaction, &names.schema).await?;
    let collections = format!(
        "CREATE EXTENSION IF NOT EXISTS vector; CREATE TABLE IF NOT EXISTS {} (collection text PRIMARY KEY, \
         format integer NOT NULL, space text NOT NULL, fields text NOT NULL, index text NOT NULL)",
        names.collections
    );
    transaction.batch_execute(&collections).await.map_err(error::native)?;
    let insert = format!(
        "INSERT INTO {} (collection, format, space, fields, index) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        names.collections
    );
    let (space, fields) = (write(&wanted.space)?, write(&wanted.schema)?);
    let inserted = transaction
        .execute_typed(
            &insert,
            &[
                (&names.collection, Type::TEXT),
                (&FORMAT, Type::INT4),
                (&space, Type::TEXT),
                (&fields, Type::TEXT),
                (&wanted.index.as_str(), Type::TEXT),
            ],
        )
        .await
        .map_err(error::native)?;
    if inserted == 1 {
        transaction.batch_execute(&statements(wanted, hnsw)).await.map_err(error::native)?;
    }
    transaction.commit().await.map_err(error::native)?;
    Ok(inserted == 1)
}

/// The statements that make the table of records and its indexes.
fn statements(collection: &Collection, (m, ef_construction): (u16, u16)) -> String {
    let Names { table, bare_table, .. } = &collection.names;
    let dimensions = collection.space.dimensions;
    let columns: String =
        collection.columns().map(|(column, _, of)| format!(", {column} {}", row::type_of(of).0)).collect();
    let mut sql = format!(
        "CREATE TABLE {table} (id text COLLATE \"C\" PRIMARY KEY, vector vector({dimensions}) NOT NULL{columns});"
    );
    let what = match collection.index {
        Index::None => None,
        Index::Vector => Some("vector vector_cosine_ops".into()),
        Index::HalfVec => Some(format!("(vector::halfvec({dimensions})) halfvec_cosine_ops")),
    };
    if let Some(what) = what {
        sql += &format!(
            "CREATE INDEX \"{bare_table}_hnsw\" ON {table} USING hnsw ({what}) WITH (m = {m}, ef_construction = {ef_construction});"
        );
    }
    for (column, name, of) in collection.columns() {
        let filterable = collection.schema.get(name).is_some_and(|spec| spec.filterable);
        // A hash takes texts of any length; entries of a tree and of an inverted index must be short.
        let method = match of {
            FieldType::Text => "hash",
            FieldType::Integer | FieldType::Float | FieldType::Time => "btree",
            FieldType::Bool | FieldType::TextList => continue,
        };
        if filterable {
            sql += &format!("CREATE INDEX \"{bare_table}_{column}\" ON {table} USING {method} ({column});");
        }
    }
    sql
}

/// Refuses what the engine cannot take.
pub(super) fn check(schema: &Schema) -> Result<()> {
    match schema.iter().count() {
        fields if fields > MAX_FIELDS => Err(Error::new(
            ErrorKind::Unsupported,
            format!("the store takes at most {MAX_FIELDS} fields, not {fields}"),
        )),
        _ => Ok(()),
    }
}

fn read<T: serde::de::DeserializeOwned>(json: &str, what: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|e| {
        Error::new(ErrorKind::Corrupt, format!("the collection's {what} cannot be read: {e}")).with_source(e)
    })
}

fn write(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|e| Error::new(ErrorKind::Internal, format!("the collection cannot be described: {e}")))
}
