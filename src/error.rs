//! One opaque error for the whole crate: what went wrong, with which value, and whether to try again.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong. Match on it with a wildcard arm: kinds are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value from the caller is wrong; the message names it. Nothing was sent.
    InvalidInput,
    /// The id is unknown.
    NotFound,
    /// A step was asked for before the step it builds on. Nothing was spent.
    OutOfOrder,
    /// Somebody else wrote first; read again and decide.
    Conflict,
    /// The backend cannot do this; the message names the feature. Nothing was sent.
    Unsupported,
    /// Two vectors, or a vector and a store, belong to different embedding spaces.
    SpaceMismatch,
    /// Credentials are missing, wrong or expired.
    Unauthenticated,
    /// The credentials are good but do not allow this.
    PermissionDenied,
    /// Too many requests; [`Error::retry_after`] may say how long to wait.
    RateLimited,
    /// No answer within the time allowed.
    Timeout,
    /// The other side is down, unreachable or overloaded.
    Unavailable,
    /// A safety filter refused the prompt, the input picture or the output.
    Blocked,
    /// The reply cannot be understood: half JSON, a wrong shape, a wrong content type.
    InvalidReply,
    /// The reply was cut off because it reached its token limit.
    Truncated,
    /// Another process holds the store open.
    Locked,
    /// Stored bytes fail their checksum or cannot be read back.
    Corrupt,
    /// No space is left on the device.
    StorageFull,
    /// The file system said no for another reason.
    Io,
    /// A defect in this crate or in a backend.
    Internal,
}

impl ErrorKind {
    /// The kind in words, as shown in messages and in the `error.type` field of spans.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid input",
            Self::NotFound => "not found",
            Self::OutOfOrder => "out of order",
            Self::Conflict => "conflict",
            Self::Unsupported => "unsupported",
            Self::SpaceMismatch => "embedding space mismatch",
            Self::Unauthenticated => "unauthenticated",
            Self::PermissionDenied => "permission denied",
            Self::RateLimited => "rate limited",
            Self::Timeout => "timeout",
            Self::Unavailable => "unavailable",
            Self::Blocked => "blocked",
            Self::InvalidReply => "invalid reply",
            Self::Truncated => "truncated",
            Self::Locked => "locked",
            Self::Corrupt => "corrupt",
            Self::StorageFull => "storage full",
            Self::Io => "io",
            Self::Internal => "internal",
        }
    }

    fn retryability(self) -> Retryability {
        match self {
            Self::RateLimited | Self::Timeout | Self::Unavailable => Retryability::Transient,
            _ => Retryability::Permanent,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the same request may succeed when it is sent again, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Retryability {
    /// The same request fails again; change it first.
    Permanent,
    /// The same request may succeed later.
    Transient,
}

/// What a safety filter refused, as far as the provider says.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Blocked {
    /// Where it was refused.
    pub stage: BlockedStage,
    /// Why, in the provider's words.
    pub reason: String,
    /// Whether the attempt is billed; none where the provider does not say.
    pub charged: Option<bool>,
}

/// Where a safety filter refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BlockedStage {
    /// The prompt, before anything was made.
    Prompt,
    /// A picture that was sent, before anything was made.
    InputImage,
    /// What was made.
    Output,
    /// The provider does not say where.
    Unknown,
}

impl Blocked {
    /// Refused at `stage` for `reason`; whether it is billed is not known.
    pub fn new(stage: BlockedStage, reason: impl Into<String>) -> Self {
        Self { stage, reason: reason.into(), charged: None }
    }

    /// Says whether it is billed.
    #[must_use]
    pub fn with_charged(mut self, charged: bool) -> Self {
        self.charged = Some(charged);
        self
    }
}

impl BlockedStage {
    fn as_str(self) -> &'static str {
        match self {
            Self::Prompt => "the prompt",
            Self::InputImage => "a picture that was sent",
            Self::Output => "what was made",
            Self::Unknown => "the request",
        }
    }
}

type Source = Arc<dyn std::error::Error + Send + Sync>;

/// The error of every fallible call of this crate.
///
/// It is cheap to clone and goes through serde (without its source), because events, partial
/// replies and stored step results carry it. `Display` is one line; `{:?}` adds the source chain.
///
/// ```
/// use keyvisual::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::RateLimited, "the model takes 5 requests a minute")
///     .with_operation("chat")
///     .with_context("model", "us.amazon.nova-pro-v1:0");
/// assert!(error.is_transient());
/// assert_eq!(
///     error.to_string(),
///     "rate limited in chat: the model takes 5 requests a minute (model: us.amazon.nova-pro-v1:0)"
/// );
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Error(Box<Repr>);

