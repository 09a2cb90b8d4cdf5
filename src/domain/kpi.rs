//! Results of a picture in the world: what was counted, out of what, and when.

use serde::{Deserialize, Serialize};

use super::{Metric, Timestamp};
use crate::error::{Error, Result};

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum KpiOrigin {
    /// Counted on a real campaign.
    #[default]
    Measured,
    /// Made up for a demonstration; never mixed up with results.
    Synthetic,
}

/// The time in which a figure was counted, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// The beginning.
    pub from: Timestamp,
    /// The end.
    pub to: Timestamp,
}

/// One result: a numerator, the denominator it is out of, and the time it was counted in.
///
/// A figure without a denominator says how large a campaign was, not how good its picture: such a
/// figure has a [`value`](Self::value) but no [`rate`](Self::rate).
///
/// ```
/// use keyvisual::domain::Kpi;
///
/// let kpi = Kpi::rate_of("clicks", 130.0, "impressions", 20_000.0)?;
/// assert_eq!(kpi.rate(), Some(0.0065));
/// // Ten impressions prove little: the rate shrinks towards what is usual, here 0.5 %.
/// let lucky = Kpi::rate_of("clicks", 1.0, "impressions", 10.0)?;
/// assert!(lucky.shrunk_rate(0.005, 1_000.0) < kpi.shrunk_rate(0.005, 1_000.0));
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Kpi {
    /// What was counted.
    pub metric: Metric,
    /// How many of it.
    pub numerator: f64,
    /// Out of what and how many of that; none for an absolute figure.
    pub out_of: Option<Exposure>,
    /// When; none where it is not known.
    pub window: Option<Window>,
    /// Measured or made up.
    #[serde(default)]
    pub origin: KpiOrigin,
}

/// The denominator of a [`Kpi`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// What was counted, usually impressions.
    pub metric: Metric,
    /// How many of it; more than 0.
    pub count: f64,
}

impl Kpi {
    /// An absolute figure, such as 120 000 likes.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when `count` is negative or not finite.
    pub fn total(metric: impl Into<Metric>, count: f64) -> Result<Self> {
        let kpi = Self {
            metric: metric.into(),
            numerator: count,
            out_of: None,
            window: None,
            origin: KpiOrigin::Measured,
        };
        kpi.validate().map(|()| kpi)
    }

    /// A figure with its denominator, such as 130 clicks in 20 000 impressions.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when a number is negative or not finite, or the denominator is 0.
    pub fn rate_of(
        metric: impl Into<Metric>,
        count: f64,
        out_of: impl Into<Metric>,
        exposure: f64,
    ) -> Result<Self> {
        let mut kpi = Self::total(metric, count)?;
        kpi.out_of = Some(Exposure { metric: out_of.into(), count: exposure });
        kpi.validate().map(|()| kpi)
    }

    /// Says when the figure was counted.
    #[must_use]
    pub fn with_window(mut self, window: Window) -> Self {
        self.window = Some(window);
        self
    }

    /// Marks the figure as made up.
    #[must_use]
    pub fn synthetic(mut self) -> Self {
        self.origin = KpiOrigin::Synthetic;
        self
    }

    /// The absolute figure.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.numerator
    }

    /// Numerator by denominator, when there is one.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        self.out_of.as_ref().map(|exposure| self.numerator / exposure.count)
    }

    /// The rate pulled towards `usual` as if `weight` exposures had been seen at that rate before
    /// (the mean of a Beta posterior). Without a denominator it is `usual`: nothing is known.
    #[must_use]
    pub fn shrunk_rate(&self, usual: f64, weight: f64) -> f64 {
        match &self.out_of {
            Some(exposure) => (self.numerator + usual * weight) / (exposure.count + weight),
            None => usual,
        }
    }

    /// Checks a figure that came from outside, such as a file.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when a number is negative or not finite, or the denominator is 0.
    pub fn validate(&self) -> Result<()> {
        let metric = &self.metric;
        if !self.numerator.is_finite() || self.numerator < 0.0 {
            return Err(Error::invalid(format!(
                "{metric} of {} is not a count: it must be 0 or more",
                self.numerator
            )));
        }
        match &self.out_of {
            Some(e) if !e.count.is_finite() || e.count <= 0.0 => Err(Error::invalid(format!(
                "{metric} out of {} {}: the denominator must be more than 0",
                e.count, e.metric
            ))),
            _ => Ok(()),
        }
    }
}
