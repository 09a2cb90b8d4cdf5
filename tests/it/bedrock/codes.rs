//! What a code, a status and a message mean.

use std::time::Duration;

use keyvisual::ErrorKind;
use wiremock::ResponseTemplate;

use super::client::{config, serve};

#[tokio::test]
async fn a_wait_is_heard_in_milliseconds_and_in_seconds() {
    for (name, value, wait) in [
        ("x-amz-retry-after", "50", Some(Duration::from_millis(50))),
        ("Retry-After", "7", Some(Duration::from_secs(7))),
        ("Retry-After", "soon", None),
    ] {
        let (error, _) = serve(ResponseTemplate::new(429).insert_header(name, value), config).await;
        assert_eq!(error.retry_after(), wait, "{name}: {value}");
        let (error, _) = serve(ResponseTemplate::new(400).insert_header(name, value), config).await;
        assert!(!error.is_transient(), "a wait makes no lasting error pass");
    }
}

/// What the strict server has no fault for.
#[tokio::test]
async fn a_code_and_its_message_mean_one_thing() {
    use ErrorKind as Kind;
    for (status, code, message, kind, words) in [
        (
            429,
            "ThrottlingException",
            "Too many tokens per day, please wait",
            Kind::RateLimited,
            "go on tomorrow",
        ),
        (
            404,
            "FTUFormNotFilled",
            "Model use case details have not been submitted",
            Kind::PermissionDenied,
            "its form",
        ),
        (
            404,
            "ResourceNotFoundException",
            "Model use case details are missing",
            Kind::PermissionDenied,
            "its form",
        ),
        (
            404,
            "ResourceNotFoundException",
            "The model has reached the end of its life",
            Kind::NotFound,
            "has ended",
        ),
        (
            400,
            "ValidationException",
            "This model version has reached the end of its life.",
            Kind::NotFound,
            "has ended",
        ),
        (
            400,
            "ValidationException",
            "Invocation with on-demand throughput isn't supported",
            Kind::InvalidInput,
            "profile",
        ),
        (
            400,
            "ValidationException",
            "`temperature` is deprecated for this model.",
            Kind::InvalidInput,
            "with_temperature(None)",
        ),
        (
            400,
            "ValidationException",
            "Malformed input request",
            Kind::InvalidInput,
            "Malformed input request",
        ),
        (
            403,
            "UnrecognizedClientException",
            "The security token is invalid",
            Kind::Unauthenticated,
            "access key",
        ),
        (403, "InvalidClientTokenId", "no such key", Kind::Unauthenticated, "access key"),
        (400, "IncompleteSignature", "not in order", Kind::Unauthenticated, "access key"),
        (400, "RequestExpired", "too old", Kind::Unauthenticated, "aws sso login"),
        (
            403,
            "AccessDeniedException",
            "Please make sure your API Key is valid",
            Kind::Unauthenticated,
            "API key",
        ),
        (
            403,
            "AccessDeniedException",
            "User: x is not authorized",
            Kind::PermissionDenied,
            "bedrock:ListFoundationModels",
        ),
        (400, "NotAuthorized", "no", Kind::PermissionDenied, "allow bedrock:"),
        (418, "SomethingNew", "tea", Kind::InvalidInput, "status 418"),
    ] {
        let response = ResponseTemplate::new(status)
            .insert_header("x-amzn-errortype", code)
            .set_body_json(serde_json::json!({"message": message}));
        let (error, _) = serve(response, config).await;
        assert_eq!((error.kind(), error.context("code")), (kind, Some(code)), "{error}");
        assert!(!error.is_transient() && error.was_sent(), "{error}");
        assert!(error.message().contains(words) && error.message().contains(message), "{error}");
    }
}

#[tokio::test]
async fn a_long_message_is_one_short_line() {
    let body = serde_json::json!({"message": format!("first\nsecond {}", "é".repeat(1_000))});
    let (error, _) = serve(ResponseTemplate::new(400).set_body_json(body), config).await;
    assert!(error.message().contains("first second é") && !error.message().contains('\n'), "{error}");
    assert!(error.message().chars().count() < 400, "{error}");
}
