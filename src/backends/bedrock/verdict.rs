//! What an error of the service means, and what to do about it.

use super::{Registry, registry::ModelEntry};
use crate::error::ErrorKind;

/// What was called, so that an error can say what to do.
pub(super) struct Called<'a> {
    /// The model; none for the lists.
    pub(super) model: Option<&'a str>,
    pub(super) region: &'a str,
    pub(super) registry: &'a Registry,
}

/// What an error means.
pub(super) struct Verdict {
    pub(super) kind: ErrorKind,
    /// It stays, although its kind passes as a rule.
    pub(super) lasting: bool,
    /// What was wrong and what to do.
    pub(super) advice: String,
}

impl Verdict {
    fn new(kind: ErrorKind, advice: impl Into<String>) -> Self {
        Self { kind, lasting: false, advice: advice.into() }
    }
}

/// Words by which a model is said to have ended. A setting may be deprecated too, by a model that is well.
const ENDED: &[&str] = &[
    "reached the end of its life",
    "end of life",
    "model is deprecated",
    "version is deprecated",
    "model is no longer supported",
    "version is no longer supported",
];

/// Judges by the code, or the status where there is no known code, and by words of the message where one code has
/// several meanings.
pub(super) fn of(code: Option<&str>, status: u16, message: &str, called: &Called<'_>) -> Verdict {
    let text = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(ENDED) {
        return Verdict::new(ErrorKind::NotFound, ended(called));
    }
    match code.unwrap_or_default() {
        "ThrottlingException" | "TooManyRequestsException" if says(&["per day"]) => Verdict {
            lasting: true,
            ..Verdict::new(
                ErrorKind::RateLimited,
                "the account's quota of this day is used up: go on tomorrow, or ask AWS for more in Service Quotas",
            )
        },
        "ThrottlingException" | "TooManyRequestsException" => {
            Verdict::new(ErrorKind::RateLimited, "the account's quota of calls or tokens a minute is used up")
        }
        "ModelNotReadyException" => {
            Verdict::new(ErrorKind::RateLimited, "the model is being made ready and takes no calls yet")
        }
        "ServiceUnavailableException" => {
            Verdict::new(ErrorKind::Unavailable, "Bedrock has no capacity for this model at the moment")
        }
        "InternalServerException" | "InternalFailure" => {
            Verdict::new(ErrorKind::Unavailable, "Bedrock failed")
        }
        "ModelTimeoutException" => Verdict::new(ErrorKind::Timeout, "the model took too long"),
        "ModelErrorException" => Verdict::new(ErrorKind::Unavailable, "the model failed"),
        "ServiceQuotaExceededException" => Verdict::new(
            ErrorKind::PermissionDenied,
            "a quota of the account is used up: ask AWS for more in Service Quotas",
        ),
        "ExpiredTokenException" | "ExpiredToken" | "RequestExpired" => Verdict::new(
            ErrorKind::Unauthenticated,
            "the credentials have expired: log in again (`aws sso login`) or renew the session token",
        ),
        "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException" => Verdict::new(
            ErrorKind::Unauthenticated,
            "AWS does not accept the credentials: check the access key, its secret and this machine's clock",
        ),
        "AccessDeniedException" | "NotAuthorized" | "FTUFormNotFilled" => denied(&says, called),
        "ResourceNotFoundException" if says(&["use case"]) => {
            Verdict::new(ErrorKind::PermissionDenied, USE_CASE)
        }
        "ResourceNotFoundException" => Verdict::new(ErrorKind::NotFound, unknown(called)),
        "ValidationException" if says(&["on-demand throughput"]) => {
            Verdict::new(ErrorKind::InvalidInput, profile_needed(called))
        }
        "ValidationException" if says(&["model identifier is invalid", "invalid model identifier"]) => {
            Verdict::new(ErrorKind::NotFound, unknown(called))
        }
        "ValidationException" if says(&["deprecated for this model"]) => Verdict::new(
            ErrorKind::InvalidInput,
            "the model does not take a setting any more: leave it out, a temperature by `with_temperature(None)`",
        ),
        "ValidationException" => Verdict::new(ErrorKind::InvalidInput, "Bedrock refuses the request"),
        _ => by_status(status),
    }
}

