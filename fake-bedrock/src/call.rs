//! One call to a model, and its answer.

use std::ops::AddAssign;

use axum::body::Bytes;
use serde::Serialize;
use serde_json::Value;

use crate::{
    faults::Kind,
    models::Model,
    refusal::{Refusal, Result},
};

/// One call to a model.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) model: &'static Model,
    /// Whether it is called by its `global.` profile.
    pub(crate) global: bool,
    pub(crate) body: &'a [u8],
    /// What becomes of the answer by plan.
    pub(crate) fault: Kind,
}

impl Call<'_> {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(self.body)
            .map_err(|error| Refusal::malformed(format_args!("the body is not JSON: {error}")))
    }

    /// Tokens and pictures with what they cost.
    pub(crate) fn usage(&self, input_tokens: u64, output_tokens: u64, pictures: u64) -> Usage {
        let price = &self.model.price;
        let (mut input, mut output) = (price.input_1k, price.output_1k);
        if self.global {
            input = price.global_input_1k.unwrap_or(input);
            output = price.global_output_1k.unwrap_or(output);
        }
        let tokens = input * input_tokens as f64 + output * output_tokens as f64;
        Usage {
            input_tokens,
            output_tokens,
            pictures,
            usd: tokens / 1_000.0 + price.picture * pictures as f64,
        }
    }

    /// Refuses a plan that has no meaning here, rather than to pass over it.
    pub(crate) fn allow_faults(&self, faults: &[Kind]) -> Result<()> {
        if self.fault.is_about_content() && !faults.contains(&self.fault) {
            return Err(Refusal::validation(format!(
                "fake-bedrock: the fault {:?} has no meaning for {}",
                self.fault, self.model.id
            )));
        }
        Ok(())
    }
}

/// The reply to a call that went well.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) body: Bytes,
    pub(crate) usage: Usage,
    /// Whether the same request always has this answer.
    pub(crate) repeatable: bool,
}

impl Answer {
    pub(crate) fn new(body: &impl Serialize, usage: Usage) -> Result<Self> {
        match serde_json::to_vec(body) {
            Ok(body) => Ok(Self { body: body.into(), usage, repeatable: true }),
            Err(error) => Err(Refusal::new(500, "InternalServerException", error.to_string())),
        }
    }
}

/// What a call used and what it cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Usage {
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) pictures: u64,
    pub(crate) usd: f64,
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.pictures += other.pictures;
        self.usd += other.usd;
    }
}

/// Tokens of a text: four characters each, one each outside the Latin script.
pub(crate) fn tokens(text: &str) -> u64 {
    let (latin, other) = text.chars().fold((0_u64, 0_u64), |(latin, other), c| {
        if c <= '\u{24f}' { (latin + 1, other) } else { (latin, other + 1) }
    });
    latin.div_ceil(4) + other
}
