//! A small server before the real one: passes requests on, keeps them, and does what a test wants of the next ones.
//!
//! It passes one on at a time, as S3Mock gives a vector that is written at that moment without its numbers.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read, Result, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value, json};

/// What becomes of a request instead of being passed on.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// Answered at once, with a status, the name of an exception and the rest of the body.
    Answer(u16, &'static str, Value),
    /// Answered at once with this body.
    Text(u16, &'static str),
    /// The connection is closed.
    Cut,
    /// No answer comes.
    Silence,
    /// Passed on, and half of the answer comes.
    HalfAnAnswer,
    /// Passed on, but no answer comes back.
    LostAnswer,
    /// A put of which half is passed on, and then the service is busy.
    HalfAPut,
}

/// The faults to come, and what was asked.
#[derive(Default)]
struct State {
    faults: VecDeque<(&'static str, Fault)>,
    requests: Vec<(String, Value)>,
}

#[derive(Clone)]
pub(super) struct Front {
    address: String,
    state: Arc<Mutex<State>>,
}

impl Front {
    /// Listens until the test's process ends.
    pub(super) fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let front = Self { address, state: Arc::default() };
        let state = Arc::clone(&front.state);
        let server = Arc::new(Mutex::new(server.trim_start_matches("http://").to_owned()));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, server) = (Arc::clone(&state), Arc::clone(&server));
                thread::spawn(move || serve(stream, &server, &state));
            }
        });
        front
    }

    pub(super) fn url(&self) -> &str {
        &self.address
    }

    /// The next request of `operation` meets `fault`; several wait for their turn.
    pub(super) fn next(&self, operation: &'static str, fault: Fault) {
        self.state.lock().unwrap().faults.push_back((operation, fault));
    }

    /// The bodies of the requests of `operation`.
    pub(super) fn bodies(&self, operation: &str) -> Vec<Value> {
        let state = self.state.lock().unwrap();
        state.requests.iter().filter(|(name, _)| name == operation).map(|(_, body)| body.clone()).collect()
    }
}

/// One request per connection is all that is needed.
fn serve(mut client: TcpStream, server: &Mutex<String>, state: &Mutex<State>) -> Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        } else if line == "\r\n" {
            break;
        } else if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let operation =
        head.split('/').nth(1).and_then(|rest| rest.split([' ', '/', '?']).next()).unwrap_or_default();
    let json = serde_json::from_slice(&body).unwrap_or_default();
    let fault = {
        let mut state = state.lock().unwrap();
        state.requests.push((operation.to_owned(), Value::clone(&json)));
        let at = state.faults.iter().position(|(name, _)| *name == operation);
        at.and_then(|at| state.faults.remove(at)).map(|(_, fault)| fault)
    };
    match fault {
        None => client.write_all(&pass(server, &head, &body)?),
        Some(Fault::Answer(status, exception, more)) => {
            let mut answer = json!({ "message": "made up by the test" });
            answer.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
            let kind = format!("x-amzn-errortype: {exception}\r\n");
            respond(&mut client, status, if exception.is_empty() { "" } else { &kind }, &answer.to_string())
        }
        Some(Fault::Text(status, text)) => respond(&mut client, status, "", text),
        Some(Fault::Cut) => Ok(()),
        Some(Fault::Silence) => reader.read_exact(&mut [0]),
        Some(Fault::LostAnswer) => pass(server, &head, &body).map(drop),
        Some(Fault::HalfAnAnswer) => {
            let answer = pass(server, &head, &body)?;
            let end = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
            client.write_all(&answer[..end + (answer.len() - end) / 2])
        }
        Some(Fault::HalfAPut) => {
            let mut json = json;
            let vectors = json["vectors"].as_array_mut().unwrap();
            vectors.truncate(vectors.len() / 2);
            pass(server, &head, json.to_string().as_bytes())?;
            let busy = "x-amzn-errortype: ServiceUnavailableException\r\n";
            respond(&mut client, 503, busy, r#"{"message": "busy"}"#)
        }
    }
}

fn respond(client: &mut TcpStream, status: u16, headers: &str, body: &str) -> Result<()> {
    let length = body.len();
    write!(
        client,
        "HTTP/1.1 {status} made up\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

/// The whole answer of the real server.
fn pass(server: &Mutex<String>, head: &str, body: &[u8]) -> Result<Vec<u8>> {
    let server = server.lock().unwrap();
    let mut stream = TcpStream::connect(&**server)?;
    write!(stream, "{head}connection: close\r\ncontent-length: {}\r\n\r\n", body.len())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}
