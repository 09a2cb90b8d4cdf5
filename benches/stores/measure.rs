//! One store at a time: rates, times, and what the adapter adds.

use std::time::{Duration, Instant};

use keyvisual::roles::{SearchRequest, UpsertRequest};

use crate::{
    data::{self, Data},
    engine::{Engine, Outcome},
};

const MAX_SHARE: f64 = 0.05;
const MAX_MS: f64 = 0.2;
/// A bound is broken when it is in all of so many runs: what else the machine does comes and goes.
const RUNS: usize = 3;

pub(crate) const TITLE: &str =
    "store        what               records/s   p50 ms   p99 ms   bare p50   overhead ms";

pub(crate) async fn all(engine: &Engine, data: &Data) -> Outcome<bool> {
    let mut good = true;
    for what in [What::Upserts, What::Searches { filtered: false }, What::Searches { filtered: true }] {
        let mut holds = false;
        for _ in 0..RUNS {
            holds = what.measure(engine, data).await?;
            if holds {
                break;
            }
        }
        good &= holds;
    }
    Ok(good)
}

/// What is measured, and printed as one line.
#[derive(Clone, Copy)]
enum What {
    Upserts,
    Searches { filtered: bool },
}

impl What {
    /// Whether the bound holds.
    async fn measure(self, engine: &Engine, data: &Data) -> Outcome<bool> {
        match self {
            Self::Upserts => upserts(engine, data).await,
            Self::Searches { filtered } => searches(engine, data, filtered).await,
        }
    }
}

/// Times of the adapter, and of the bare client beside it.
#[derive(Default)]
struct Times {
    adapter: Vec<f64>,
    bare: Vec<f64>,
}

impl Times {
    /// Prints a line, and says whether the bound holds.
    fn report(mut self, engine: &Engine, what: &str, rate: String) -> bool {
        let (p50, p99) = (at(&mut self.adapter, 0.5), at(&mut self.adapter, 0.99));
        let line = format!("{:<12} {what:<18} {rate:>9} {p50:8.3} {p99:8.3}", engine.name);
        if engine.bare.is_none() {
            println!("{line}");
            return true;
        }
        let bare = at(&mut self.bare, 0.5);
        let (overhead, bound) = (p50 - bare, (MAX_SHARE * bare).max(MAX_MS));
        let good = overhead <= bound;
        println!("{line} {bare:10.3} {overhead:13.3}{}", if good { "" } else { "  above the bound" });
        good
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The time that a share of the calls did not exceed.
fn at(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * share).round() as usize]
}

async fn upserts(engine: &Engine, data: &Data) -> Outcome<bool> {
    let mut times = Times::default();
    for (i, batch) in data.records.chunks(data::BATCH).enumerate() {
        // The first of a pair finds colder caches: they take turns.
        for adapter in [i % 2 == 0, i % 2 == 1] {
            if adapter {
                let request = UpsertRequest::new(batch.to_vec());
                let start = Instant::now();
                let reply = engine.store.upsert(request).await?;
                times.adapter.push(milliseconds(start.elapsed()));
                reply.results.into_iter().collect::<keyvisual::Result<()>>()?;
            } else if let Some(bare) = &engine.bare {
                let start = Instant::now();
                bare.upsert(batch).await?;
                times.bare.push(milliseconds(start.elapsed()));
            }
        }
    }
    let rate = data.records.len() as f64 / times.adapter.iter().sum::<f64>() * 1e3;
    Ok(times.report(engine, &format!("upsert of {}", data::BATCH), format!("{rate:.0}")))
}

async fn searches(engine: &Engine, data: &Data, filtered: bool) -> Outcome<bool> {
    let mut times = Times::default();
    for (i, query) in data.queries.iter().enumerate() {
        for adapter in [i % 2 == 0, i % 2 == 1] {
            if adapter {
                let mut request = SearchRequest::new(query.clone(), data::K);
                request.filter = filtered.then(data::tenth);
                let start = Instant::now();
                let reply = engine.store.search(request).await?;
                times.adapter.push(milliseconds(start.elapsed()));
                check(engine, reply.hits.len())?;
            } else if let Some(bare) = &engine.bare {
                let start = Instant::now();
                let hits = bare.search(query, filtered).await?;
                times.bare.push(milliseconds(start.elapsed()));
                check(engine, hits)?;
            }
        }
    }
    let what = if filtered { "search, a tenth" } else { "search" };
    Ok(times.report(engine, what, String::new()))
}

fn check(engine: &Engine, hits: usize) -> Outcome<()> {
    if hits == data::K { Ok(()) } else { Err(format!("{} found {hits} hits", engine.name).into()) }
}
