//! How often, how long, how many at once.

use std::time::Duration;

/// What a [`Door`](super::Door) allows. Whether a failed call may be tried again is a fact on its
/// [`Error`](crate::Error); how often and how long to wait is decided here.
///
/// ```
/// use std::time::Duration;
/// use keyvisual::calls::Policy;
///
/// let patient = Policy::default().with_attempts(8).with_deadline(Duration::from_secs(3_600));
/// assert!(patient.attempts > Policy::once().attempts);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The most attempts of one call, the first included; at least 1 is made. 5 by default.
    pub attempts: u32,
    /// How long one attempt may take that makes no pictures. 2 minutes by default.
    pub attempt_timeout: Duration,
    /// How long an attempt may take that makes pictures, where minutes are usual. 6 minutes by default: Amazon advises to
    /// wait for at least five (user guide of Nova, 2026).
    pub picture_timeout: Duration,
    /// How long a call may take, permits, attempts and waits included. 10 minutes by default; a request
    /// may set an [earlier end](crate::roles::CallContext::deadline).
    pub deadline: Duration,
    /// The longest wait before the second attempt; it doubles with every further one. 0.5 seconds by default.
    pub first_wait: Duration,
    /// What the doubling ends at. 30 seconds by default.
    pub longest_wait: Duration,
    /// The most calls of one model at the same time, or fewer where its card says so. 8 by default. What runs
    /// in this process is limited by its card alone.
    pub max_concurrency: usize,
    /// How many calls of one model a minute. As its card says by default.
    pub pace: Pace,
}

/// How many calls of one model are sent in a minute, retries included. What runs in this process goes by its card
/// alone.
///
/// As many as one second takes may be sent at once, the others evenly spaced; in no minute, wherever it begins, are
/// there more than allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pace {
    /// As many as its [card](crate::domain::Card::max_calls_per_minute) says, any number where it says nothing.
    #[default]
    OfCard,
    /// This many, whatever its card says; at least 1.
    PerMinute(u32),
    /// Any number, whatever its card says.
    Unlimited,
}

impl Policy {
    /// One attempt, no retries; otherwise the default.
    #[must_use]
    pub fn once() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// Sets the most attempts of one call.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets how long one attempt may take.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how long one attempt may take that makes pictures.
    #[must_use]
    pub fn with_picture_timeout(mut self, timeout: Duration) -> Self {
        self.picture_timeout = timeout;
        self
    }

    /// Sets how long a call may take as a whole.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the longest wait before the second attempt, and what its doubling ends at.
    #[must_use]
    pub fn with_waits(mut self, first: Duration, longest: Duration) -> Self {
        self.first_wait = first;
        self.longest_wait = longest;
        self
    }

    /// Sets the most calls of one model at the same time.
    #[must_use]
    pub fn with_max_concurrency(mut self, calls: usize) -> Self {
        self.max_concurrency = calls;
        self
    }

    /// Sets how many calls of one model a minute, for an account whose quota is not the usual one.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attempts: 5,
            attempt_timeout: Duration::from_secs(120),
            picture_timeout: Duration::from_secs(360),
            deadline: Duration::from_secs(600),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            max_concurrency: 8,
            pace: Pace::OfCard,
        }
    }
}
