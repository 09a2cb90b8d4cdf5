//! What all requests and replies have in common, so that one door serves every role.

use std::fmt::Debug;

use serde::Serialize;

use super::CallContext;
use crate::{
    domain::Usage,
    error::{Error, Result},
};

/// An owned request of one method of a role.
pub trait Request: Clone + Debug + Serialize + Send + Sync + 'static {
    /// What the method replies.
    type Reply: Reply;

    /// The name of the operation in events, spans and errors.
    const OPERATION: &'static str;

    /// Whether the request may be sent again when nobody knows whether it was carried out. False for what
    /// would be there twice, or would trip over its own first attempt.
    const REPEATABLE: bool;

    /// On whose behalf the call is made.
    fn context(&self) -> &CallContext;

    /// The most that one wire call for this request can use. It is required, and never zero for a
    /// request that is billed: an upper bound that is too low lets money slip.
    fn at_most(&self) -> Usage;

    /// What is left to ask for after a partial reply: the failed items that are worth another try.
    /// None when there are no such items.
    fn rest(&self, reply: &Self::Reply) -> Option<Self>;
}

/// What a method replies when it replies at all.
pub trait Reply: Debug + Send + 'static {
    /// What the wire call used, as far as the backend knows.
    fn usage(&self) -> Usage;

    /// The errors of the single items, for replies with one result per item.
    fn failures(&self) -> Vec<&Error>;

    /// Puts the reply to [`Request::rest`] into the places that were left open, and adds up usage.
    fn complete(&mut self, rest: Self);
}

/// Stands for a text in `Debug`: prompts are the team's own and have no place in logs.
pub(super) struct Hidden<'a>(pub(super) &'a str);

impl Debug for Hidden<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} characters>", self.0.chars().count())
    }
}

/// Fills the transient failures in `places`, in order, with the results of a second try.
pub(crate) fn fill<T>(places: &mut [Result<T>], rest: Vec<Result<T>>) {
    let open = places.iter_mut().filter(|place| place.as_ref().is_err_and(Error::is_transient));
    for (place, result) in open.zip(rest) {
        *place = result;
    }
}

/// The items whose place in `results` failed transiently; none when there are no such places.
pub(crate) fn open_items<I: Clone, T>(items: &[I], results: &[Result<T>]) -> Option<Vec<I>> {
    let open =
        items.iter().zip(results).filter(|(_, result)| result.as_ref().is_err_and(Error::is_transient));
    let open: Vec<_> = open.map(|(item, _)| item.clone()).collect();
    (!open.is_empty()).then_some(open)
}

/// The errors among `results`.
pub(crate) fn failures<T>(results: &[Result<T>]) -> Vec<&Error> {
    results.iter().filter_map(|result| result.as_ref().err()).collect()
}

/// Implements [`Request`] and `with_context` for a request that has a field `context`; with
/// `items`, its reply has one result per item and only the open ones are asked for again; with `once`, it
/// is not repeated when it may have been carried out.
macro_rules! request {
    ($request:ident -> $reply:ident, $operation:literal, |$this:ident| $at_most:expr) => {
        request!(@request $request, $reply, $operation, true, |$this| $at_most, |_request, _reply| None);
    };
    ($request:ident -> $reply:ident, $operation:literal, once, |$this:ident| $at_most:expr) => {
        request!(@request $request, $reply, $operation, false, |$this| $at_most, |_request, _reply| None);
    };
    ($request:ident [$items:ident] -> $reply:ident, $operation:literal, |$this:ident| $at_most:expr) => {
        request!(@request $request, $reply, $operation, true, |$this| $at_most, |request, reply| {
            let $items = $crate::roles::request::open_items(&request.$items, &reply.results)?;
            Some($request { $items, ..request.clone() })
        });
    };
    (@request $request:ident, $reply:ident, $operation:literal, $repeatable:literal, |$this:ident| $at_most:expr,
     |$r:ident, $p:ident| $rest:expr) => {
        impl $request {
            /// Sets on whose behalf the call is made.
            #[must_use]
            pub fn with_context(mut self, context: $crate::roles::CallContext) -> Self {
                self.context = context;
                self
            }
        }

        impl $crate::roles::Request for $request {
            type Reply = $reply;

            const OPERATION: &'static str = $operation;
            const REPEATABLE: bool = $repeatable;

            fn context(&self) -> &$crate::roles::CallContext {
                &self.context
            }

            fn at_most(&self) -> $crate::domain::Usage {
                let $this = self;
                $at_most
            }

            fn rest(&self, $p: &$reply) -> Option<Self> {
                let $r = self;
                $rest
            }
        }
    };
}

/// Implements [`Reply`] for a reply that succeeds or fails as a whole, or, with `results`, place by place.
macro_rules! reply {
    ($reply:ident) => {
        impl $crate::roles::Reply for $reply {
            fn usage(&self) -> $crate::domain::Usage {
                self.usage
            }

            fn failures(&self) -> Vec<&$crate::Error> {
                Vec::new()
            }

            fn complete(&mut self, rest: Self) {
                let usage = self.usage;
                *self = rest;
                self.usage += usage;
            }
        }
    };
    ($reply:ident [$results:ident]) => {
        impl $crate::roles::Reply for $reply {
            fn usage(&self) -> $crate::domain::Usage {
                self.usage
            }

            fn failures(&self) -> Vec<&$crate::Error> {
                $crate::roles::request::failures(&self.$results)
            }

            fn complete(&mut self, rest: Self) {
                self.usage += rest.usage;
                $crate::roles::request::fill(&mut self.$results, rest.$results);
            }
        }
    };
}

pub(crate) use {reply, request};
