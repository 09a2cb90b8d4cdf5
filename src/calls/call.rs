//! One guarded call, from its first attempt to its last.

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep, timeout_at},
};
use tracing::Span;

use super::{
    door::Shared,
    event::{CallEvent, Happening},
    jitter,
    limits::Lane,
    span,
};
use crate::{
    domain::{Spend, Usage},
    error::{Error, ErrorKind, Result},
    roles::{Reply, Request},
};

/// A call that runs. Dropped before its end, it is abandoned.
pub(super) struct Call<'a, Q: Request> {
    door: &'a Shared,
    lane: &'a Lane,
    id: u64,
    /// What is left to ask for.
    request: Q,
    /// What came of a batch so far.
    partial: Option<Q::Reply>,
    began: Instant,
    deadline: Instant,
    attempt: u32,
    /// An attempt was sent and has not ended.
    sent: bool,
    ended: bool,
    used: Usage,
    span: Span,
}

/// Why there should be another attempt.
struct Failure {
    error: Error,
    retry_after: Option<Duration>,
    usage: Usage,
    may_repeat: bool,
}

impl<'a, Q: Request> Call<'a, Q> {
    pub(super) fn new(door: &'a Shared, lane: &'a Lane, id: u64, request: Q, span: Span) -> Self {
        let began = Instant::now();
        let own = began.checked_add(door.policy.deadline);
        let asked = request.context().deadline;
        // Tokio's clock ends some 30 years from now: a deadline beyond that is none.
        let never = || began + Duration::from_secs(86_400 * 365 * 30);
        let deadline = own.into_iter().chain(asked).min().unwrap_or_else(never);
        Self {
            door,
            lane,
            id,
            request,
            partial: None,
            began,
            deadline,
            attempt: 0,
            sent: false,
            ended: false,
            used: Usage::NONE,
            span,
        }
    }

    /// Sends until there is a whole reply, a lasting error, or no time or attempt left. What came of
    /// a batch by then is the reply.
    pub(super) async fn run(
        mut self,
        send: impl Fn(Q) -> BoxFuture<'a, Result<Q::Reply>> + Send + Sync,
    ) -> Result<Q::Reply> {
        loop {
            self.attempt += 1;
            let failure = match self.attempt(&send).await {
                Ok(reply) => match self.take(reply) {
                    Ok(whole) => return Ok(whole),
                    Err(failure) => failure,
                },
                Err(error) => self.failure_of(error),
            };
            let wait = jitter::wait(&self.door.policy, self.attempt, failure.retry_after);
            let in_time = Instant::now().checked_add(wait).is_some_and(|then| then < self.deadline);
            if !failure.may_repeat || self.attempt >= self.door.policy.attempts || !in_time {
                return self.give_up(failure);
            }
            self.tell(Happening::Retried { wait }, failure.usage, Some(failure.error));
            sleep(wait).await;
        }
    }

    async fn attempt(
        &mut self,
        send: &(impl Fn(Q) -> BoxFuture<'a, Result<Q::Reply>> + Send + Sync),
    ) -> Result<Q::Reply> {
        let permit = self.turn().await?;
        let now = Instant::now();
        if now >= self.deadline {
            return Err(self.late("the deadline passed before the call was sent"));
        }
        let policy = &self.door.policy;
        let makes_pictures = self.request.at_most().output_pictures > 0;
        let most = if makes_pictures { policy.picture_timeout } else { policy.attempt_timeout };
        let until = now.checked_add(most).map_or(self.deadline, |t| t.min(self.deadline));
        self.tell(Happening::Started, Usage::NONE, None);
        self.sent = true;
        let result = timeout_at(until, send(self.request.clone())).await;
        self.sent = false;
        drop(permit);
        result.unwrap_or_else(|_| {
            let error = self.late(format!("no answer within {:?}", until - now));
            Err(if self.lane.card.is_local() { error } else { error.sent() })
        })
    }

    /// Waits for its turn, at most until the deadline.
    async fn turn(&mut self) -> Result<Option<SemaphorePermit<'a>>> {
        let turns = &self.lane.turns;
        let (permit, queued) = match turns.permits.as_deref() {
            None => (None, false),
            Some(permits) => match permits.try_acquire() {
                Ok(permit) => (Some(permit), false),
                Err(_) => (Some(self.permit(permits).await?), true),
            },
        };
        let Some(pacer) = turns.pacer.as_deref().filter(|pacer| !pacer.try_turn()) else {
            return Ok(permit);
        };
        if !queued {
            self.tell(Happening::Queued, Usage::NONE, None);
        }
        if pacer.turn(self.deadline).await {
            Ok(permit)
        } else {
            Err(self
                .late("the deadline comes before its turn: calls of this model are limited by the minute"))
        }
    }

