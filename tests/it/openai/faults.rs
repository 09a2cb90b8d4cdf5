use std::{
    io::{Read, Write},
    net::TcpListener,
    time::{Duration, Instant},
};

use keyvisual::{
    Error, ErrorKind,
    backends::openai::{OpenAi, OpenAiConfig},
    roles::*,
};
use serde_json::json;
use wiremock::ResponseTemplate;

use super::{SHORT, answer, chat_error, config, hello, ok, serve};

fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .set_body_json(json!({"error": {"message": "because", "type": "t", "code": null}}))
}

#[tokio::test]
async fn every_status_has_its_kind() {
    for (code, kind, transient) in [
        (301, ErrorKind::InvalidReply, false),
        (400, ErrorKind::InvalidInput, false),
        (401, ErrorKind::Unauthenticated, false),
        (403, ErrorKind::PermissionDenied, false),
        (404, ErrorKind::NotFound, false),
        (408, ErrorKind::Timeout, true),
        (413, ErrorKind::InvalidInput, false),
        (422, ErrorKind::InvalidInput, false),
        (429, ErrorKind::RateLimited, true),
        (500, ErrorKind::Unavailable, true),
        (501, ErrorKind::Unsupported, false),
        (503, ErrorKind::Unavailable, true),
    ] {
        let error = chat_error(status(code)).await;
        assert_eq!((error.kind(), error.is_transient()), (kind, transient), "{code}");
        assert!(error.was_sent());
        assert_eq!(error.context("status"), Some(code.to_string().as_str()));
        assert_eq!((error.operation(), error.context("model")), (Some("chat"), Some("m")));
    }
}

#[tokio::test]
async fn a_body_that_says_more_than_its_status_is_heard() {
    let inner = |error| json!({"error": error});
    for (code, body, kind) in [
        (400, inner(json!({"message": "m", "code": "content_filter"})), ErrorKind::Blocked),
        (400, inner(json!({"message": "m", "type": "content_policy_violation"})), ErrorKind::Blocked),
        (429, inner(json!({"message": "m", "code": "insufficient_quota"})), ErrorKind::PermissionDenied),
        (500, inner(json!({"message": "image input is not supported - hint"})), ErrorKind::Unsupported),
        (400, inner(json!("plain words")), ErrorKind::InvalidInput),
        (503, json!({"message": "model is loading"}), ErrorKind::Unavailable),
    ] {
        assert_eq!(chat_error(ResponseTemplate::new(code).set_body_json(body)).await.kind(), kind);
    }
    let error = chat_error(ResponseTemplate::new(502).set_body_string("<html>Bad gateway</html>")).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn an_error_inside_a_200_is_an_error() {
    for (inner, kind) in [
        (json!({"code": 429, "message": "m"}), ErrorKind::RateLimited),
        (json!({"code": "rate_limit_exceeded", "message": "m"}), ErrorKind::RateLimited),
        (json!({"type": "server_error", "message": "m"}), ErrorKind::Unavailable),
        (json!({"message": "m"}), ErrorKind::InvalidReply),
        (json!("m"), ErrorKind::InvalidReply),
    ] {
        let error = chat_error(ok(json!({"error": inner}))).await;
        assert_eq!((error.kind(), error.was_sent()), (kind, true), "{error}");
    }
    let mut fine = answer("Hi", "stop");
    fine["error"] = json!(null);
    super::chat(ok(fine)).await.unwrap();
}

async fn wait(value: &str) -> Option<Duration> {
    chat_error(status(429).insert_header("Retry-After", value)).await.retry_after()
}

#[tokio::test]
async fn the_wait_a_server_asks_for_is_heard_in_seconds_and_as_a_date() {
    assert_eq!(wait("7").await, Some(Duration::from_secs(7)));
    assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT").await, Some(Duration::ZERO));
    let far = wait("Fri, 01 Jan 2100 00:00:00 GMT").await.unwrap();
    assert!(far > Duration::from_secs(365 * 24 * 3600));
    assert_eq!(wait("soon").await, None);
    assert_eq!(wait("-1").await, None);
}

#[tokio::test]
async fn a_wait_does_not_make_a_permanent_error_transient() {
    let error = chat_error(status(401).insert_header("Retry-After", "7")).await;
    assert!(!error.is_transient());
}

#[tokio::test]
async fn an_answer_that_is_not_of_the_interface_is_refused() {
    let json = |text: &str| ResponseTemplate::new(200).set_body_raw(text.to_owned(), "application/json");
    for (response, why) in [
        (json(r#"{"choices": [{"mess"#), "not the JSON"),
        (json(""), "not the JSON"),
        (json("[]"), "not the JSON"),
        (json(r#"{"choices": []}"#), "choices is empty"),
        (ResponseTemplate::new(200).set_body_raw("<html></html>", "text/html"), "text/html"),
        (ResponseTemplate::new(200), "content type none"),
    ] {
        let error = chat_error(response).await;
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::InvalidReply, true), "{error}");
        assert!(error.message().contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_huge_answer_is_refused_at_the_limit() {
    let server = serve(ok(answer(&"x".repeat(5_000), "stop"))).await;
    let model = |most| OpenAi::new(config(&server).with_max_reply_bytes(most)).unwrap().chat("m");
    let error = model(4_000).chat(hello()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidReply);
    assert!(error.message().contains("4000 bytes"), "{error}");
    model(6_000).chat(hello()).await.unwrap();
}

#[tokio::test]
async fn a_stall_ends_at_the_request_timeout() {
    let server = serve(ok(answer("Hi", "stop")).set_delay(Duration::from_secs(60))).await;
    let began = Instant::now();
    let model = OpenAi::new(config(&server).with_request_timeout(SHORT)).unwrap().chat("m");
    let error = model.chat(hello()).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent(), error.is_transient()), (ErrorKind::Timeout, true, true));
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn a_message_is_shortened_and_never_repeats_the_key() {
    let message = format!("wrong key sk-secret {}", "é".repeat(1_000));
    let error =
        chat_error(ResponseTemplate::new(401).set_body_json(json!({"error": {"message": message}}))).await;
    assert!(!format!("{error:?}").contains("sk-secret"), "{error}");
    assert!(error.message().starts_with("wrong key [key]") && error.message().chars().count() < 350);
}

/// Reads one request and answers with `bytes` as they are, then closes, or holds the connection open.
async fn raw(bytes: &'static [u8], hold: bool) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (done, held) = std::sync::mpsc::channel::<()>();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(bytes);
        if hold {
            let _ = held.recv();
        }
    });
    let config = OpenAiConfig::new(url).with_request_timeout(if hold { SHORT } else { SHORT * 50 });
    let error = OpenAi::new(config).unwrap().chat("m").chat(hello()).await.unwrap_err();
    drop(done);
    server.join().unwrap();
    error
}

#[tokio::test]
async fn a_connection_cut_within_the_answer_is_unavailable_and_sent() {
    for bytes in [
        b"".as_slice(),
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"choices\": [",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"cho\r\n",
    ] {
        let error = raw(bytes, false).await;
        assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Unavailable, true), "{error:?}");
    }
}

#[tokio::test]
async fn a_stall_within_the_answer_ends_at_the_request_timeout() {
    let head =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"choices\": [";
    let error = raw(head, true).await;
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Timeout, true), "{error:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_was_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let error = OpenAi::new(OpenAiConfig::new(url)).unwrap().chat("m").chat(hello()).await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent(), error.is_transient()), (ErrorKind::Unavailable, false, true));
    assert!(!format!("{error:?}").contains("127.0.0.1/v1"));
}
