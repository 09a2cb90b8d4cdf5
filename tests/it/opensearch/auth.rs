//! Who asks, as the server sees it.

use keyvisual::ErrorKind;
use wiremock::ResponseTemplate;

use super::*;

/// The headers of the first request, by name.
async fn sent(configure: impl FnOnce(OpenSearchConfig) -> OpenSearchConfig) -> impl Fn(&str) -> String {
    let server = wire::answering(ResponseTemplate::new(404)).await;
    let config = OpenSearchConfig::from_url(&format!("opensearch+{}/library", server.uri())).unwrap();
    OpenSearchStore::connect(configure(config)).await.unwrap();
    let headers = server.received_requests().await.unwrap()[0].headers.clone();
    move |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

fn region() -> Option<String> {
    Some("eu-west-1".into())
}

#[tokio::test]
async fn nobody_a_user_or_an_aws_identity_asks() {
    assert_eq!(sent(|config| config).await("authorization"), "");
    let basic = sent(|config| config.with_basic_auth("team", "se cret")).await;
    assert_eq!(basic("authorization"), "Basic dGVhbTpzZSBjcmV0");
    let keys =
        |session| move |config: OpenSearchConfig| config.with_aws(region()).with_keys("AKID", "x", session);
    let signed = sent(keys(Some("a token".to_owned()))).await;
    assert!(
        signed("authorization").starts_with("AWS4-HMAC-SHA256 Credential=AKID/"),
        "{}",
        signed("authorization")
    );
    assert!(signed("authorization").contains("/eu-west-1/es/aws4_request,"), "{}", signed("authorization"));
    assert_eq!(signed("x-amz-security-token"), "a token");
    assert_eq!(sent(keys(None)).await("x-amz-security-token"), "");
}

#[tokio::test]
async fn keys_in_a_url_sign_and_are_decoded() {
    let server = wire::answering(ResponseTemplate::new(404)).await;
    let address = server.uri().replace("http://", "opensearch+http://AK%49D:se%2Fcret@");
    let config =
        OpenSearchConfig::from_url(&format!("{address}/library?aws=es&region=eu-central-1")).unwrap();
    OpenSearchStore::connect(config).await.unwrap();
    let request = &server.received_requests().await.unwrap()[0];
    let signed = request.headers["authorization"].to_str().unwrap();
    assert!(signed.contains("Credential=AKID/") && signed.contains("/eu-central-1/es/"), "{signed}");
    assert!(!request.url.as_str().contains("cret"));
}

/// The line break would end the header.
#[tokio::test]
async fn a_session_that_no_header_can_have_is_refused_and_not_shown() {
    let config = config("http://127.0.0.1:9", "library", "").with_aws(region());
    let config = config.with_keys("AKID", "x", Some("secret\r\nx: y".into()));
    let error = OpenSearchStore::connect(config).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn a_wrong_password_is_unauthenticated_and_not_shown() {
    let server = wiremock::MockServer::start().await;
    wire::with(&server, "GET", "/", ResponseTemplate::new(401).set_body_string("Unauthorized")).await;
    let config = config(&server.uri(), "library", "").with_basic_auth("team", "secret");
    let error = OpenSearchStore::connect(config).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), (ErrorKind::Unauthenticated, false), "{error}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

/// A user who may use an index need not be allowed to ask for the version.
#[tokio::test]
async fn a_version_that_is_not_told_is_done_without() {
    let server = wiremock::MockServer::start().await;
    wire::with(&server, "GET", "/", ResponseTemplate::new(403)).await;
    let store = OpenSearchStore::connect(config(&server.uri(), "library", "")).await.unwrap();
    assert_eq!(store.card().version, None);
}
