//! Several generators in the order in which they are asked.

use std::sync::Arc;

use futures_util::{Stream, StreamExt};
use tokio::sync::Semaphore;

use super::{
    fan_out::{Desk, Made, per_call},
    fit::{Offered, fit_offered},
    loosen::fit_loosely,
};
use crate::{
    domain::{Card, Usage},
    error::{Error, ErrorKind, Result},
    roles::{CallContext, GenerateRequest, ImageGenerator},
};

/// Generators in the order in which they are asked: what one cannot make is asked of the next, picture by picture.
///
/// The next is asked when one is not there any more, may not be used, is unavailable, gave no answer in time, takes no
/// more requests, or cannot serve the request. An input that is invalid stays invalid, and what a filter refused is
/// refused, unless [`with_blocked`](Self::with_blocked) says otherwise. Each gets the request
/// [fitted](super::fit_request) to its own capabilities; for those after the first, a prompt that is too long is cut
/// after a sentence or a word, and a seed that is not among theirs is left out, since with it they would make
/// another picture anyhow. Notes say what was changed, and who was passed over and why.
///
/// ```
/// use futures_util::StreamExt;
/// use keyvisual::{
///     Error, ErrorKind, adapt::FallBack, domain::PixelSize, roles::{CallContext, GenerateRequest},
///     testing::ScriptedImageGenerator,
/// };
/// # use std::sync::Arc;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// let gone = ScriptedImageGenerator::new().always_fail(Error::new(ErrorKind::NotFound, "end of life"));
/// let generators = FallBack::new(Arc::new(gone)).then(Arc::new(ScriptedImageGenerator::new()));
/// let order = generators.order(GenerateRequest::new("a cup of coffee", PixelSize::new(64, 64)), 4)?;
/// let mut pictures = order.make(CallContext::new());
/// while let Some(made) = pictures.next().await {
///     assert!(made.result.is_ok());
///     assert!(made.passed_over[0].contains("end of life"), "{:?}", made.passed_over);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FallBack<G> {
    first: G,
    others: Vec<G>,
    blocked: bool,
}

/// Pictures to make, with the request fitted to each generator. Nothing was sent yet. Made by [`FallBack::order`].
#[derive(Clone, Debug)]
pub struct Order<G> {
    pictures: u32,
    blocked: bool,
    first: Desk<G>,
    others: Vec<Desk<G>>,
}

impl<G: ImageGenerator + Clone> FallBack<G> {
    /// One generator, and none to fall back to.
    pub fn new(first: G) -> Self {
        Self { first, others: Vec::new(), blocked: false }
    }

    /// Adds one that is asked for what those before it could not make.
    #[must_use]
    pub fn then(mut self, next: G) -> Self {
        self.others.push(next);
        self
    }

    /// Sets whether the next is also asked for what a filter refused; not by default.
    #[must_use]
    pub fn with_blocked(mut self, falls: bool) -> Self {
        self.blocked = falls;
        self
    }

    /// The one that is asked first.
    pub fn first(&self) -> &G {
        &self.first
    }

    /// All, in the order in which they are asked.
    pub fn generators(&self) -> impl Iterator<Item = &G> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Fits `request` to each generator, for `pictures` pictures; its `count` and context are ignored.
    ///
    /// # Errors
    /// Those of [`fit_request`](super::fit_request) and [`fan_out`](super::fan_out) for the first generator, unless it is
    /// [`Unsupported`](ErrorKind::Unsupported) and another can serve the request.
    pub fn order(&self, request: GenerateRequest, pictures: u32) -> Result<Order<G>> {
        let offered = Offered::by(&request);
        self.order_of(request, offered, pictures)
    }

