//! A seed for every picture of several calls, none of them twice.

use crate::{
    error::{Error, Result},
    roles::{GenerateRequest, GeneratorCapabilities},
};

/// The first seed of each call. Seeds go up from that of the request and wrap around at the largest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seeds {
    /// Counted from the smallest.
    first: u64,
    stride: u64,
    least: u64,
    /// The largest, counted from the smallest.
    max: u64,
}

impl Seeds {
    /// Seeds for calls of at most `per_call` pictures, `pictures` in all; none where the generator takes no
    /// seed. A request without a seed gets a random first one, so that each picture can be made again.
    pub(super) fn of(
        request: &GenerateRequest,
        capabilities: &GeneratorCapabilities,
        per_call: u32,
        pictures: u32,
    ) -> Result<Option<Self>> {
        let Some(seeds) = &capabilities.seeds else { return Ok(None) };
        let least = *seeds.start();
        let max = seeds.end().saturating_sub(least);
        if u64::from(pictures) > max.saturating_add(1) {
            return Err(Error::invalid(format!(
                "{pictures} pictures need as many seeds; this generator has those from {least} to {}",
                seeds.end()
            )));
        }
        // A call of c pictures may be asked again for c - 1 of them, then for c - 2, each time with fresh seeds
        // right after its own: c (c + 1) / 2 in all. Where that is too much, retries may share seeds.
        let per_call = u64::from(per_call);
        let roomy = per_call * (per_call + 1) / 2;
        let calls = u64::from(pictures).div_ceil(per_call.max(1));
        let stride = if calls.saturating_mul(roomy) <= max { roomy } else { per_call };
        // Without a seed asked for, stay clear of the end, where the seeds of one call would pass it.
        let drawn = || fastrand::u64(0..=max.saturating_sub(calls.saturating_mul(stride)));
        let first = request.seed.map_or_else(drawn, |seed| seed.saturating_sub(least));
        Ok(Some(Self { first, stride, least, max }))
    }

    /// The first seed of call number `call`, counted from 0.
    pub(super) fn of_call(self, call: u64) -> u64 {
        let seed = u128::from(self.first) + u128::from(call) * u128::from(self.stride);
        let seed = u64::try_from(seed % (u128::from(self.max) + 1)).unwrap_or(self.first);
        self.least.saturating_add(seed)
    }
}
