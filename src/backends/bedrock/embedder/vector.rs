//! What comes back, as a vector that can be compared.

use serde::de::DeserializeOwned;

use crate::{backends::bedrock::error, domain::Embedding, error::Result};

/// A vector as the model made it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) numbers: Vec<f32>,
    pub(super) tokens: u64,
    pub(super) note: Option<String>,
}

/// The vector at length 1.
///
/// # Errors
/// [`InvalidReply`](crate::ErrorKind::InvalidReply) for another number of dimensions, for numbers that are not finite and for a vector of zeros.
pub(super) fn unit(numbers: Vec<f32>, dimensions: usize) -> Result<Embedding> {
    if numbers.len() != dimensions {
        let found = numbers.len();
        return Err(error::reply(format!("the vector has {found} dimensions, {dimensions} were asked for")));
    }
    Embedding::new(numbers).and_then(Embedding::unit).map_err(|e| error::reply(e.message()))
}

pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes)
        .map_err(|e| error::reply(format!("the answer is not the JSON of this model: {e}")).with_source(e))
}
