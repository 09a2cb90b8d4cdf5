//! Against the test suite that AWS publishes for Signature Version 4.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::*;

const KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const AT: &str = "2015-08-30T12:36:00Z";

/// Verifies a signed request as the suite writes it down: a request line, headers, a body.
fn verify(request: &str, secret: &str, now: &str) -> Result<()> {
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let mut lines = head.lines();
    let mut line = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (line.next().unwrap_or_default(), line.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        headers.append(name, HeaderValue::from_str(value).expect("a value"));
    }
    let authorization =
        headers.get("authorization").and_then(|value| value.to_str().ok()).expect("a signature");
    let parameters = authorization.strip_prefix("AWS4-HMAC-SHA256 ").expect("the algorithm");
    let authorization = Authorization::parse(parameters)?;
    let payload = hex_sha256(body.as_bytes());
    let signed = Signed { method, path, query, headers: &headers, payload: &payload };
    signed.verify(&authorization, secret, now.parse().expect("a time"))
}

fn request(line: &str, headers: &str, names: &str, signature: &str, body: &str) -> String {
    format!(
        "{line} HTTP/1.1\nHost:example.amazonaws.com\n{headers}X-Amz-Date:20150830T123600Z\n\
         Authorization:AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
         SignedHeaders={names}, Signature={signature}\n\n{body}"
    )
}

fn vanilla() -> String {
    let signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    request("GET /", "", "host;x-amz-date", signature, "")
}

#[test]
fn published_requests_are_verified() {
    let cases = [
        vanilla(),
        request(
            "GET /",
            "My-Header1:value2\nMy-Header1:value2\nMy-Header1:value1\n",
            "host;my-header1;x-amz-date",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            "",
        ),
        request(
            "GET /",
            "My-Header1: value1\nMy-Header2: \"a   b   c\"\n",
            "host;my-header1;my-header2;x-amz-date",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            "",
        ),
        request(
            "GET /?Param2=value2&Param1=value1",
            "",
            "host;x-amz-date",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            "",
        ),
        request(
            "GET /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
            "",
            "host;x-amz-date",
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
            "",
        ),
        request(
            "POST /?Param1=value1",
            "",
            "host;x-amz-date",
            "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
            "",
        ),
        request(
            "POST /",
            "Content-Type:application/x-www-form-urlencoded\nContent-Length:13\n\
             x-amz-content-sha256:9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e\n",
            "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
            "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            "Param1=value1",
        ),
    ];
    for case in cases {
        assert_eq!(verify(&case, KEY, AT), Ok(()), "{case}");
    }
}

#[test]
fn a_path_is_encoded_once_more_than_on_the_wire() {
    let headers = HeaderMap::new();
    let path = "/test/@connections/JBDvjfGEIAMCERw%3D";
    let signed = Signed { method: "POST", path, query: "", headers: &headers, payload: "" };
    let request = canonical::request(&signed, &[]);
    assert_eq!(request.lines().nth(1), Some("/test/%40connections/JBDvjfGEIAMCERw%253D"));
}

#[test]
fn what_was_not_signed_so_is_refused() {
    let cases = [
        (vanilla(), "another", AT, "The request signature we calculated does not match"),
        (
            vanilla().replace("GET /", "GET /other"),
            KEY,
            AT,
            "The request signature we calculated does not match",
        ),
        (
            vanilla().replace("X-Amz-Date", "X-Amz-Meta:1\nX-Amz-Date"),
            KEY,
            AT,
            "'x-amz-meta' must be a 'SignedHeader'",
        ),
        (vanilla().replace("20150830/us", "20150829/us"), KEY, AT, "Date in Credential scope does not match"),
        (vanilla(), KEY, "2015-08-30T12:41:01Z", "Signature expired: 20150830T123600Z is now earlier than"),
        (
            vanilla(),
            KEY,
            "2015-08-30T12:30:59Z",
            "Signature not yet current: 20150830T123600Z is still later than",
        ),
    ];
    for (request, secret, now, words) in cases {
        let refusal = verify(&request, secret, now).expect_err(words);
        assert_eq!((refusal.status, refusal.kind), (403, "InvalidSignatureException"), "{request}");
        assert!(refusal.message.starts_with(words), "{}", refusal.message);
    }
}

#[test]
fn a_clock_may_be_five_minutes_off() {
    for now in ["2015-08-30T12:41:00Z", "2015-08-30T12:31:00Z"] {
        assert_eq!(verify(&vanilla(), KEY, now), Ok(()));
    }
}