#[derive(Clone, Serialize, Deserialize)]
struct Repr {
    kind: ErrorKind,
    message: String,
    retryability: Retryability,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<Cow<'static, str>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    context: Vec<(Cow<'static, str>, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<Duration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    blocked: Option<Blocked>,
    sent: bool,
    #[serde(skip)]
    source: Option<Source>,
}

impl Error {
    /// An error of `kind`. Its retryability follows the kind; it counts as not sent.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            retryability: kind.retryability(),
            operation: None,
            context: Vec::new(),
            retry_after: None,
            blocked: None,
            sent: false,
            source: None,
        }))
    }

    /// Shorthand for [`ErrorKind::InvalidInput`].
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// Shorthand for [`ErrorKind::NotFound`]: `no campaign with id "x"`.
    pub fn not_found(what: &str, id: impl fmt::Display) -> Self {
        Self::new(ErrorKind::NotFound, format!("no {what} with id \"{id}\""))
    }

    /// The answer of a vector store to everything that comes before `create`.
    pub(crate) fn no_collection() -> Self {
        Self::new(ErrorKind::NotFound, "the store has no collection yet: create the collection first")
    }

    /// What a filter refused: [`ErrorKind::Blocked`], which was sent.
    #[must_use]
    pub fn refused(blocked: Blocked) -> Self {
        let message = format!("a filter refused {}: {}", blocked.stage.as_str(), blocked.reason);
        let mut error = Self::new(ErrorKind::Blocked, message).sent();
        error.0.blocked = Some(blocked);
        error
    }

    /// Names the operation that failed, unless one is named already: the innermost knows best.
    #[must_use]
    pub fn with_operation(mut self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.0.operation.get_or_insert_with(|| operation.into());
        self
    }

    /// Adds a value that helps to find the cause. Never a secret and never a prompt.
    #[must_use]
    pub fn with_context(mut self, name: impl Into<Cow<'static, str>>, value: impl ToString) -> Self {
        self.0.context.push((name.into(), value.to_string()));
        self
    }

    /// Keeps the error that caused this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// Overrules the retryability that follows from the kind.
    #[must_use]
    pub fn with_retryability(mut self, retryability: Retryability) -> Self {
        self.0.retryability = retryability;
        self
    }

    /// Says how long the other side asked to wait. This makes the error transient.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self.with_retryability(Retryability::Transient)
    }

    /// Marks that the request left this process, so that it may have been carried out and charged.
    #[must_use]
    pub fn sent(mut self) -> Self {
        self.0.sent = true;
        self
    }

    /// What kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What was wrong, without the kind, operation and context.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The operation that failed, such as `chat` or `upsert`.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// The value noted under `name` by [`Error::with_context`].
    #[must_use]
    pub fn context(&self, name: &str) -> Option<&str> {
        self.0.context.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn retryability(&self) -> Retryability {
        self.0.retryability
    }

    /// `true` when the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.0.retryability == Retryability::Transient
    }

    /// How long the other side asked to wait before the next attempt.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What a filter refused, for an error made by [`Error::refused`].
    #[must_use]
    pub fn blocked(&self) -> Option<&Blocked> {
        self.0.blocked.as_ref()
    }

    /// `true` when the request left this process: it may have been carried out and charged.
    #[must_use]
    pub fn was_sent(&self) -> bool {
        self.0.sent
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let repr = &self.0;
        write!(f, "{}", repr.kind)?;
        if let Some(operation) = &repr.operation {
            write!(f, " in {operation}")?;
        }
        write!(f, ": {}", repr.message)?;
        if !repr.context.is_empty() {
            f.write_str(" (")?;
            for (i, (name, value)) in repr.context.iter().enumerate() {
                write!(f, "{}{name}: {value}", if i == 0 { "" } else { ", " })?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            write!(f, "\n  caused by: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

/// Two errors are equal when they say the same; sources are not compared.
impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        self.0.kind == other.0.kind
            && self.0.retryability == other.0.retryability
            && self.to_string() == other.to_string()
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let kind = match error.kind() {
            Io::NotFound => ErrorKind::NotFound,
            Io::PermissionDenied | Io::ReadOnlyFilesystem => ErrorKind::PermissionDenied,
            Io::StorageFull | Io::QuotaExceeded => ErrorKind::StorageFull,
            Io::TimedOut => ErrorKind::Timeout,
            _ => ErrorKind::Io,
        };
        Self::new(kind, error.to_string()).with_source(error)
    }
}
