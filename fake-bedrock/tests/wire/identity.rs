//! Who is let in.

use fake_bedrock::SECRET;
use serde_json::json;

use crate::client::Client;

const PROFILES: &str = "/inference-profiles";

#[test]
fn a_signature_of_the_known_key_is_let_in() {
    Client::new("us-east-1").get(PROFILES).ok();
}

#[test]
fn a_bearer_token_is_let_in_and_names_its_caller() {
    let client = Client::new("us-east-1");
    let token = format!("Bearer fake-bedrock-token-{}", client.key);
    client.send("GET", PROFILES, &[("authorization", &token)], "").ok();
    assert_eq!(client.calls()["requests"][0]["region"], "us-east-1");
}

#[test]
fn strangers_are_refused_in_the_documented_ways() {
    let client = Client::new("us-east-1");
    let send = |authorization: &str| client.send("GET", PROFILES, &[("authorization", authorization)], "");
    let signed = |scope: &str| {
        let parameters = "SignedHeaders=host;x-amz-date, Signature=00";
        send(&format!("AWS4-HMAC-SHA256 Credential={}/20261015/{scope}, {parameters}", client.key))
    };
    client.send("GET", PROFILES, &[], "").refused(403, "MissingAuthenticationTokenException", "Missing");
    send("Bearer nobody").refused(403, "AccessDeniedException", "API Key is valid");
    send("Basic x").refused(400, "IncompleteSignatureException", "Unsupported AWS 'algorithm'");
    send("AWS4-HMAC-SHA256 Signature=00").refused(
        400,
        "IncompleteSignatureException",
        "requires 'Credential'",
    );
    signed("us-east-1/bedrock").refused(400, "IncompleteSignatureException", "5 slash-delimited elements");
    signed("us-east-1/s3/aws4_request").refused(
        403,
        "InvalidSignatureException",
        "correct service: 'bedrock'",
    );
    signed("us-east-1/bedrock/aws4_request").refused(400, "IncompleteSignatureException", "'X-Amz-Date'");
    let unknown = Client { key: "UNKNOWN1".into(), ..Client::new("us-east-1") };
    unknown.get(PROFILES).refused(403, "UnrecognizedClientException", "security token");
    let wrong = Client { secret: "guessed", ..Client::new("us-east-1") };
    wrong.get(PROFILES).refused(403, "InvalidSignatureException", "does not match");
    assert_eq!(wrong.calls()["calls"], 0, "a stranger's calls are nobody's");
}

#[test]
fn callers_are_apart() {
    let (one, other) = (Client::new("us-east-1"), Client::new("us-east-1"));
    one.admin("faults", &json!(["throttle"]));
    other.get(PROFILES).ok();
    one.get(PROFILES).refused(429, "ThrottlingException", "Too many requests");
    assert_eq!((one.calls()["calls"].clone(), SECRET), (json!(1), "fake-bedrock-secret"));
}

#[test]
fn what_is_no_operation_is_not_found() {
    let client = Client::new("us-east-1");
    for (method, path) in
        [("GET", "/"), ("POST", "/model/x/stream"), ("GET", "/model/x/invoke"), ("PUT", PROFILES)]
    {
        client.call(method, path, "").refused(404, "UnknownOperationException", "not recognized");
    }
}
