//! Values beside a statement: what comes from outside is never part of its text.

use tokio_postgres::types::{ToSql, Type};

pub(super) type Param = Box<dyn ToSql + Sync + Send>;

/// The parameters of one statement, in order, each with its type.
#[derive(Default)]
pub(super) struct Params(Vec<(Param, Type)>);

impl Params {
    /// Adds a value and gives its place in the statement: `$1`, `$2` ...
    pub(super) fn bind(&mut self, value: impl ToSql + Sync + Send + 'static, of: Type) -> String {
        self.0.push((Box::new(value), of));
        format!("${}", self.0.len())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn typed(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        self.0.iter().map(|(value, of)| (&**value as &(dyn ToSql + Sync), of.clone())).collect()
    }
}