    async fn permit(&mut self, permits: &'a Semaphore) -> Result<SemaphorePermit<'a>> {
        self.tell(Happening::Queued, Usage::NONE, None);
        match timeout_at(self.deadline, permits.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(closed)) => Err(Error::new(ErrorKind::Internal, "the door is closed").with_source(closed)),
            Err(_) => Err(self.late("the deadline passed while the call waited for others to end")),
        }
    }

    fn late(&self, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Timeout, message)
    }

    /// Puts a reply to what was collected; what is left to ask for is a failure.
    fn take(&mut self, reply: Q::Reply) -> std::result::Result<Q::Reply, Failure> {
        let usage = reply.usage();
        self.pay(usage);
        let rest = self.request.rest(&reply);
        let failures = reply.failures();
        let transient = failures.iter().filter(|error| error.is_transient());
        let retry_after = transient.clone().filter_map(|error| error.retry_after()).max();
        let first = transient.chain(&failures).next().map(|error| (*error).clone());
        let reply = match self.partial.take() {
            Some(mut partial) => {
                partial.complete(reply);
                partial
            }
            None => reply,
        };
        match (rest, first) {
            (Some(rest), Some(error)) => {
                self.request = rest;
                self.partial = Some(reply);
                Err(Failure { error, retry_after, usage, may_repeat: true })
            }
            (_, error) => {
                self.end(Happening::Finished, usage, error);
                Ok(reply)
            }
        }
    }

    fn failure_of(&mut self, error: Error) -> Failure {
        let usage = self.used_by(&error);
        self.pay(usage);
        // What must not be done twice is tried again only when it was surely not done.
        let undone = !error.was_sent() || error.kind() == ErrorKind::RateLimited;
        let may_repeat = error.is_transient() && (Q::REPEATABLE || undone);
        Failure { retry_after: error.retry_after(), error, usage, may_repeat }
    }

    /// What a failed attempt may have used: nothing if it was not sent, a request if it was turned away at
    /// the gate or refused without charge, and otherwise the most it can be.
    fn used_by(&self, error: &Error) -> Usage {
        use ErrorKind as Kind;
        match error.kind() {
            _ if !error.was_sent() => Usage::NONE,
            Kind::Blocked if error.blocked().is_some_and(|b| b.charged == Some(false)) => Usage::REQUEST,
            Kind::RateLimited
            | Kind::Unauthenticated
            | Kind::PermissionDenied
            | Kind::InvalidInput
            | Kind::Unsupported
            | Kind::NotFound
            | Kind::Conflict => Usage::REQUEST,
            _ => self.request.at_most(),
        }
    }

    /// The last failure is the error, unless items of a batch came through.
    fn give_up(mut self, failure: Failure) -> Result<Q::Reply> {
        let Failure { error, usage, .. } = failure;
        if let Some(partial) = self.partial.take() {
            self.end(Happening::Finished, usage, Some(error));
            return Ok(partial);
        }
        let mut error = error.with_operation(Q::OPERATION);
        if self.attempt > 1 {
            error = error.with_context("attempts", self.attempt);
        }
        self.end(Happening::Failed, usage, Some(error.clone()));
        Err(error)
    }

    fn pay(&mut self, usage: Usage) {
        self.used += usage;
        if usage != Usage::NONE
            && let Some(tab) = &self.request.context().tab
        {
            let cost = self.lane.card.cost(usage);
            let unpriced = if cost.is_none() { usage.requests } else { 0 };
            tab.add(Spend { usage, cost: cost.unwrap_or_default(), unpriced, ..Spend::default() });
        }
    }

    fn end(&mut self, happening: Happening, usage: Usage, error: Option<Error>) {
        self.ended = true;
        span::close(&self.span, self.attempt, self.used, error.as_ref());
        if let Some(tab) = &self.request.context().tab {
            tab.add(Spend { took: self.began.elapsed(), ..Spend::default() });
        }
        self.tell(happening, usage, error);
    }

    fn tell(&self, happening: Happening, usage: Usage, error: Option<Error>) {
        self.door.tell(|| CallEvent {
            call: self.id,
            happening,
            operation: Q::OPERATION,
            provider: self.lane.card.provider.clone(),
            model: self.lane.card.name.clone(),
            campaign: self.request.context().campaign.clone(),
            step: self.request.context().step,
            attempt: self.attempt,
            usage,
            cost: self.lane.card.cost(usage),
            error,
        });
    }
}

impl<Q: Request> Drop for Call<'_, Q> {
    fn drop(&mut self) {
        if !self.ended {
            let sent = self.sent && !self.lane.card.is_local();
            let usage = if sent { self.request.at_most() } else { Usage::NONE };
            self.pay(usage);
            self.end(Happening::Abandoned, usage, None);
        }
    }
}
