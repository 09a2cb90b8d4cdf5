//! The client alone, against servers that are not Bedrock.

use std::{
    io::{Read, Write},
    net::TcpListener,
    time::Duration,
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use keyvisual::{
    Error, ErrorKind,
    backends::bedrock::{Bedrock, BedrockConfig},
};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

const SHORT: Duration = Duration::from_millis(200);

fn bare(url: &str) -> BedrockConfig {
    BedrockConfig::new().with_region("us-west-2").with_endpoint(url)
}

pub(super) fn config(url: &str) -> BedrockConfig {
    bare(url).with_keys("AKIDTEST", "top-secret", None)
}

async fn list(config: BedrockConfig) -> Error {
    Bedrock::new(config).await.unwrap().models_online().await.unwrap_err()
}

/// What listing the models gets from a server that answers everything with `response`, and what it was sent.
pub(super) async fn serve(
    response: ResponseTemplate,
    config: impl Fn(&str) -> BedrockConfig,
) -> (Error, Vec<Request>) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    let error = list(config(&server.uri())).await;
    (error, server.received_requests().await.unwrap())
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).unwrap().to_str().unwrap()
}

#[tokio::test]
async fn nothing_is_retried_here() {
    for status in [408, 424, 429, 500, 503] {
        let (error, requests) = serve(ResponseTemplate::new(status), config).await;
        assert!(error.is_transient() && error.was_sent(), "{error}");
        assert_eq!(requests.len(), 1, "{status}");
    }
}

#[tokio::test]
async fn requests_are_signed_with_the_keys_or_bear_the_token() {
    let (_, requests) = serve(ResponseTemplate::new(500), config).await;
    let signed = header(&requests[0], "authorization");
    assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDTEST/"), "{signed}");
    assert!(signed.contains("/us-west-2/bedrock/aws4_request"), "{signed}");
    assert!(header(&requests[0], "user-agent").contains("app/keyvisual-"));

    let token = |url: &str| bare(url).with_bearer_token("token-1").with_app_name("shop");
    let (_, requests) = serve(ResponseTemplate::new(500), token).await;
    assert_eq!(header(&requests[0], "authorization"), "Bearer token-1");
    assert!(header(&requests[0], "user-agent").contains("app/shop"));
}

#[tokio::test]
async fn the_lists_may_have_an_address_of_their_own() {
    let (_, requests) =
        serve(ResponseTemplate::new(500), |url| config("http://nowhere.invalid").with_control_endpoint(url))
            .await;
    assert_eq!(requests[0].url.path(), "/foundation-models");
}

#[tokio::test]
async fn an_answer_that_is_not_json_is_an_invalid_reply() {
    for body in ["{\"modelSumm", "<html>", "[]"] {
        let (error, _) = serve(ResponseTemplate::new(200).set_body_string(body), config).await;
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidReply, true), "{error}");
        assert!(error.message().starts_with("the answer is not the JSON of Bedrock: "), "{error}");
    }
}

#[tokio::test]
async fn a_proxy_that_answers_for_bedrock_is_heard_by_its_status() {
    let (error, _) =
        serve(ResponseTemplate::new(502).set_body_string("<html>Bad gateway</html>"), config).await;
    assert_eq!((error.kind(), error.context("status")), (ErrorKind::Unavailable, Some("502")));
}

#[tokio::test]
async fn the_request_id_is_kept() {
    let (error, _) = serve(ResponseTemplate::new(500).insert_header("x-amzn-requestid", "r-1"), config).await;
    assert_eq!(error.context("request_id"), Some("r-1"));
}

/// Reads one request and answers with `bytes` as they are, then closes, or holds the connection open.
async fn raw(bytes: &'static [u8], hold: bool, change: fn(BedrockConfig) -> BedrockConfig) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (done, held) = std::sync::mpsc::channel::<()>();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(bytes);
        if hold {
            let _ = held.recv();
        }
    });
    let error = list(change(config(&url))).await;
    drop(done);
    server.join().unwrap();
    error
}

const HALF: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"modelSumm";

