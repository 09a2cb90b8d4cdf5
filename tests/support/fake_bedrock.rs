//! Starts the strict Bedrock of this workspace for tests, examples and benches, which include this file by `#[path]`.
//!
//! The process is built once, listens on a free port and ends with this value. Each access key id is a caller of its
//! own, with the secret [`SECRET`]; [`caller`] makes a fresh one.

#![allow(dead_code, clippy::unwrap_used, reason = "shared by programs that use parts of it, for tests")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use serde_json::{Value, json};

/// The secret access key of every caller.
pub(crate) const SECRET: &str = "fake-bedrock-secret";

/// A fresh access key id.
pub(crate) fn caller() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("AKIDFAKE{:05}{:05}", std::process::id() % 100_000, NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The token that `caller` sends instead of a signature.
pub(crate) fn bearer_token(caller: &str) -> String {
    format!("fake-bedrock-token-{caller}")
}

/// A running server.
#[derive(Debug)]
pub(crate) struct FakeBedrock {
    process: Child,
    url: String,
}

impl FakeBedrock {
    /// The server that all tests of this process share. Nobody drops it: it ends when its standard input
    /// closes, that is with this process.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<FakeBedrock> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts a server of one's own.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server with arguments, for example `&["--now", "2026-06-01"]`.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let mut process = Command::new(program())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("fake-bedrock starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("its standard output is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        let said: Value = serde_json::from_str(&line).expect("it says so in JSON");
        let url = said["url"].as_str().expect("it says its URL").to_owned();
        Self { process, url }
    }

    /// Where it listens, for `endpoint_url`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Plans what goes wrong: one entry for each coming call, such as `json!(["throttle", "none", {"slow_ms": 500}])`.
    pub(crate) fn set_faults(&self, caller: &str, faults: Value) {
        self.put(caller, "faults", &faults);
    }

    /// Sets how long every call takes, in milliseconds: `json!({"converse": 20, "invoke": 10})`.
    pub(crate) fn set_latency(&self, caller: &str, latency: Value) {
        self.put(caller, "latency", &latency);
    }

    /// Sets how many calls a minute each model takes: `json!({"amazon.nova-lite-v1:0": 2000})`.
    pub(crate) fn set_limits(&self, caller: &str, limits: Value) {
        self.put(caller, "limits", &limits);
    }

    /// Gives the caller access to models past the end of their lives.
    pub(crate) fn allow_private(&self, caller: &str) {
        self.put(caller, "private", &json!(true));
    }

    /// What the caller asked and used: `calls`, `statuses`, `peak_in_flight`, `input_tokens`, `output_tokens`, `pictures`,
    /// `usd`, and `requests` with `operation`, `model`, `region` and `body` of each.
    pub(crate) fn calls(&self, caller: &str) -> Value {
        self.send("GET", caller, "calls", "")
    }

    fn put(&self, caller: &str, what: &str, value: &Value) {
        self.send("PUT", caller, what, &value.to_string());
    }

    /// One request on a connection of its own; the reply has a length and ends with the connection.
    fn send(&self, method: &str, caller: &str, what: &str, body: &str) -> Value {
        let address = self.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).expect("fake-bedrock listens");
        let length = body.len();
        let request = format!(
            "{method} /_fake/{caller}/{what} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").expect("a reply has a head");
        assert!(head.starts_with("HTTP/1.1 200"), "{method} {what} {length}: {body}");
        serde_json::from_str(body).unwrap()
    }
}

impl Drop for FakeBedrock {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, built on first use and whenever its sources have changed.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--package", "fake-bedrock", "--message-format", "json"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "fake-bedrock does not build");
        let messages = output.stdout.split(|byte| *byte == b'\n');
        let messages = messages.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        let programs = messages.filter(|message| message["target"]["name"] == "fake-bedrock");
        let mut programs = programs.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
        programs.next().expect("cargo says where the program is")
    })
}
