//! A role that follows a script.

use std::{future::Future, sync::Mutex, time::Duration};

use async_trait::async_trait;

use super::{
    Calls,
    script::{Script, Step, reply_to},
};
#[allow(clippy::wildcard_imports, reason = "the table names every role, request and reply")]
use crate::roles::*;
use crate::{
    domain::Card,
    error::{Error, Result},
    sync::lock,
};

/// Plays every role that `R` plays, call by call as a script says; when it is used up, `R` answers.
///
/// Each call takes the next step, whatever its method. All waiting is on tokio's clock.
///
/// ```
/// use keyvisual::{roles::*, testing::ScriptedChatModel};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> keyvisual::Result<()> {
/// let model = ScriptedChatModel::new().then_reply(ChatReply::new("{ half")).then_reply(ChatReply::new("{}"));
/// let request = ChatRequest::new(Message::user("answer in JSON"));
/// assert_eq!(model.chat(request.clone()).await?.text, "{ half");
/// assert_eq!(model.chat(request).await?.text, "{}");
/// assert_eq!(model.calls().requests::<ChatRequest>().len(), 2);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Scripted<R> {
    inner: R,
    card: Option<Card>,
    latency: Duration,
    script: Mutex<Script>,
    calls: Calls,
}

impl<R: Default> Scripted<R> {
    /// A script without steps around a fake with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<R> Scripted<R> {
    /// A script without steps around `inner`.
    #[must_use]
    pub fn of(inner: R) -> Self {
        Self { inner, card: None, latency: Duration::ZERO, script: Mutex::default(), calls: Calls::default() }
    }

    /// Answers with another card, such as one with prices or a limit.
    #[must_use]
    pub fn with_card(mut self, card: Card) -> Self {
        self.card = Some(card);
        self
    }

    /// Makes every call take at least this long.
    #[must_use]
    pub fn with_latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The next call is answered by what is wrapped.
    #[must_use]
    pub fn then_answer(self) -> Self {
        self.then(Step::Answer)
    }

    /// The next call is answered by what is wrapped, after waiting this long on top of the latency.
    #[must_use]
    pub fn then_slow(self, wait: Duration) -> Self {
        self.then(Step::Slow(wait))
    }

    /// The next call has this reply. It must be of the type that the call's method gives.
    #[must_use]
    pub fn then_reply<P: Reply>(self, reply: P) -> Self {
        self.then(Step::Reply(Box::new(reply)))
    }

    /// The next call fails with this error, as it is: mark it [`sent`](Error::sent) if it shall count as sent.
    #[must_use]
    pub fn then_fail(self, error: Error) -> Self {
        self.then(Step::Fail(error))
    }

    /// The next call never ends.
    #[must_use]
    pub fn then_hang(self) -> Self {
        self.then(Step::Hang)
    }

    /// Every call after the script fails with this error.
    #[must_use]
    pub fn always_fail(self, error: Error) -> Self {
        lock(&self.script).always_fail = Some(error);
        self
    }

    /// A handle on what was called, that stays when this is moved away.
    #[must_use]
    pub fn calls(&self) -> Calls {
        self.calls.clone()
    }

    /// What is wrapped.
    #[must_use]
    pub fn inner(&self) -> &R {
        &self.inner
    }

    fn then(self, step: Step) -> Self {
        lock(&self.script).steps.push_back(step);
        self
    }
}

impl<R: Sync> Scripted<R> {
    async fn play<Q: Request, F>(&self, request: Q, inner: impl FnOnce(Q) -> F + Send) -> Result<Q::Reply>
    where
        F: Future<Output = Result<Q::Reply>> + Send,
    {
        let running = self.calls.begin(&request);
        let step = lock(&self.script).next();
        let slow = if let Step::Slow(wait) = step { wait } else { Duration::ZERO };
        let wait = self.latency + slow;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let result = match step {
            Step::Answer | Step::Slow(_) => inner(request).await,
            Step::Reply(reply) => reply_to::<Q>(reply),
            Step::Fail(error) => Err(error),
            Step::Hang => std::future::pending().await,
        };
        running.end();
        result
    }
}

macro_rules! scripted {
    ($role:ident, $capabilities:ident { $($method:ident($request:ident) -> $reply:ident;)+ }) => {
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<R: $role> $role for Scripted<R> {
            fn card(&self) -> &Card {
                self.card.as_ref().unwrap_or_else(|| self.inner.card())
            }

            fn capabilities(&self) -> &$capabilities {
                self.inner.capabilities()
            }

            $(async fn $method(&self, request: $request) -> Result<$reply> {
                self.play(request, |request| self.inner.$method(request)).await
            })+
        }
    };
}

table::roles!(scripted);
