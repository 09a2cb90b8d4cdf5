//! What is known of image models by their names; the last entry stands for all that are not known.

use serde::Deserialize;

use crate::{
    domain::{MediaType, PixelSize},
    error::{Error, ErrorKind, Result},
    roles::{Sizes, TaskKind},
};

const DATA: &str = include_str!("image_models.json");

/// How a server shall deliver pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ImageDelivery {
    /// Inside the answer, asked for by `response_format: b64_json`.
    B64Json,
    /// At an address of the server's own, asked for by `response_format: url` and fetched.
    Url,
}

impl ImageDelivery {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::B64Json => "b64_json",
            Self::Url => "url",
        }
    }
}

/// What one model takes and delivers. A list that is not there means that nothing is known: anything is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImageModel {
    prefix: String,
    sizes: SizeData,
    pub(super) max_count: u32,
    pub(super) max_prompt_chars: usize,
    /// The field `response_format`; none where the model refuses it.
    #[serde(default)]
    pub(super) response_format: Option<ImageDelivery>,
    pub(super) edits: Vec<TaskKind>,
    #[serde(default)]
    pub(super) max_picture_bytes: Option<u64>,
    #[serde(default)]
    pub(super) quality: Option<Vec<String>>,
    #[serde(default)]
    pub(super) background: Option<Vec<String>>,
    #[serde(default)]
    pub(super) output_formats: Option<Vec<MediaType>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SizeData {
    Any { min: u32, max: u32, multiple_of: u32 },
    Within { min: u32, max: u32, multiple_of: u32, max_pixels: u64, max_ratio: u32 },
    These(Vec<(u32, u32)>),
}

#[derive(Deserialize)]
struct ImageModels {
    models: Vec<ImageModel>,
}

impl ImageModel {
    /// What is known of `model`.
    ///
    /// # Errors
    /// [`Internal`](ErrorKind::Internal) when the data of this crate cannot be read.
    pub(super) fn of(model: &str) -> Result<Self> {
        let wrong = |why: String| Error::new(ErrorKind::Internal, format!("image_models.json: {why}"));
        let all: ImageModels = serde_json::from_str(DATA).map_err(|error| wrong(error.to_string()))?;
        let found = all.models.into_iter().find(|known| model.starts_with(&known.prefix));
        found.ok_or_else(|| wrong("there is no entry for unknown models".into()))
    }

    pub(super) fn sizes(&self) -> Sizes {
        match &self.sizes {
            SizeData::Any { min, max, multiple_of } => {
                Sizes::Any { min: *min, max: *max, multiple_of: *multiple_of }
            }
            SizeData::Within { min, max, multiple_of, max_pixels, max_ratio } => Sizes::Within {
                min: *min,
                max: *max,
                multiple_of: *multiple_of,
                max_pixels: *max_pixels,
                max_ratio: *max_ratio,
            },
            SizeData::These(sizes) => {
                Sizes::These(sizes.iter().map(|(width, height)| PixelSize::new(*width, *height)).collect())
            }
        }
    }
}
