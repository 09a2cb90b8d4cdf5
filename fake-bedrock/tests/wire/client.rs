//! A small HTTP client that signs.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use fake_bedrock::{SECRET, Server, Settings};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use keyvisual::{
    domain::{Image, PixelSize},
    imaging::{self, Encoding, Limits, Picture},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The address of a server on 2026-10-15 that all tests share.
pub(crate) fn address() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| serve(Settings::new().with_now(jiff::civil::date(2026, 10, 15))))
}

/// Starts a server on threads of its own.
pub(crate) fn serve(settings: Settings) -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let server = Server::bind(0, settings).await.unwrap();
            sender.send(server.url()).unwrap();
            server.serve().await.unwrap();
        });
    });
    receiver.recv().unwrap().trim_start_matches("http://").to_owned()
}

/// A caller of one's own in a region.
pub(crate) struct Client {
    pub(crate) key: String,
    pub(crate) region: &'static str,
    pub(crate) secret: &'static str,
    pub(crate) address: String,
    /// How long nothing may come.
    pub(crate) patience: Duration,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether all came that was announced.
    pub(crate) whole: bool,
}

impl Client {
    pub(crate) fn new(region: &'static str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let key = format!("AKIDWIRE{:06}", NEXT.fetch_add(1, Ordering::Relaxed));
        Self { key, region, secret: SECRET, address: address().to_owned(), patience: Duration::from_secs(20) }
    }

    pub(crate) fn invoke(&self, model: &str, body: &Value) -> Reply {
        self.call("POST", &format!("/model/{}/invoke", encoded(model)), &body.to_string())
    }

    pub(crate) fn converse(&self, model: &str, body: &Value) -> Reply {
        self.call("POST", &format!("/model/{}/converse", encoded(model)), &body.to_string())
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.call("GET", path, "")
    }

    pub(crate) fn call(&self, method: &str, path: &str, body: &str) -> Reply {
        let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let authorization = self.sign(method, path, &date, body);
        self.send(method, path, &[("x-amz-date", &date), ("authorization", &authorization)], body)
    }

    pub(crate) fn admin(&self, what: &str, value: &Value) {
        let reply = self.send("PUT", &format!("/_fake/{}/{what}", self.key), &[], &value.to_string());
        assert_eq!(reply.status, 200, "{}", reply.json());
    }

    pub(crate) fn calls(&self) -> Value {
        self.send("GET", &format!("/_fake/{}/calls", self.key), &[], "").json()
    }

    fn sign(&self, method: &str, path: &str, date: &str, body: &str) -> String {
        let (address, region) = (&self.address, self.region);
        let canonical = format!(
            "{method}\n{}\n\nhost:{address}\nx-amz-date:{date}\n\nhost;x-amz-date\n{}",
            path.replace('%', "%25"),
            hex(&Sha256::digest(body))
        );
        let day = &date[..8];
        let scope = format!("{day}/{region}/bedrock/aws4_request");
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let start = format!("AWS4{}", self.secret).into_bytes();
        let key = [day, region, "bedrock", "aws4_request"].iter().fold(start, |key, part| hmac(&key, part));
        let signature = hex(&hmac(&key, &text));
        let credential = format!("{}/{scope}", self.key);
        format!(
            "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host;x-amz-date, Signature={signature}"
        )
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let address = &self.address;
        let mut stream = TcpStream::connect(address).unwrap();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{headers}content-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        stream.set_read_timeout(Some(self.patience)).unwrap();
        Reply::read(stream)
    }
}

impl Reply {
    fn read(stream: TcpStream) -> Self {
        let mut reader = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let status = line().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<_> = std::iter::from_fn(|| {
            let line = line();
            line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()))
        })
        .collect();
        let mut reply = Self { status, headers, body: Vec::new(), whole: true };
        let length: u64 = reply.header("content-length").unwrap().parse().unwrap();
        let _ = reader.take(length).read_to_end(&mut reply.body);
        reply.whole = reply.body.len() as u64 == length;
        reply
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body of a reply that went well.
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.json());
        self.json()
    }

    /// Asserts an error, and that its message has `words`.
    pub(crate) fn refused(&self, status: u16, kind: &str, words: &str) {
        let message = self.json()["message"].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            (self.status, self.header("x-amzn-errortype")),
            (status, Some(kind)),
            "{words}: {message}"
        );
        assert!(message.contains(words), "{message:?} does not say {words:?}");
        assert!(self.header("x-amzn-requestid").is_some(), "every reply has a request id");
    }
}

/// As the SDKs write an id into a path.
fn encoded(model: &str) -> String {
    model.replace(':', "%3A").replace('/', "%2F")
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A picture with a little of everything, as base64 in a file.
pub(crate) fn picture(width: u32, height: u32, encoding: Encoding) -> String {
    let size = PixelSize::new(width, height);
    let picture = Picture::from_fn(size, |x, y| [197, 106 + (y % 40) as u8, (x % 90) as u8, 255]);
    STANDARD.encode(picture.encode(encoding).unwrap().bytes())
}

pub(crate) fn png(width: u32, height: u32) -> String {
    picture(width, height, Encoding::Png)
}

/// White on the left half, black on the right.
pub(crate) fn mask(width: u32, height: u32) -> String {
    let mask = Picture::from_fn(PixelSize::new(width, height), |x, _| {
        if x < width / 2 { [255; 4] } else { [0, 0, 0, 255] }
    });
    STANDARD.encode(mask.encode(Encoding::Png).unwrap().bytes())
}

pub(crate) fn image(base64: &str) -> Image {
    Image::new(STANDARD.decode(base64).unwrap()).unwrap()
}

pub(crate) fn pixels(base64: &str) -> Picture {
    imaging::decode(&image(base64), Limits::default()).unwrap()
}

/// One turn of a user with a text and pictures of the given form.
pub(crate) fn turn(text: &str, pictures: &[&str]) -> Value {
    let pictures =
        pictures.iter().map(|bytes| json!({ "image": { "format": "png", "source": { "bytes": bytes } } }));
    let content: Vec<_> = pictures.chain([json!({ "text": text })]).collect();
    json!({ "role": "user", "content": content })
}

/// A forced tool with a schema.
pub(crate) fn tool(schema: &Value) -> Value {
    json!({
        "tools": [{ "toolSpec": { "name": "answer", "inputSchema": { "json": schema } } }],
        "toolChoice": { "tool": { "name": "answer" } },
    })
}
