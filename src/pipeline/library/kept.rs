//! Results of single steps, kept until and after the picture is in the library.

use std::marker::PhantomData;

use bytes::Bytes;

use super::super::Shared;
use crate::{
    domain::{Card, ContentHash, Embedding, ReferenceId},
    error::Result,
    roles::{CallContext, DeleteAssetRequest, DescribeReply, GetAssetRequest, PutAssetRequest},
};

/// What the keys of step results begin with.
const ROOT: &str = "library/";

/// What the keys of a picture's step results begin with.
pub(super) fn prefix(id: &ReferenceId) -> String {
    [ROOT, id.as_str(), "/"].concat()
}

/// Names what a result was made by and from, in 16 hexadecimal digits.
pub(super) fn short_hash(made_from: &str) -> String {
    ContentHash::of(made_from.as_bytes()).as_str()[..16].into()
}

/// The step that makes one `T` for one picture.
#[derive(Debug)]
pub(super) struct Step<T> {
    key: String,
    operation: &'static str,
    keep: bool,
    look: bool,
    makes: PhantomData<fn() -> T>,
}

impl<T: StepResult> Step<T> {
    /// A step by the model with `card`; `made_from` is the hash of all that its result depends on beside the
    /// picture.
    pub(super) fn new(id: &ReferenceId, operation: &'static str, made_from: &str, card: &Card) -> Self {
        let key = [ROOT, id.as_str(), "/", operation, ".", made_from, ".", T::EXTENSION].concat();
        // What this process makes by itself is made again for less than a file costs.
        let keep = !card.is_local();
        Self { key, operation, keep, look: keep, makes: PhantomData }
    }

    /// Of a picture that comes up for the first time nothing can be kept, so nothing is looked for.
    pub(super) fn first_time(mut self, first: bool) -> Self {
        self.look &= !first;
        self
    }

    /// Names the unit of work, and what is kept of it.
    pub(super) fn key(&self) -> &str {
        &self.key
    }
}

/// A result that can be kept.
pub(super) trait StepResult: Sized + Send + Sync {
    /// What its keys end with.
    const EXTENSION: &'static str;

    fn to_bytes(&self) -> Option<Bytes>;

    /// None when the bytes are not such a result.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl StepResult for DescribeReply {
    const EXTENSION: &'static str = "json";

    fn to_bytes(&self) -> Option<Bytes> {
        serde_json::to_vec(self).ok().map(Bytes::from)
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

/// 32-bit floats, little end first.
impl StepResult for Embedding {
    const EXTENSION: &'static str = "f32";

    fn to_bytes(&self) -> Option<Bytes> {
        let mut bytes = Vec::with_capacity(4 * self.as_slice().len());
        self.as_slice().iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        Some(bytes.into())
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<4>();
        let numbers: Vec<_> = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
        if rest.is_empty() { Self::new(numbers).ok() } else { None }
    }
}

impl Shared {
    /// The result of `step` from an earlier run, and `true`; or what `make` gives, kept before it is given back.
    pub(super) async fn kept_or<T: StepResult>(
        &self,
        step: &Step<T>,
        context: &CallContext,
        make: impl Future<Output = Result<T>> + Send,
    ) -> Result<(T, bool)> {
        if step.look
            && let Some(result) = self.kept(&step.key, context).await?
        {
            return Ok((result, true));
        }
        let result = make.await.map_err(|error| error.with_operation(step.operation))?;
        if step.keep {
            self.keep(&step.key, &result, context).await;
        }
        Ok((result, false))
    }

    async fn kept<T: StepResult>(&self, key: &str, context: &CallContext) -> Result<Option<T>> {
        let request = GetAssetRequest::new(key).with_context(context.clone());
        let Some(bytes) = self.assets.get(request).await?.bytes else { return Ok(None) };
        let result = T::from_bytes(&bytes);
        if result.is_none() {
            // There is no overwriting: make room for the result that is made anew.
            self.assets.delete(DeleteAssetRequest::new(key).with_context(context.clone())).await?;
        }
        Ok(result)
    }

    /// A failure is no reason to lose what was paid for: the picture goes on without.
    async fn keep<T: StepResult>(&self, key: &str, result: &T, context: &CallContext) {
        let Some(bytes) = result.to_bytes() else { return };
        let request = PutAssetRequest::new(key, bytes).with_context(context.clone());
        if let Err(error) = self.assets.put(request).await {
            tracing::warn!(key, %error, "a step's result is not kept: a run that is killed now pays for it again");
        }
    }
}