fn by_status(status: u16) -> Verdict {
    let kind = match status {
        401 => ErrorKind::Unauthenticated,
        402 | 403 => ErrorKind::PermissionDenied,
        404 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        429 => ErrorKind::RateLimited,
        424 | 500.. => ErrorKind::Unavailable,
        400..=499 => ErrorKind::InvalidInput,
        _ => ErrorKind::InvalidReply,
    };
    Verdict::new(kind, format!("the call failed with status {status}"))
}

const USE_CASE: &str =
    "the maker wants to know what the model is used for: fill in its form in the Bedrock console";

fn denied(says: &dyn Fn(&[&str]) -> bool, called: &Called<'_>) -> Verdict {
    if says(&["api key", "bearer token", "authentication failed"]) {
        return Verdict::new(
            ErrorKind::Unauthenticated,
            "AWS does not accept the API key: make a new one, or check its region",
        );
    }
    let advice = if says(&["marketplace", "agreement", "subscription"]) {
        "the account's agreement for this model is missing or pending: accept it in the Bedrock console (it needs \
         aws-marketplace:Subscribe) and try again in a few minutes"
            .to_owned()
    } else if says(&["use case"]) {
        USE_CASE.to_owned()
    } else if says(&["access to the model"]) {
        "the account has no access to this model: ask for it in the Bedrock console, and allow bedrock:InvokeModel on it"
            .to_owned()
    } else if called.model.is_none() {
        "the credentials may not list models: allow bedrock:ListFoundationModels and bedrock:ListInferenceProfiles".to_owned()
    } else {
        "the credentials may not call this model: allow bedrock:InvokeModel on it, for an inference profile on the profile and \
         on the model in every region it leads to"
            .to_owned()
    };
    Verdict::new(ErrorKind::PermissionDenied, advice)
}

fn entry<'a>(called: &Called<'a>) -> Option<&'a ModelEntry> {
    called.model.and_then(|model| called.registry.find(model))
}

fn ended(called: &Called<'_>) -> String {
    let replacements = entry(called).map(|entry| entry.lifecycle.replacements.as_slice()).unwrap_or_default();
    match replacements {
        [] => "the model has ended: take another one".to_owned(),
        list => format!("the model has ended: move to {}", list.join(" or ")),
    }
}

fn unknown(called: &Called<'_>) -> String {
    let region = called.region;
    let Some(entry) = entry(called) else {
        return format!(
            "Bedrock does not know this model in {region}: check the id and the region, it may also have ended"
        );
    };
    match called.registry.id_for(entry, region) {
        Some(id) if called.model != Some(id.as_str()) => {
            format!("Bedrock does not know this id in {region}: take \"{id}\"")
        }
        Some(_) if !entry.more_regions => {
            format!("Bedrock does not know this model in {region} any more: {}", ended(called))
        }
        _ => format!("Bedrock does not know this id in {region}: {}", places(entry)),
    }
}

fn profile_needed(called: &Called<'_>) -> String {
    match entry(called).map(profiles).filter(|profiles| !profiles.is_empty()) {
        Some(profiles) => format!("this model is called through an inference profile: take {profiles}"),
        None => "this model is called through an inference profile: put its geography before the id, such as \"us.\", or take an \
                 ARN of ListInferenceProfiles"
            .to_owned(),
    }
}

fn places(entry: &ModelEntry) -> String {
    match (entry.regions.join(", "), profiles(entry)) {
        (regions, profiles) if regions.is_empty() => format!("take {profiles}"),
        (regions, profiles) if profiles.is_empty() => format!("it is served in {regions}"),
        (regions, profiles) => format!("it is served in {regions}, or take {profiles}"),
    }
}

fn profiles(entry: &ModelEntry) -> String {
    entry.profiles.keys().map(|prefix| format!("\"{prefix}.{}\"", entry.id)).collect::<Vec<_>>().join(" or ")
}
