//! The tables, and the bounds.

use crate::{
    data::{Kind, SHARES},
    peer::{MIN_RECALL, Peer, Run},
    search::Found,
    truth::{self, Truth},
    write::{Opened, Written},
};

/// Recalls that are no further apart are equal: 3 of the 3 000 neighbours of 300 queries.
const EQUAL: f64 = 0.001;
/// At most this share of the CPU that the peer needs for a graph in which it finds what is near.
const MAX_BUILD: f64 = 0.1;
/// At least this share of the disk's own rate.
const MIN_RATE: f64 = 0.5;
/// The last batches may be slower than the first by this much: what else the machine does comes and goes.
const MIN_STEADY: f64 = 0.8;

/// The least ratio of queries per CPU second to the peer's, by the share of records that pass.
fn least_ratio(filter: &str) -> f64 {
    match SHARES.iter().find(|share| share.name == filter).map(|share| share.of) {
        Some(10) => 3.0,
        Some(100) => 30.0,
        Some(1000) => 300.0,
        _ => 0.5,
    }
}

/// Bytes a vector may take, and seconds that opening may.
fn limits(records: u64) -> (f64, f64) {
    if records >= 1_000_000 { (200.0, 1.0) } else { (300.0, 0.3) }
}

struct Checks(bool);

impl Checks {
    fn mark(&mut self, holds: bool) -> &'static str {
        self.0 &= holds;
        if holds { "" } else { "  <- broken" }
    }
}

/// Prints everything; false when a bound is broken.
pub(crate) fn print(
    kind: Kind,
    records: u64,
    written: &Written,
    opened: &Opened,
    found: &Found,
    truth: &Truth,
    peers: &[Peer],
) -> bool {
    let mut checks = Checks(true);
    let (most_bytes, most_seconds) = limits(records);
    let mb = |rate: f64| rate / 1e6;
    let rate = written.rate / written.disk;
    println!(
        "  write     {:.0} MB/s, {rate:.2} of the disk's {:.0}{}; first tenth {:.0}, last {:.0}{}",
        mb(written.rate),
        mb(written.disk),
        checks.mark(rate >= MIN_RATE),
        mb(written.first),
        mb(written.last),
        checks.mark(written.last >= MIN_STEADY * written.first),
    );
    println!("  build     {:.1} CPU s, {:.1} s after the last write", written.cpu, written.settle);
    for peer in peers {
        let (share, most) = (written.cpu / peer.build_cpu, peer.most(truth, kind));
        let mark = match most >= MIN_RECALL {
            true => checks.mark(share <= MAX_BUILD),
            false => "  (no match)",
        };
        let Peer { precision, connectivity, build_cpu, .. } = peer;
        println!(
            "            usearch {precision}, {connectivity} neighbours: {build_cpu:.1} CPU s, finds {most:.3} at most, share {share:.3}{mark}",
        );
    }
    let killed = checks.mark(opened.clean.max(opened.killed) <= most_seconds);
    println!("  open      {:.3} s, after a kill {:.3} s{killed}", opened.clean, opened.killed);
    let bytes = found.bytes / records as f64;
    let mark = checks.mark(bytes <= most_bytes);
    print!("  memory    {bytes:.0} bytes a vector{mark}");
    peers.iter().for_each(|peer| print!("; usearch {} {:.0}", peer.precision, peer.bytes));
    println!(
        "\n  filter           k  recall  queries/CPU s   usearch: precision expansion recall queries/CPU s  ratio, at equal recall"
    );
    let score = truth::scorer(kind);
    for (filter, k, rate, hits) in &found.runs {
        let recall = truth::recall(&truth[truth::filter(filter)], hits, *k as usize, &score);
        let mark = checks.mark(recall >= MIN_RECALL);
        println!("  {filter:<15}{k:>4}  {recall:.4}  {rate:>13.0}{mark}");
        if *k != 10 {
            continue;
        }
        for peer in peers {
            compare(&mut checks, filter, (recall, *rate), peer, truth, kind);
        }
    }
    checks.0
}

/// Prints the peer's quickest setting with our recall, which bounds are for, and before it one with less that is enough.
fn compare(
    checks: &mut Checks,
    filter: &str,
    (recall, rate): (f64, f64),
    peer: &Peer,
    truth: &Truth,
    kind: Kind,
) {
    let runs = peer.runs.iter().filter(|run| run.filter == filter);
    let runs: Vec<(f64, &Run)> = runs.map(|run| (run.recall(truth, kind), run)).collect();
    let equal = (recall - EQUAL).max(MIN_RECALL);
    let (Some(enough), Some(level)) = (best(&runs, MIN_RECALL), best(&runs, equal)) else { return };
    let quicker = (enough.0 < level.0).then_some((enough, None));
    let level = (level, Some(least_ratio(filter)));
    for ((theirs, run), bound) in quicker.into_iter().chain([level]) {
        let ratio = rate / run.rate;
        let mark = match bound {
            None => "  (at less recall)",
            Some(_) if theirs < equal => "  (the most it finds)",
            Some(bound) => checks.mark(ratio >= bound),
        };
        println!(
            "{:>53} {:>14} {theirs:.4} {:>13.0} {ratio:>6.1}{mark}",
            peer.precision, run.expansion, run.rate
        );
    }
}

/// The quickest setting with at least this recall; where none has, the quickest of those with most, which is no match
/// for ours.
fn best<'a>(runs: &[(f64, &'a Run)], least: f64) -> Option<(f64, &'a Run)> {
    let enough = runs.iter().filter(|(recall, _)| *recall >= least);
    let quickest = enough.max_by(|(_, a), (_, b)| a.rate.total_cmp(&b.rate));
    let most = runs.iter().map(|(recall, _)| *recall).fold(0.0, f64::max);
    let with_most = runs.iter().filter(|(recall, _)| *recall > most - EQUAL);
    quickest.or_else(|| with_most.max_by(|(_, a), (_, b)| a.rate.total_cmp(&b.rate))).copied()
}