#[tokio::test]
async fn a_cut_connection_is_unavailable_and_sent() {
    for bytes in [b"".as_slice(), HALF] {
        let error = raw(bytes, false, |config| config).await;
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unavailable, true), "{error:?}");
        assert!(error.is_transient());
    }
}

#[tokio::test]
async fn each_way_to_stall_ends_at_its_own_timeout() {
    type Change = fn(BedrockConfig) -> BedrockConfig;
    let cases: [(&[u8], Change, &str); 3] = [
        (b"", |config| config.with_read_timeout(SHORT), "read timeout"),
        (HALF, |config| config.with_stall_timeout(SHORT), "stopped in the middle"),
        (b"", |config| config.with_call_timeout(SHORT), "call timeout"),
    ];
    for (bytes, change, words) in cases {
        let error = raw(bytes, true, change).await;
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Timeout, true), "{error:?}");
        assert!(error.is_transient() && error.message().contains(words), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_comes_late_is_no_stall() {
    let late = ResponseTemplate::new(500).set_delay(SHORT * 3);
    let (error, _) = serve(late, |url| config(url).with_stall_timeout(SHORT / 4)).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_was_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = list(config(&url)).await;
    assert_eq!((error.kind(), error.was_sent(), error.is_transient()), (ErrorKind::Unavailable, false, true));
}

#[tokio::test]
async fn without_credentials_an_error_says_how_to_get_some() {
    let sdk = SdkConfig::builder()
        .region(Region::new("us-west-2"))
        .behavior_version(BehaviorVersion::v2026_01_12());
    let bedrock = Bedrock::from_sdk(&sdk.build(), BedrockConfig::new()).unwrap();
    for error in [bedrock.models_online().await.unwrap_err(), bedrock.credentials_source().await.unwrap_err()]
    {
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unauthenticated, false), "{error:?}");
        assert!(error.message().contains("aws sso login"), "{error}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_before_anything_is_sent() {
    for url in [
        "",
        "localhost:8080",
        "ftp://host",
        "http://",
        "http://host?key=1",
        "http://user:pw@host",
        "http://a b",
    ] {
        for config in [config(url), config("http://host").with_control_endpoint(url)] {
            let error = Bedrock::new(config).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}");
        }
    }
    let error = Bedrock::new(config("http://host").with_app_name("two words")).await.unwrap_err();
    assert!(error.message().contains("two words"), "{error}");
    let error = Bedrock::new(config("http://host").with_region(" ")).await.unwrap_err();
    assert!(error.message().contains("with_region"), "{error}");
    let error = Bedrock::from_sdk(&SdkConfig::builder().build(), BedrockConfig::new()).unwrap_err();
    assert!(error.message().contains("AWS_REGION"), "{error}");
    let error = Bedrock::from_sdk(&SdkConfig::builder().build(), BedrockConfig::new().with_profile("team"))
        .unwrap_err();
    assert!(error.message().contains("team"), "{error}");
}

/// The SDK would panic.
#[tokio::test]
async fn what_no_header_can_have_is_refused_and_not_shown() {
    let plain = || config("http://host");
    for config in [
        plain().with_keys("hidden\n", "x", None),
        plain().with_keys("AKIDTEST", "x", Some("hidden\r\nx: y".into())),
        plain().with_keys("hiddén", "x", None),
        plain().with_bearer_token("hidden\n"),
        plain().with_region("hidden\n"),
    ] {
        let error = Bedrock::new(config).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(!format!("{error:?}").contains("hid"), "{error:?}");
    }
}

#[tokio::test]
async fn debug_shows_no_secrets() {
    let keys = config("http://host").with_keys("AKIDTEST", "hidden-1", Some("hidden-2".into()));
    let token = bare("http://host/hidden-path").with_bearer_token("hidden-3");
    for config in [keys, token] {
        let bedrock = Bedrock::new(config.clone()).await.unwrap();
        let shown = format!("{config:?} {bedrock:?}");
        assert!(!shown.contains("hidden") && !shown.contains("AKIDTEST"), "{shown}");
        assert!(bedrock.credentials_source().await.unwrap().contains("given by the application"));
    }
}