    /// As [`order`](Self::order), where `request` holds only the first of the pictures on offer.
    pub(crate) fn order_of(
        &self,
        request: GenerateRequest,
        offered: Offered,
        pictures: u32,
    ) -> Result<Order<G>> {
        let mut desks: Vec<Desk<G>> = Vec::new();
        let mut unserved: Vec<(&G, Error)> = Vec::new();
        for (place, generator) in self.generators().enumerate() {
            let fitted = match place {
                0 => fit_offered(request.clone(), offered, generator.capabilities()),
                _ => fit_loosely(request.clone(), offered, generator.capabilities()),
            };
            let per_call = if desks.is_empty() { per_call(generator, pictures) } else { 1 };
            let desk = fitted.and_then(|(request, notes)| {
                let mut desk = Desk::new(generator.clone(), request, per_call, pictures)?;
                let unserved = unserved.drain(..);
                desk.passed_over = unserved.map(|(other, error)| passed_over(other.card(), &error)).collect();
                desk.notes = notes;
                Ok(desk)
            });
            match desk {
                Ok(desk) => desks.push(desk),
                Err(error) if place == 0 && error.kind() != ErrorKind::Unsupported => return Err(error),
                Err(error) => unserved.push((generator, error)),
            }
        }
        if desks.is_empty() {
            let first = unserved.into_iter().next().map(|(_, error)| error);
            return Err(first.unwrap_or_else(|| Error::new(ErrorKind::Internal, "there is no generator")));
        }
        let first = desks.remove(0);
        Ok(Order { pictures, blocked: self.blocked, first, others: desks })
    }
}

impl<G: ImageGenerator + Clone> Order<G> {
    /// The most that the calls can use when every generator is asked for every picture, each call sent once.
    #[must_use]
    pub fn at_most(&self) -> Usage {
        std::iter::once(&self.first).chain(&self.others).map(|desk| desk.at_most(self.pictures)).sum()
    }

    /// Makes the pictures, on behalf of `context`: each comes as soon as it is there.
    ///
    /// A picture that no generator made has the error of the last one that was asked, with those before as its context
    /// `before`. Calls to the first are as [`fan_out`](super::fan_out) makes them; the others are asked for one picture at a time, at most
    /// four at once. What failed attempts cost is on the tab of `context`, not in the pictures' own spend.
    pub fn make(self, context: CallContext) -> impl Stream<Item = Made> + Send + Unpin + use<G> {
        let Self { pictures, blocked, first, others } = self;
        let first = first.all(pictures, context.clone()).boxed();
        others.into_iter().fold(first, |before, desk| {
            let context = context.clone();
            let turns = Arc::new(Semaphore::new(desk.at_once()));
            let after = before.map(move |made| {
                let (desk, turns, context) = (desk.clone(), Arc::clone(&turns), context.clone());
                async move {
                    let _turn = match &made.result {
                        Err(error) if falls(error, blocked) => turns.acquire().await,
                        _ => return made,
                    };
                    instead_of(made, &desk, context).await
                }
            });
            // Each picture that may come here has a place, so that the calls before are never left unattended.
            after.buffer_unordered(pictures.max(1) as usize).boxed()
        })
    }
}

/// Asks the generator at `desk` for what `failed` did not make.
async fn instead_of<G: ImageGenerator + Clone>(failed: Made, desk: &Desk<G>, context: CallContext) -> Made {
    let Made { place, result: Err(error), by, mut passed_over, .. } = failed else { return failed };
    passed_over.push(self::passed_over(&by, &error));
    let mut made = desk.one(place, context).await;
    passed_over.append(&mut made.passed_over);
    if let Err(error) = made.result {
        made.result = Err(error.with_context("before", passed_over.join("; ")));
    }
    Made { passed_over, ..made }
}

fn passed_over(card: &Card, error: &Error) -> String {
    format!("{} was passed over: {error}", card.name)
}

/// Whether the next generator is asked.
fn falls(error: &Error, blocked: bool) -> bool {
    match error.kind() {
        ErrorKind::NotFound
        | ErrorKind::PermissionDenied
        | ErrorKind::RateLimited
        | ErrorKind::Timeout
        | ErrorKind::Unavailable
        | ErrorKind::Unsupported => true,
        ErrorKind::Blocked => blocked,
        _ => false,
    }
}
