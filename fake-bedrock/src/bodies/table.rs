//! The schemas of all bodies, from the files beside.

use std::sync::LazyLock;

use serde_json::Value;

use crate::{refusal::Result, schema};

/// One file: definitions, and bodies by name.
pub(super) struct Table(LazyLock<Value>);

macro_rules! table {
    ($file:literal) => {
        Table(LazyLock::new(|| match serde_json::from_str(include_str!($file)) {
            Ok(table) => table,
            Err(error) => panic!(concat!($file, ": {}"), error),
        }))
    };
}

pub(super) static EMBED: Table = table!("embed.json");
pub(super) static STABILITY: Table = table!("stability/bodies.json");
pub(super) static CANVAS: Table = table!("canvas/canvas.json");
pub(super) static TITAN_IMAGE: Table = table!("canvas/titan.json");
pub(super) static CONVERSE: Table = table!("converse/bodies.json");

impl Table {
    /// Whether there is a schema `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0["bodies"].get(name).is_some()
    }

    /// Checks `body` against the schema `name`.
    pub(super) fn check(&self, name: &str, body: &Value) -> Result<()> {
        schema::check(body, &self.0["bodies"][name], &self.0["definitions"])
    }
}
