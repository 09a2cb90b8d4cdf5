//! What is known of a model or an engine before it is called: who makes it, what it costs, when it ends.

use serde::{Deserialize, Serialize};

use super::{Money, Timestamp, Usage};

/// The provider of what runs in this process.
const LOCAL: &str = "keyvisual.local";

/// Who and what stands behind a role: provider, name, limits, lifecycle, prices.
///
/// ```
/// use keyvisual::domain::{Card, Money, Prices, Usage};
///
/// let card = Card::new("aws.bedrock", "us.amazon.nova-pro-v1:0").with_prices(Prices::per_million_tokens(
///     Money::from_micros(800_000),
///     Money::from_micros(3_200_000),
/// ));
/// assert_eq!(card.cost(Usage::REQUEST.with_tokens(1_000, 500)), Some(Money::from_micros(2_400)));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Card {
    /// Who runs it, as in `gen_ai.provider.name`: `aws.bedrock`, `openai`, `keyvisual.local`.
    pub provider: String,
    /// The model id or the name of the engine.
    pub name: String,
    /// The version, where it is not part of the name.
    pub version: Option<String>,
    /// The most calls at the same time that the provider allows; none if it does not say.
    pub max_concurrency: Option<usize>,
    /// The most calls a minute that the provider allows; none if it does not say.
    pub max_calls_per_minute: Option<u32>,
    /// How long it will be there.
    pub lifecycle: Lifecycle,
    /// What it costs; none when that is not known.
    pub prices: Option<Prices>,
    /// Set by the door on what it guards, so that nothing is guarded twice.
    #[serde(skip)]
    pub(crate) guarded: bool,
}

/// How long a model will be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lifecycle {
    /// No end is announced.
    #[default]
    Active,
    /// It ends at a known time.
    Ends {
        /// When.
        at: Timestamp,
        /// What to move to.
        replacement: Option<String>,
    },
}

/// Prices per unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Prices {
    /// For a million tokens sent.
    pub input_tokens: Money,
    /// For a million tokens written.
    pub output_tokens: Money,
    /// For a picture sent to an embedding model; none when that is not known.
    pub input_picture: Option<Money>,
    /// For a picture generated.
    pub output_picture: Money,
}

impl Prices {
    /// Costs nothing: it runs in this process or on the team's own machines.
    pub const FREE: Self = Self {
        input_tokens: Money::ZERO,
        output_tokens: Money::ZERO,
        input_picture: Some(Money::ZERO),
        output_picture: Money::ZERO,
    };

    /// Prices for a million tokens in and out.
    #[must_use]
    pub const fn per_million_tokens(input: Money, output: Money) -> Self {
        Self { input_tokens: input, output_tokens: output, ..Self::FREE }
    }

    /// A price for each picture generated.
    #[must_use]
    pub const fn per_picture(price: Money) -> Self {
        Self { output_picture: price, ..Self::FREE }
    }

    /// Sets the price for each picture sent to an embedding model.
    #[must_use]
    pub const fn with_input_picture(mut self, price: Money) -> Self {
        self.input_picture = Some(price);
        self
    }

    /// What `usage` costs, rounded up to a millionth of a dollar; none when something in it has no known price.
    #[must_use]
    pub fn cost(&self, usage: Usage) -> Option<Money> {
        let input_picture = match self.input_picture {
            Some(price) => price,
            None if usage.input_pictures == 0 => Money::ZERO,
            None => return None,
        };
        let tokens = u128::from(usage.input_tokens) * u128::from(self.input_tokens.as_micros())
            + u128::from(usage.output_tokens) * u128::from(self.output_tokens.as_micros());
        let pictures = u128::from(usage.input_pictures) * u128::from(input_picture.as_micros())
            + u128::from(usage.output_pictures) * u128::from(self.output_picture.as_micros());
        Some(Money::from_micros(u64::try_from(tokens.div_ceil(1_000_000) + pictures).unwrap_or(u64::MAX)))
    }
}

impl Card {
    /// A card with no limits, no end and unknown prices.
    pub fn new(provider: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            name: name.into(),
            version: None,
            max_concurrency: None,
            max_calls_per_minute: None,
            lifecycle: Lifecycle::Active,
            prices: None,
            guarded: false,
        }
    }

    /// A card of something that runs in this process: provider `keyvisual.local`, free.
    pub fn local(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self::new(LOCAL, name).with_version(version).with_prices(Prices::FREE)
    }

    /// Whether it runs in this process, so that nothing is sent and nothing billed.
    pub(crate) fn is_local(&self) -> bool {
        self.provider == LOCAL
    }

    /// Sets the version.
    #[must_use]
    pub fn with_version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Sets the most calls at the same time.
    #[must_use]
    pub fn with_max_concurrency(mut self, calls: usize) -> Self {
        self.max_concurrency = Some(calls);
        self
    }

    /// Sets the most calls a minute.
    #[must_use]
    pub fn with_max_calls_per_minute(mut self, calls: u32) -> Self {
        self.max_calls_per_minute = Some(calls);
        self
    }

    /// Sets how long it will be there.
    #[must_use]
    pub fn with_lifecycle(mut self, lifecycle: Lifecycle) -> Self {
        self.lifecycle = lifecycle;
        self
    }

    /// Sets the prices.
    #[must_use]
    pub fn with_prices(mut self, prices: Prices) -> Self {
        self.prices = Some(prices);
        self
    }

    /// What `usage` costs, or none when its prices are not known.
    #[must_use]
    pub fn cost(&self, usage: Usage) -> Option<Money> {
        self.prices.and_then(|prices| prices.cost(usage))
    }

    /// Names the maker of a result: provider, name and version. Results of equal makers are alike.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let version = self.version.as_deref().unwrap_or("-");
        format!("{}/{}@{version}", self.provider, self.name)
    }
}
