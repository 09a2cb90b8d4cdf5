//! Several pictures out of several calls.

use std::sync::{Arc, OnceLock};

use futures_util::{Stream, StreamExt, stream};

use super::{batch::exactly, seeds::Seeds};
use crate::{
    domain::{Card, Money, Spend, Usage},
    error::{Error, ErrorKind, Result},
    roles::{CallContext, GenerateRequest, ImageGenerator, Picture, Request, Tab},
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
    /// The generator that was asked last.
    pub by: Card,
    /// What that one was asked for; its count and seed are those of all pictures together.
    pub request: Arc<GenerateRequest>,
    /// What was changed for that generator.
    pub notes: Vec<String>,
    /// Who was to be asked before it, and why that came to nothing.
    pub passed_over: Vec<String>,
}

/// Makes `pictures` pictures, whatever `max_count` of the generator is: each comes as soon as it is there.
///
/// At most four calls run at a time. A place that failed does not stop the others; pictures that
/// came before the stream is dropped are the caller's to keep. Where the generator takes seeds, every
/// picture has one of its own: they go up from the request's seed, or from a random one, and wrap around at the
/// largest. The `count` of the request is ignored. A failed place has the error of the generator, or
/// [`InvalidReply`](crate::ErrorKind::InvalidReply) if it was not answered. A generator that is not there, or may not be
/// used, is not asked again for the places that are left.
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
    let per_call = per_call(&generator, pictures);
    let context = request.context.clone();
    Ok(Desk::new(generator, request, per_call, pictures)?.all(pictures, context))
}

/// The most pictures of one call, of `pictures` in all.
pub(super) fn per_call(generator: &impl ImageGenerator, pictures: u32) -> u32 {
    generator.capabilities().max_count.clamp(1, pictures.max(1))
}

/// One generator with what it is asked for.
#[derive(Clone, Debug)]
pub(super) struct Desk<G> {
    generator: G,
    request: Arc<GenerateRequest>,
    pub(super) notes: Vec<String>,
    pub(super) passed_over: Vec<String>,
    per_call: u32,
    seeds: Option<Seeds>,
    /// It is not there, or may not be used: asking again is of no use.
    lost: Arc<OnceLock<Error>>,
}

impl<G: ImageGenerator + Clone> Desk<G> {
    pub(super) fn new(generator: G, request: GenerateRequest, per_call: u32, pictures: u32) -> Result<Self> {
        let seeds = Seeds::of(&request, generator.capabilities(), per_call, pictures)?;
        let (request, notes, passed_over) = (Arc::new(request), Vec::new(), Vec::new());
        Ok(Self { generator, request, notes, passed_over, per_call, seeds, lost: Arc::default() })
    }

    /// How many calls run at once.
    pub(super) fn at_once(&self) -> usize {
        self.generator.card().max_concurrency.unwrap_or(CALLS).clamp(1, CALLS)
    }

    /// The most that calls for `pictures` pictures can use, each sent once.
    pub(super) fn at_most(&self, pictures: u32) -> Usage {
        self.calls(pictures).map(|(first, call)| self.of_call(first, call, pictures).at_most()).sum()
    }

    /// Makes all pictures.
    pub(super) fn all(
        self,
        pictures: u32,
        context: CallContext,
    ) -> impl Stream<Item = Made> + Send + Unpin + use<G> {
        let at_once = self.at_once();
        let calls = stream::iter(self.calls(pictures)).map(move |(first, call)| {
            let request = self.of_call(first, call, pictures).with_context(context.clone());
            let desk = self.clone();
            async move { desk.one_call(request, first).await }
        });
        Box::pin(calls.buffer_unordered(at_once).flat_map(stream::iter))
    }

    /// Makes the picture at `place` by a call of its own. The desk must be one of a picture a call.
    pub(super) async fn one(&self, place: usize, context: CallContext) -> Made {
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        let request = self.of_call(number, place as u64, number.saturating_add(1)).with_context(context);
        let made = self.one_call(request, number).await.pop();
        made.unwrap_or_else(|| {
            self.made(place, Err(Error::new(ErrorKind::Internal, "no place")), Spend::default())
        })
    }

    /// The first place of each call, with the number of the call.
    fn calls(&self, pictures: u32) -> impl Iterator<Item = (u32, u64)> + Send + use<G> {
        (0..pictures).step_by(self.per_call as usize).zip(0_u64..)
    }

    fn of_call(&self, first: u32, call: u64, pictures: u32) -> GenerateRequest {
        GenerateRequest {
            count: self.per_call.min(pictures.saturating_sub(first)),
            seed: self.seeds.map_or(self.request.seed, |seeds| Some(seeds.of_call(call))),
            ..GenerateRequest::clone(&self.request)
        }
    }

    /// Makes one call on a tab of its own and shares out what it spent.
    async fn one_call(&self, mut request: GenerateRequest, first: u32) -> Vec<Made> {
        let count = request.count as usize;
        let tab = Arc::new(request.context.tab.take().map_or_else(Tab::new, Tab::below));
        request.context.tab = Some(Arc::clone(&tab));
        let results = match self.generate(request).await {
            Ok(reply) => exactly(reply, count),
            Err(error) => vec![Err(error); count],
        };
        let made = results.iter().filter(|result| result.is_ok()).count();
        let mut shares = share_out(tab.spent(), made).into_iter();
        let places = (first as usize..).zip(results);
        places
            .map(|(place, result)| {
                let spend = if result.is_ok() { shares.next().unwrap_or_default() } else { Spend::default() };
                self.made(place, result, spend)
            })
            .collect()
    }

    async fn generate(&self, request: GenerateRequest) -> Result<Vec<Result<Picture>>> {
        if let Some(lost) = self.lost.get() {
            return Err(lost.clone());
        }
        let result = self.generator.generate(request).await;
        if let Err(error) = &result
            && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied)
        {
            self.lost.get_or_init(|| error.clone());
        }
        result.map(|reply| reply.results)
    }

    fn made(&self, place: usize, result: Result<Picture>, spend: Spend) -> Made {
        let (by, request) = (self.generator.card().clone(), Arc::clone(&self.request));
        let (notes, passed_over) = (self.notes.clone(), self.passed_over.clone());
        Made { place, result, spend, by, request, notes, passed_over }
    }
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
