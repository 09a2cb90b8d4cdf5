//! What is known of each caller: plan of faults, latency, limits, counters and what was asked.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::body::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{call::Usage, faults::Fault, route::Operation};

/// The most bytes of bodies that are kept of one caller; the oldest go first.
const KEPT_BYTES: usize = 64 << 20;

const MINUTE: f64 = 60.0;

/// All callers by name.
#[derive(Debug, Default)]
pub(crate) struct Callers(Mutex<HashMap<String, Arc<Mutex<Caller>>>>);

impl Callers {
    pub(crate) fn get(&self, name: &str) -> Arc<Mutex<Caller>> {
        let mut callers = lock(&self.0);
        Arc::clone(callers.entry(name.to_owned()).or_default())
    }

    pub(crate) fn forget(&self, name: &str) {
        lock(&self.0).remove(name);
    }
}

/// Locks; a thread that panicked before leaves data that can be read.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One caller.
#[derive(Debug, Default)]
pub(crate) struct Caller {
    pub(crate) faults: VecDeque<Fault>,
    pub(crate) latency_ms: HashMap<String, u64>,
    pub(crate) private: bool,
    limits: HashMap<String, Bucket>,
    calls: u64,
    statuses: BTreeMap<u16, u64>,
    usage: Usage,
    in_flight: u64,
    peak: u64,
    asked: VecDeque<Asked>,
    kept: usize,
}

#[derive(Debug)]
struct Asked {
    operation: &'static str,
    model: Option<String>,
    region: String,
    body: Bytes,
}

/// Calls a minute: as many at once, then one by one as they come back.
#[derive(Debug)]
struct Bucket {
    per_minute: f64,
    left: f64,
    at: Instant,
}

impl Caller {
    pub(crate) fn arrive(&mut self, operation: &Operation, region: &str, body: &Bytes) {
        self.calls += 1;
        self.in_flight += 1;
        self.peak = self.peak.max(self.in_flight);
        self.kept += body.len();
        self.asked.push_back(Asked {
            operation: operation.name(),
            model: operation.model().map(str::to_owned),
            region: region.to_owned(),
            body: body.clone(),
        });
        while self.kept > KEPT_BYTES
            && let Some(oldest) = self.asked.pop_front()
        {
            self.kept -= oldest.body.len();
        }
    }

    pub(crate) fn answered(&mut self, status: u16, usage: Usage) {
        *self.statuses.entry(status).or_default() += 1;
        self.usage += usage;
    }

    pub(crate) fn leave(&mut self) {
        self.in_flight -= 1;
    }

    pub(crate) fn latency(&self, operation: &Operation) -> Duration {
        Duration::from_millis(self.latency_ms.get(operation.name()).copied().unwrap_or(0))
    }

    pub(crate) fn set_limits(&mut self, limits: HashMap<String, f64>) {
        let bucket = |per_minute| Bucket { per_minute, left: per_minute, at: Instant::now() };
        self.limits = limits.into_iter().map(|(model, per_minute)| (model, bucket(per_minute))).collect();
    }

    /// Whether a call to a model is within the limit of its id as written, else of the bare one; if so, it is taken off.
    pub(crate) fn within_limit(&mut self, written: &str, bare: &str) -> bool {
        let name = if self.limits.contains_key(written) { written } else { bare };
        self.limits.get_mut(name).is_none_or(Bucket::take)
    }

    /// What an admin is told.
    pub(crate) fn report(&self) -> Value {
        let requests = self.asked.iter().map(|asked| {
            let body = serde_json::from_slice(&asked.body).unwrap_or(Value::Null);
            json!({ "operation": asked.operation, "model": asked.model, "region": asked.region, "body": body })
        });
        let Usage { input_tokens, output_tokens, pictures, usd } = self.usage;
        json!({
            "calls": self.calls,
            "statuses": self.statuses,
            "peak_in_flight": self.peak,
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "pictures": pictures,
            "usd": (usd * 1e9).round() / 1e9,
            "requests": requests.collect::<Vec<_>>(),
        })
    }
}

impl Bucket {
    fn take(&mut self) -> bool {
        let now = Instant::now();
        let refilled = (now - self.at).as_secs_f64() * self.per_minute / MINUTE;
        self.left = (self.left + refilled).min(self.per_minute);
        self.at = now;
        let free = self.left >= 1.0;
        if free {
            self.left -= 1.0;
        }
        free
    }
}
