//! A small Serverless collection: checks the signature itself, refuses what Serverless refuses, and passes the rest on to a
//! real OpenSearch.

use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub(super) const REGION: &str = "eu-west-1";
pub(super) const KEY: &str = "AKIDEXAMPLE";
pub(super) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// Refuses a body, or makes it one that the engine below takes.
type Check = fn(&mut Value) -> Result<(), String>;

/// What is passed on: everything else has 404 and no body, as the service answers.
///
/// Operations: <https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-genref.html>, which has no
/// `GET /`, no `_refresh`, no scroll, and none by query. Ids of documents, engines and scripts:
/// <https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-vector-search.html> and
/// <https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-overview.html>. What clients met:
/// <https://github.com/opensearch-project/opensearch-hadoop/pull/586>,
/// <https://github.com/langchain-ai/langchainjs/issues/4346> (the words of the refusal of an id).
const OPERATIONS: &[(&str, &str, Check)] = &[
    ("PUT", "", create),
    ("GET", "_mapping", anything),
    ("POST", "_bulk", bulk),
    ("POST", "_search", search),
];

fn anything(_body: &mut Value) -> Result<(), String> {
    Ok(())
}

/// One engine, no shards and no refreshing of one's own. The engine below has no native library, so Lucene takes its place,
/// which has the same scores for inner products.
fn create(body: &mut Value) -> Result<(), String> {
    let settings = body["settings"]["index"].as_object_mut().ok_or("no settings")?;
    settings.remove("knn.algo_param.ef_search");
    if let Some(unknown) = settings.keys().find(|key| *key != "knn") {
        return Err(format!("unknown setting [index.{unknown}]"));
    }
    if body.get("aliases").is_some() {
        return Err("aliases are made by themselves".into());
    }
    let method = &mut body["mappings"]["properties"]["vector"]["method"];
    if method["engine"] != "faiss" {
        return Err(format!("engine {} is not supported", method["engine"]));
    }
    method["engine"] = "lucene".into();
    body["settings"]["index"]["number_of_replicas"] = 0.into();
    Ok(())
}

fn bulk(lines: &mut Value) -> Result<(), String> {
    for action in lines.as_array().ok_or("no lines")? {
        if action["index"]["_id"].is_string()
            || action.get("create").is_some()
            || action.get("update").is_some()
        {
            return Err("Document ID is not supported in create/index operation request".into());
        }
    }
    Ok(())
}

fn search(body: &mut Value) -> Result<(), String> {
    match body.to_string().contains("\"script\"") || body.get("pit").is_some() {
        true => Err("inline scripts are not supported".into()),
        false => Ok(()),
    }
}

/// Starts the proxy before `upstream` and gives its address.
pub(super) async fn start(upstream: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let upstream = Arc::new((reqwest::Client::new(), upstream));
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let upstream = Arc::clone(&upstream);
            tokio::spawn(async move { serve(connection, &upstream.0, &upstream.1).await });
        }
    });
    address
}

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    async fn read(connection: &mut TcpStream) -> Option<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if connection.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ').map(str::to_owned);
        let (method, target) = (first.next()?, first.next()?);
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        let mut request = Self { method, target, headers, body: bytes[end + 4..].to_vec() };
        let length: usize = request.header("content-length").parse().unwrap_or_default();
        while request.body.len() < length {
            connection.read_buf(&mut request.body).await.ok()?;
        }
        Some(request)
    }
}

async fn serve(mut connection: TcpStream, client: &reqwest::Client, upstream: &str) {
    while let Some(request) = Request::read(&mut connection).await {
        let (status, body) = match checked(&request) {
            Ok(body) => {
                let method = reqwest::Method::from_bytes(request.method.as_bytes()).unwrap();
                let sent = client.request(method, format!("{upstream}{}", request.target));
                let sent = sent.header("content-type", request.header("content-type")).body(body);
                let answer = sent.send().await.unwrap();
                (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
            }
            Err((status, body)) => (status, body.into_bytes()),
        };
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if connection.write_all(&[head.as_bytes(), &body].concat()).await.is_err() {
            return;
        }
    }
}

/// The body to pass on, or the answer that refuses.
fn checked(request: &Request) -> Result<Vec<u8>, (u16, String)> {
    verify(request).map_err(|why| (403, format!("{{\"Message\":\"{why}\"}}")))?;
    let nothing = (404, String::new());
    if request.target.contains('?') {
        return Err((400, "{\"error\":\"no parameters are known here\"}".into()));
    }
    let (index, operation) = request.target[1..].split_once('/').unwrap_or((&request.target[1..], ""));
    let known = OPERATIONS.iter().find(|(method, of, _)| request.method == *method && operation == *of);
    let Some((.., check)) = known.filter(|_| !index.is_empty()) else { return Err(nothing) };
    let refused = |why: String| {
        let error = serde_json::json!({ "error": { "type": "illegal_argument_exception", "reason": why } });
        (400, error.to_string())
    };
    let lines = || request.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let mut body: Value = match operation {
        "_bulk" => lines().map(|line| serde_json::from_slice::<Value>(line).unwrap()).collect(),
        _ => serde_json::from_slice(&request.body).unwrap_or_default(),
    };
    check(&mut body).map_err(refused)?;
    Ok(match operation {
        "" => body.to_string().into_bytes(),
        _ => request.body.clone(),
    })
}

/// Signature Version 4, as <https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html> says, for `aoss`, which
/// wants the digest of the body as a header too.
fn verify(request: &Request) -> Result<(), String> {
    let authorization = request.header("authorization");
    let parts = authorization.strip_prefix("AWS4-HMAC-SHA256 ").ok_or("not signed")?;
    let part = |name: &str| {
        let found = parts.split(", ").find_map(|part| part.strip_prefix(name));
        found.and_then(|value| value.strip_prefix('=')).ok_or(format!("no {name}"))
    };
    let time = request.header("x-amz-date");
    let scope = format!("{}/{REGION}/aoss/aws4_request", time.get(..8).unwrap_or_default());
    if part("Credential")? != format!("{KEY}/{scope}") {
        return Err("another key, day, region or service".into());
    }
    let digest = hex(&Sha256::digest(&request.body));
    if request.header("x-amz-content-sha256") != digest {
        return Err("the body has another digest".into());
    }
    let names = part("SignedHeaders")?;
    for name in ["host", "x-amz-content-sha256", "x-amz-date"] {
        if !names.split(';').any(|signed| signed == name) {
            return Err(format!("{name} is not signed"));
        }
    }
    let headers: String = names.split(';').map(|name| format!("{name}:{}\n", request.header(name))).collect();
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let canonical = format!("{}\n{path}\n{query}\n{headers}\n{names}\n{digest}", request.method);
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in scope.split('/') {
        key = hmac(&key, part.as_bytes());
    }
    let signature = hex(&hmac(&key, text.as_bytes()));
    (part("Signature")? == signature).then_some(()).ok_or_else(|| "another signature".into())
}

/// RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::digest([&block.map(|byte| byte ^ 0x36), text].concat());
    Sha256::digest([&block.map(|byte| byte ^ 0x5c)[..], &inner].concat()).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
