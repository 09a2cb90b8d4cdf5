//! A filter as a condition of SQL, with every value as a parameter.

use tokio_postgres::types::Type;

use super::{super::params::Params, collection::Collection};
use crate::{
    domain::{Bounds, FieldType, Filter, Value},
    error::{Error, ErrorKind, Result},
};

/// The most parameters of a statement is 65 535; the rest is room for the others.
const MAX_PARAMS: usize = 60_000;

/// The condition that a record passes; `TRUE` without a filter.
///
/// A column is null where the field is missing, so a leaf may be null there, which `AND`, `OR` and `WHERE` treat
/// as false. `IS NOT TRUE` makes `not` two-valued.
pub(super) fn condition(
    filter: Option<&Filter>,
    collection: &Collection,
    params: &mut Params,
) -> Result<String> {
    let Some(filter) = filter else { return Ok("TRUE".into()) };
    filter.validate(&collection.schema)?;
    let condition = sql(filter, collection, params)?;
    if params.len() > MAX_PARAMS {
        let message = format!("the filter has more than {MAX_PARAMS} values, more than a statement takes");
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    Ok(condition)
}

fn sql(filter: &Filter, collection: &Collection, params: &mut Params) -> Result<String> {
    Ok(match filter {
        Filter::Eq(name, value) => {
            let (column, of) = collection.column(name)?;
            any_of(&column, of, std::slice::from_ref(value), params)?
        }
        Filter::In(name, values) => {
            let (column, of) = collection.column(name)?;
            any_of(&column, of, values, params)?
        }
        Filter::Range(name, bounds) => {
            let (column, _) = collection.column(name)?;
            range(&column, bounds, params)?
        }
        Filter::Exists(name) => format!("{} IS NOT NULL", collection.column(name)?.0),
        Filter::And(all) => joined(all, " AND ", "TRUE", collection, params)?,
        Filter::Or(any) => joined(any, " OR ", "FALSE", collection, params)?,
        Filter::Not(filter) => format!("({}) IS NOT TRUE", sql(filter, collection, params)?),
    })
}

fn joined(
    filters: &[Filter],
    by: &str,
    none: &str,
    collection: &Collection,
    params: &mut Params,
) -> Result<String> {
    let parts = filters.iter().map(|filter| sql(filter, collection, params));
    let parts = parts.collect::<Result<Vec<_>>>()?;
    Ok(if parts.is_empty() { none.into() } else { format!("({})", parts.join(by)) })
}

/// The column is, or contains, one of the values.
fn any_of(column: &str, of: FieldType, values: &[Value], params: &mut Params) -> Result<String> {
    let (mut texts, mut integers, mut floats, mut bools) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for value in values {
        match value {
            // Postgres keeps no NUL, so no record has such a text.
            Value::Text(text) if text.contains('\0') => {}
            Value::Text(text) => texts.push(text.clone()),
            Value::Integer(number) => integers.push(*number),
            Value::Time(time) => integers.push(time.as_millis()),
            Value::Float(number) => floats.push(*number),
            Value::Bool(yes) => bools.push(*yes),
            Value::TextList(_) => return Err(Error::invalid("a list is compared by its elements")),
        }
    }
    let place = match of {
        FieldType::Text | FieldType::TextList => params.bind(texts, Type::TEXT_ARRAY),
        FieldType::Integer | FieldType::Time => params.bind(integers, Type::INT8_ARRAY),
        FieldType::Float => params.bind(floats, Type::FLOAT8_ARRAY),
        FieldType::Bool => params.bind(bools, Type::BOOL_ARRAY),
    };
    Ok(if of == FieldType::TextList {
        format!("{column} && {place}")
    } else {
        format!("{column} = ANY({place})")
    })
}

fn range(column: &str, bounds: &Bounds, params: &mut Params) -> Result<String> {
    let Bounds { gt, gte, lt, lte } = bounds;
    let mut parts = Vec::new();
    for (sign, bound) in [(">", gt), (">=", gte), ("<", lt), ("<=", lte)] {
        let place = match bound {
            None => continue,
            Some(Value::Integer(number)) => params.bind(*number, Type::INT8),
            Some(Value::Time(time)) => params.bind(time.as_millis(), Type::INT8),
            Some(Value::Float(number)) => params.bind(*number, Type::FLOAT8),
            Some(_) => return Err(Error::invalid("a range takes integers, floats or times")),
        };
        parts.push(format!("{column} {sign} {place}"));
    }
    Ok(format!("({})", parts.join(" AND ")))
}
