//! What a call used and what that cost.

use std::{fmt, iter::Sum, ops::AddAssign, time::Duration};

use serde::{Deserialize, Serialize};

/// Units that providers bill. Backends report units; prices live in the model's card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Usage {
    /// Requests that left the process, those that failed included.
    pub requests: u64,
    /// Tokens sent to a model, text and images.
    pub input_tokens: u64,
    /// Tokens a model wrote.
    pub output_tokens: u64,
    /// Pictures sent to an embedding model.
    pub input_pictures: u64,
    /// Pictures generated, those withheld by a filter but charged included.
    pub output_pictures: u64,
}

impl Usage {
    /// One request that used nothing else.
    pub const REQUEST: Self = Self { requests: 1, ..Self::NONE };

    /// Nothing.
    pub const NONE: Self =
        Self { requests: 0, input_tokens: 0, output_tokens: 0, input_pictures: 0, output_pictures: 0 };

    /// Sets the tokens.
    #[must_use]
    pub const fn with_tokens(mut self, input: u64, output: u64) -> Self {
        self.input_tokens = input;
        self.output_tokens = output;
        self
    }

    /// Sets the pictures that were sent.
    #[must_use]
    pub const fn with_input_pictures(mut self, pictures: u64) -> Self {
        self.input_pictures = pictures;
        self
    }

    /// Sets the pictures that were made.
    #[must_use]
    pub const fn with_output_pictures(mut self, pictures: u64) -> Self {
        self.output_pictures = pictures;
        self
    }

    /// Every unit passed through `change`.
    pub(crate) fn each(self, mut change: impl FnMut(u64) -> u64) -> Self {
        Self {
            requests: change(self.requests),
            input_tokens: change(self.input_tokens),
            output_tokens: change(self.output_tokens),
            input_pictures: change(self.input_pictures),
            output_pictures: change(self.output_pictures),
        }
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.input_pictures += other.input_pictures;
        self.output_pictures += other.output_pictures;
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::NONE, |mut sum, usage| {
            sum += usage;
            sum
        })
    }
}

/// An amount in millionths of a US dollar, the currency providers price in.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(u64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount in millionths of a dollar.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// The amount in millionths of a dollar.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Usage with its cost and the time it took, added up over calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Spend {
    /// The units used.
    pub usage: Usage,
    /// What they cost as far as prices are known.
    pub cost: Money,
    /// Requests whose price is not known; their cost is not in `cost`.
    pub unpriced: u64,
    /// Time spent in calls, waiting for permits and between attempts included.
    pub took: Duration,
}

impl AddAssign for Spend {
    fn add_assign(&mut self, other: Self) {
        self.usage += other.usage;
        self.cost += other.cost;
        self.unpriced += other.unpriced;
        self.took += other.took;
    }
}
