//! A server that answers as it is told, and remembers what it was asked.

use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, method, path},
};

use super::*;

/// A server that says it is OpenSearch and gives `answer` to everything else.
pub(super) async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let version = json!({ "version": { "distribution": "opensearch", "number": "2.19.1" } });
    let root = Mock::given(method("GET")).and(path("/"));
    root.respond_with(ResponseTemplate::new(200).set_body_json(version)).mount(&server).await;
    Mock::given(any()).respond_with(answer).with_priority(9).mount(&server).await;
    server
}

/// One more answer, for a method and a path.
pub(super) async fn with(server: &MockServer, verb: &str, to: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(to)).respond_with(answer).with_priority(3).mount(server).await;
}

/// What was asked, in order: method, path with parameters, body as JSON or lines of it.
pub(super) async fn asked(server: &MockServer) -> Vec<Value> {
    let requests = server.received_requests().await.unwrap();
    let shown = requests.iter().map(|request| {
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let lines: Vec<Value> = request
            .body
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        let body = if lines.len() == 1 { lines[0].clone() } else { lines.into() };
        json!({ "request": format!("{} {}{query}", request.method, request.url.path()), "body": body })
    });
    shown.collect()
}
