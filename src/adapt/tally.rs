//! What a vector store holds, in a number and two sums that do not depend on the order.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    domain::{Embedding, Record, Value},
    error::{Error, Result},
    roles::{CallContext, ScanRequest, VectorStore},
};

/// The most records of a page: a thousand vectors of 1 024 numbers are 4 MB.
pub(super) const PAGE: usize = 1_000;

/// How many records there are, and a checksum of them that does not depend on their order.
///
/// It adds up one SHA-256 per record, as numbers of 256 bits, so tallies of parts add up to the tally of the
/// whole. Ids and fields are in one sum and vectors in another, because stores may differ in the second: one that
/// keeps half precision, or brings vectors to length 1 in its own arithmetic, gives back other last bits.
/// Rounding would not help, since in a large library some number is always at an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tally {
    /// How many records.
    pub count: u64,
    /// The sum over ids and fields, which every store gives back exactly.
    pub contents: Checksum,
    /// The sum over ids and the bits of the vectors at length 1.
    pub vectors: Checksum,
}

impl Tally {
    /// The tally of one record.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a zero vector.
    pub fn of(record: &Record) -> Result<Self> {
        let mut contents = Sha256::new();
        text(&mut contents, &record.id);
        for (name, value) in &record.fields {
            text(&mut contents, name);
            hash_value(&mut contents, value);
        }
        Ok(Self { count: 1, contents: Checksum::of(contents), vectors: vector(&record.id, &record.vector)? })
    }

    /// This and another together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            contents: self.contents.plus(other.contents),
            vectors: self.vectors.plus(other.vectors),
        }
    }
}

/// Reads a store from end to end, a page at a time.
///
/// # Errors
/// The first record that cannot be read, with its `id` as context; those of [`VectorStore::scan`].
pub async fn tally<S: VectorStore>(store: S, context: CallContext) -> Result<Tally> {
    let (mut sum, mut request) = (Tally::default(), ScanRequest::new(PAGE).with_context(context));
    loop {
        let page = store.scan(request.clone()).await?;
        if let Some((id, error)) = page.damaged.into_iter().next() {
            return Err(error.with_context("id", id));
        }
        for record in &page.records {
            sum = sum.plus(Tally::of(record).map_err(|error| error.with_context("id", &record.id))?);
        }
        let Some(next) = page.next else { return Ok(sum) };
        request.cursor = Some(next);
    }
}

/// A sum of SHA-256 digests modulo 2^256; 64 hexadecimal digits in text.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checksum([u8; 32]);

impl Checksum {
    fn of(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }

    fn plus(self, other: Self) -> Self {
        let (mut sum, mut carry) = ([0; 32], 0);
        for at in (0..32).rev() {
            let digit = u16::from(self.0[at]) + u16::from(other.0[at]) + carry;
            [carry, sum[at]] = [digit >> 8, digit & 0xff];
        }
        Self(sum.map(|digit| digit.to_be_bytes()[1]))
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checksum({self})")
    }
}

impl From<Checksum> for String {
    fn from(sum: Checksum) -> Self {
        sum.to_string()
    }
}

impl TryFrom<String> for Checksum {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        let wrong = || Error::invalid(format!("\"{text}\" is no checksum: it has 64 hexadecimal digits"));
        let digits: Option<Vec<_>> = text.chars().map(|c| c.to_digit(16)).collect();
        let pairs = digits.filter(|digits| digits.len() == 64).ok_or_else(wrong)?;
        let bytes: Vec<_> =
            pairs.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]).to_be_bytes()[3]).collect();
        bytes.try_into().map(Self).map_err(|_| wrong())
    }
}

/// Lengths stand before what they measure, so no two records hash the same bytes.
fn text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text);
}

fn hash_value(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Text(value) => {
            hash.update(b"t");
            text(hash, value);
        }
        Value::Integer(value) => {
            hash.update(b"i");
            hash.update(value.to_be_bytes());
        }
        Value::Float(value) => {
            hash.update(b"f");
            hash.update((value + 0.0).to_be_bytes()); // -0.0 equals 0.0
        }
        Value::Bool(value) => hash.update([b'b', u8::from(*value)]),
        Value::Time(value) => {
            hash.update(b"m");
            hash.update(value.as_millis().to_be_bytes());
        }
        Value::TextList(values) => {
            hash.update(b"l");
            hash.update((values.len() as u64).to_be_bytes());
            values.iter().for_each(|value| text(hash, value));
        }
    }
}

fn vector(id: &str, vector: &Embedding) -> Result<Checksum> {
    let mut hash = Sha256::new();
    text(&mut hash, id);
    vector.clone().unit()?.as_slice().iter().for_each(|x| hash.update((x + 0.0).to_be_bytes()));
    Ok(Checksum::of(hash))
}
