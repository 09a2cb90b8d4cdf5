//! Listens, and takes every request through the same steps: who, what, plan, answer, reply.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Response, request::Parts},
    serve::ListenerExt,
};
use jiff::Timestamp;
use tokio::{net::TcpListener, time::Instant};

use crate::{
    Settings, admin, auth, bodies,
    call::{Answer, Call, Usage},
    callers::{Caller, Callers, lock},
    control,
    faults::Fault,
    memo::Memo,
    models::{self, Served},
    refusal::{Refusal, Result},
    route::Operation,
    send,
    sigv4::{Signed, hex_sha256},
};

/// The longest body, in bytes.
const MAX_BODY: usize = 25_000_000;

/// How much is read of a body that is too long: a reply before its end would reach nobody.
const READ_BODY: usize = 4 * MAX_BODY;

/// From this length on a body is worth leaving the thread to others meanwhile.
const LARGE_BODY: usize = 64 << 10;

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: Settings,
    callers: Callers,
    memo: Memo,
}

impl Server {
    /// Listens on `port` of 127.0.0.1; port 0 takes a free one.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn bind(port: u16, settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let shared = Shared { settings, callers: Callers::default(), memo: Memo::default() };
        Ok(Self { listener, address, shared: Arc::new(shared) })
    }

    /// Where it listens, for example `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until it fails or is dropped.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(self) -> io::Result<()> {
        let app = Router::new().fallback(handle).with_state(self.shared);
        let listener = self.listener.tap_io(|stream| {
            // Without it the call is served all the same, a little later.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, app).await
    }
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let arrived = Instant::now();
    let (parts, body) = request.into_parts();
    let served = match to_bytes(body, READ_BODY).await {
        Ok(body) if body.len() <= MAX_BODY => match parts.uri.path().strip_prefix("/_fake/") {
            Some(path) => return admin::serve(&shared.callers, &parts.method, path, &body),
            None => serve(&shared, &parts, &body, arrived).await,
        },
        _ => Err(Refusal::validation(format!("The request body is longer than {MAX_BODY} bytes."))),
    };
    served.unwrap_or_else(|refusal| send::refusal(&refusal))
}

async fn serve(shared: &Shared, parts: &Parts, body: &Bytes, arrived: Instant) -> Result<Response<Body>> {
    let payload = hash(body);
    let signed = Signed {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or(""),
        headers: &parts.headers,
        payload: &payload,
    };
    let identity = auth::authenticate(&signed, Timestamp::now())?;
    let Some(operation) = Operation::of(&parts.method, parts.uri.path()) else {
        return Err(Refusal::new(
            404,
            "UnknownOperationException",
            "The requested operation is not recognized.",
        ));
    };
    let caller = shared.callers.get(&identity.caller);
    let visit = Visit::new(&caller, &operation, &identity.region, body);
    let (fault, latency) = {
        let mut caller = lock(&caller);
        (caller.faults.pop_front().unwrap_or_default(), caller.latency(&operation))
    };
    let result = answer(shared, &visit, &operation, &fault, body, payload).await;
    let (status, usage) = result
        .as_ref()
        .map_or_else(|refusal| (refusal.status, Usage::default()), |answer| (200, answer.usage));
    lock(&caller).answered(status, usage);
    wait_until(arrived + latency + Duration::from_millis(fault.slow_ms)).await;
    let response = send::answer(result?.body.clone(), fault.kind);
    Ok(match operation {
        Operation::Invoke(_) => send::with_counts(response, usage, arrived.elapsed()),
        _ => response,
    })
}

/// Waits; tokio's timer goes by whole milliseconds upwards, so half of one is taken off.
async fn wait_until(deadline: Instant) {
    let deadline = deadline - Duration::from_micros(500);
    if deadline > Instant::now() {
        tokio::time::sleep_until(deadline).await;
    }
}

/// One call of a caller, from its arrival until its reply or its end.
struct Visit<'a> {
    caller: &'a Mutex<Caller>,
    region: &'a str,
}

impl<'a> Visit<'a> {
    fn new(caller: &'a Mutex<Caller>, operation: &Operation, region: &'a str, body: &Bytes) -> Self {
        lock(caller).arrive(operation, region, body);
        Self { caller, region }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        lock(self.caller).leave();
    }
}

async fn answer(
    shared: &Shared,
    visit: &Visit<'_>,
    operation: &Operation,
    fault: &Fault,
    body: &[u8],
    payload: String,
) -> Result<Arc<Answer>> {
    if let Some(refusal) = fault.refusal(operation.model().unwrap_or_default()) {
        return Err(refusal);
    }
    let private = shared.settings.private_access || lock(visit.caller).private;
    let place = models::Place { region: visit.region, now: shared.settings.now, private };
    let (Operation::Invoke(id) | Operation::Converse(id)) = operation else {
        return control::answer(operation, &place).map(Arc::new);
    };
    let Served { model, global } = models::resolve(id, &place)?;
    if !lock(visit.caller).within_limit(id, &model.id) {
        return Err(Refusal::throttled());
    }
    let key = (operation.name(), id.clone(), payload);
    if !fault.kind.is_about_content()
        && let Some(answer) = shared.memo.get(&key)
    {
        return Ok(answer);
    }
    let call = Call { model, global, body, fault: fault.kind };
    let answer = Arc::new(match operation {
        Operation::Converse(_) => bodies::converse(&call).await?,
        _ => bodies::invoke(&call).await?,
    });
    if answer.repeatable && !fault.kind.is_about_content() {
        shared.memo.put(key, &answer);
    }
    Ok(answer)
}

fn hash(body: &[u8]) -> String {
    if body.len() < LARGE_BODY { hex_sha256(body) } else { tokio::task::block_in_place(|| hex_sha256(body)) }
}
