//! What shall happen, call by call.

use std::{any::Any, collections::VecDeque, fmt, time::Duration};

use crate::{
    error::{Error, ErrorKind, Result},
    roles::Request,
};

/// The steps that are left, and what comes after them.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) steps: VecDeque<Step>,
    pub(super) always_fail: Option<Error>,
}

/// What one call does.
pub(super) enum Step {
    /// What is wrapped answers.
    Answer,
    /// What is wrapped answers after a further wait.
    Slow(Duration),
    /// This is the reply.
    Reply(Box<dyn Any + Send>),
    /// This is the error.
    Fail(Error),
    /// It never ends.
    Hang,
}

impl Script {
    pub(super) fn next(&mut self) -> Step {
        let after = || self.always_fail.clone().map_or(Step::Answer, Step::Fail);
        self.steps.pop_front().unwrap_or_else(after)
    }
}

/// The scripted reply as what this request is answered with.
pub(super) fn reply_to<Q: Request>(reply: Box<dyn Any + Send>) -> Result<Q::Reply> {
    reply.downcast::<Q::Reply>().map(|reply| *reply).map_err(|_| {
        let operation = Q::OPERATION;
        let wanted = std::any::type_name::<Q::Reply>();
        Error::new(
            ErrorKind::Internal,
            format!("the script's next reply is no {wanted}, which `{operation}` answers with"),
        )
    })
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer => f.write_str("Answer"),
            Self::Slow(wait) => write!(f, "Slow({wait:?})"),
            Self::Reply(_) => f.write_str("Reply"),
            Self::Fail(error) => write!(f, "Fail({error})"),
            Self::Hang => f.write_str("Hang"),
        }
    }
}
