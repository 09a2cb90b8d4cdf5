//! Several pictures out of several calls.

use std::sync::Arc;

use futures_util::{Stream, StreamExt, stream};

use super::{batch::exactly, seeds::Seeds};
use crate::{
    domain::{Money, Spend},
    error::Result,
    roles::{GenerateRequest, ImageGenerator, Picture, Tab},
};

/// How many calls run at once, where the generator's card does not say fewer.
const CALLS: usize = 4;

/// What became of one of several pictures.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Made {
    /// Which of them, counted from 0.
    pub place: usize,
    /// The picture, or why there is none.
    pub result: Result<Picture>,
    /// Its share of what its call used and cost; the time is that of the whole call.
    pub spend: Spend,
}

/// Makes `pictures` pictures, whatever `max_count` of the generator is: each comes as soon as it is there.
///
/// At most four calls run at a time. A place that failed does not stop the others; pictures that
/// came before the stream is dropped are the caller's to keep. Where the generator takes seeds, every
/// picture has one of its own: they go up from the request's seed, or from a random one, and wrap around at the
/// largest. The `count` of the request is ignored. A failed place has the error of the generator, or
/// [`InvalidReply`](crate::ErrorKind::InvalidReply) if it was not answered.
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) when the generator has fewer seeds than there shall be pictures.
///
/// ```
/// use futures_util::StreamExt;
/// use keyvisual::{adapt, domain::PixelSize, roles::GenerateRequest, testing::FakeImageGenerator};
/// # use std::sync::Arc;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// # let generator = Arc::new(FakeImageGenerator::new());
/// let request = GenerateRequest::new("a cup of coffee", PixelSize::new(64, 64)).with_seed(7);
/// let mut pictures = adapt::fan_out(generator, request, 10)?; // four to a call, so three calls
/// while let Some(made) = pictures.next().await {
///     assert!(made.result?.seed >= Some(7)); // keep it now
/// }
/// # Ok(())
/// # }
/// ```
pub fn fan_out<G>(
    generator: G,
    request: GenerateRequest,
    pictures: u32,
) -> Result<impl Stream<Item = Made> + Send + Unpin + use<G>>
where
    G: ImageGenerator + Clone,
{
    let per_call = generator.capabilities().max_count.clamp(1, pictures.max(1));
    let at_once = generator.card().max_concurrency.unwrap_or(CALLS).clamp(1, CALLS);
    let seeds = Seeds::of(&request, generator.capabilities(), per_call, pictures)?;
    let calls = (0..pictures).step_by(per_call as usize).zip(0_u64..);
    let calls = stream::iter(calls).map(move |(first, call)| {
        let request = GenerateRequest {
            count: per_call.min(pictures - first),
            seed: seeds.map_or(request.seed, |seeds| Some(seeds.of_call(call))),
            ..request.clone()
        };
        one_call(generator.clone(), request, first as usize)
    });
    Ok(Box::pin(calls.buffer_unordered(at_once).flat_map(stream::iter)))
}

/// Makes one call on a tab of its own and shares out what it spent.
async fn one_call<G: ImageGenerator>(generator: G, mut request: GenerateRequest, first: usize) -> Vec<Made> {
    let count = request.count as usize;
    let tab = Arc::new(request.context.tab.take().map_or_else(Tab::new, Tab::below));
    request.context.tab = Some(Arc::clone(&tab));
    let results = match generator.generate(request).await {
        Ok(reply) => exactly(reply.results, count),
        Err(error) => vec![Err(error); count],
    };
    let made = results.iter().filter(|result| result.is_ok()).count();
    let mut shares = share_out(tab.spent(), made).into_iter();
    let places = (first..).zip(results);
    places
        .map(|(place, result)| {
            let spend = if result.is_ok() { shares.next().unwrap_or_default() } else { Spend::default() };
            Made { place, result, spend }
        })
        .collect()
}

/// Shares that add up to the whole.
fn share_out(whole: Spend, shares: usize) -> Vec<Spend> {
    let shares = shares as u64;
    let part = |n: u64, i: u64| n * (i + 1) / shares - n * i / shares;
    let share = |i: u64| Spend {
        usage: whole.usage.each(|units| part(units, i)),
        cost: Money::from_micros(part(whole.cost.as_micros(), i)),
        unpriced: part(whole.unpriced, i),
        took: whole.took,
    };
    (0..shares).map(share).collect()
}
