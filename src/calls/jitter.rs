//! How long to wait before the next attempt.

use std::time::Duration;

use super::Policy;

/// Full jitter: uniform in [0, d], where d doubles with each attempt that failed, up to a cap.
/// Callers that failed together come back spread out. Never earlier than the other side asked for.
pub(super) fn wait(policy: &Policy, failed: u32, retry_after: Option<Duration>) -> Duration {
    let doubled =
        policy.first_wait.saturating_mul(1_u32.checked_shl(failed.saturating_sub(1)).unwrap_or(u32::MAX));
    let most = doubled.min(policy.longest_wait);
    most.mul_f64(fastrand::f64()).max(retry_after.unwrap_or_default())
}
