//! What a chat model can do.

use serde::{Deserialize, Serialize};

/// What a chat model can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChatCapabilities {
    /// Takes pictures.
    pub images: bool,
    /// The most pictures in one request, where known.
    pub max_images: Option<usize>,
    /// The most bytes of one picture, where known.
    pub max_image_bytes: Option<u64>,
    /// Can be forced to answer by a JSON schema.
    pub json_schema: bool,
    /// The most tokens it writes in one answer, where known.
    pub max_output_tokens: Option<u32>,
}

impl ChatCapabilities {
    /// Takes pictures and a schema; how many, how large and how long its answers may be is not known.
    #[must_use]
    pub fn new() -> Self {
        Self {
            images: true,
            max_images: None,
            max_image_bytes: None,
            json_schema: true,
            max_output_tokens: None,
        }
    }

    /// Says whether it takes pictures.
    #[must_use]
    pub fn with_images(mut self, images: bool) -> Self {
        self.images = images;
        self
    }

    /// Sets the most pictures in one request.
    #[must_use]
    pub fn with_max_images(mut self, pictures: usize) -> Self {
        self.max_images = Some(pictures);
        self
    }

    /// Sets the most bytes of one picture.
    #[must_use]
    pub fn with_max_image_bytes(mut self, bytes: u64) -> Self {
        self.max_image_bytes = Some(bytes);
        self
    }

    /// Says whether it can be forced by a schema.
    #[must_use]
    pub fn with_json_schema(mut self, json_schema: bool) -> Self {
        self.json_schema = json_schema;
        self
    }

    /// Sets the most tokens in one answer.
    #[must_use]
    pub fn with_max_output_tokens(mut self, tokens: u32) -> Self {
        self.max_output_tokens = Some(tokens);
        self
    }
}

impl Default for ChatCapabilities {
    fn default() -> Self {
        Self::new()
    }
}
