//! A collection made, or found made.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{EmbeddingSpace, Schema, Usage},
    roles::{
        CallContext,
        request::{reply, request},
    },
};

/// The collection to make.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CreateRequest {
    /// The space of every vector.
    pub space: EmbeddingSpace,
    /// The fields that records may have.
    pub schema: Schema,
    /// On whose behalf.
    #[serde(skip)]
    pub context: CallContext,
}

impl CreateRequest {
    /// A collection for vectors of `space` and fields of `schema`.
    #[must_use]
    pub fn new(space: EmbeddingSpace, schema: Schema) -> Self {
        Self { space, schema, context: CallContext::new() }
    }
}

request!(CreateRequest -> CreateReply, "create", |_r| Usage::REQUEST);

/// Whether the collection is new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreateReply {
    /// It was made by this call.
    pub created: bool,
    /// What the call used.
    pub usage: Usage,
}

impl CreateReply {
    /// The collection was made by this call, or was there.
    #[must_use]
    pub fn new(created: bool) -> Self {
        Self { created, usage: Usage::NONE }
    }
}

reply!(CreateReply);
