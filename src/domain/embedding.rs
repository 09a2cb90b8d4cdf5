//! Vectors, and what makes two of them comparable.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// A vector of finite numbers, at least one. Cloning is cheap.
///
/// ```
/// use keyvisual::domain::Embedding;
///
/// let vector = Embedding::new(vec![3.0, 4.0])?.unit()?;
/// assert_eq!(vector.as_slice(), [0.6, 0.8]);
/// assert!(Embedding::new(vec![f32::NAN]).is_err());
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<f32>", into = "Vec<f32>")]
pub struct Embedding(Arc<[f32]>);

impl Embedding {
    /// Takes the numbers as they are.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) when there are none, or one is NaN or infinite; the message says which.
    pub fn new(numbers: impl Into<Arc<[f32]>>) -> Result<Self> {
        let numbers = numbers.into();
        if numbers.is_empty() {
            return Err(Error::invalid("the vector is empty"));
        }
        match numbers.iter().position(|x| !x.is_finite()) {
            Some(at) => Err(Error::invalid(format!("number {at} of the vector is {}", numbers[at]))),
            None => Ok(Self(numbers)),
        }
    }

    /// The same direction at length 1.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a zero vector, which has no direction.
    pub fn unit(self) -> Result<Self> {
        // Sums side by side, which do not wait for each other.
        let (chunks, rest) = self.0.as_chunks::<16>();
        let mut sums = [0.0_f64; 16];
        for chunk in chunks {
            for lane in 0..16 {
                sums[lane] += f64::from(chunk[lane]).powi(2);
            }
        }
        let rest = rest.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
        let norm = (sums.iter().sum::<f64>() + rest).sqrt();
        if norm == 0.0 {
            return Err(Error::invalid("the vector is zero and has no direction"));
        }
        if (norm - 1.0).abs() < 1e-6 {
            return Ok(self);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a share of the norm fits")]
        Ok(Self(self.0.iter().map(|x| (f64::from(*x) / norm) as f32).collect()))
    }

    /// The numbers.
    #[must_use]
    pub fn as_slice(&self) -> &[f32] {
        &self.0
    }

    /// How many numbers there are.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.0.len()
    }

    /// The inner product, in double precision; of two unit vectors this is their cosine.
    ///
    /// # Errors
    /// [`SpaceMismatch`](ErrorKind::SpaceMismatch) when the lengths differ.
    pub fn dot(&self, other: &Self) -> Result<f64> {
        if self.dimensions() != other.dimensions() {
            return Err(Error::new(
                ErrorKind::SpaceMismatch,
                format!(
                    "vectors of {} and {} dimensions cannot be compared",
                    self.dimensions(),
                    other.dimensions()
                ),
            ));
        }
        Ok(self.0.iter().zip(&*other.0).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum())
    }
}

impl TryFrom<Vec<f32>> for Embedding {
    type Error = Error;

    fn try_from(numbers: Vec<f32>) -> Result<Self> {
        Self::new(numbers)
    }
}

impl From<Embedding> for Vec<f32> {
    fn from(embedding: Embedding) -> Self {
        embedding.0.to_vec()
    }
}

impl fmt::Debug for Embedding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Embedding({} dimensions)", self.0.len())
    }
}

/// What makes two vectors comparable. A store remembers its space and refuses vectors of another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EmbeddingSpace {
    /// The model, as `provider/name`.
    pub model: String,
    /// The version of the model or of its recipe.
    pub version: String,
    /// The length of every vector.
    pub dimensions: usize,
    /// How a text and an image become one vector, in a word or two: `joint`, `mean 0.5`, `text only`.
    pub pairing: String,
    /// How pictures are prepared before they are embedded: `as is`, `longest side 1024`.
    pub preparation: String,
}

impl EmbeddingSpace {
    /// A space of `dimensions` numbers, made by `model` in `version`; pairing `joint`, preparation `as is`.
    pub fn new(model: impl Into<String>, version: impl Into<String>, dimensions: usize) -> Self {
        Self {
            model: model.into(),
            version: version.into(),
            dimensions,
            pairing: "joint".into(),
            preparation: "as is".into(),
        }
    }

    /// Says how text and image are paired.
    #[must_use]
    pub fn with_pairing(mut self, pairing: impl Into<String>) -> Self {
        self.pairing = pairing.into();
        self
    }

    /// Says how pictures are prepared.
    #[must_use]
    pub fn with_preparation(mut self, preparation: impl Into<String>) -> Self {
        self.preparation = preparation.into();
        self
    }

    /// Refuses a vector of another length, naming both lengths.
    ///
    /// # Errors
    /// [`SpaceMismatch`](ErrorKind::SpaceMismatch) for another number of dimensions.
    pub fn check_length(&self, vector: &Embedding) -> Result<()> {
        let (given, wanted) = (vector.dimensions(), self.dimensions);
        if given == wanted {
            return Ok(());
        }
        let message = format!("the vector has {given} dimensions, the store's have {wanted}");
        Err(Error::new(ErrorKind::SpaceMismatch, message))
    }

    /// Refuses another space, naming both.
    ///
    /// # Errors
    /// [`SpaceMismatch`](ErrorKind::SpaceMismatch) when the spaces differ in anything.
    pub fn require(&self, other: &Self) -> Result<()> {
        if self == other {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::SpaceMismatch,
            format!(
                "the store holds vectors of {self}, not of {other}: use the embedder it was made with, or index into a new store"
            ),
        ))
    }
}

impl fmt::Display for EmbeddingSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, version, dimensions, pairing, preparation } = self;
        write!(f, "{model}@{version} ({dimensions} dimensions, {pairing}, {preparation})")
    }
}
