use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use keyvisual::roles::{CountRequest, DeleteRequest, ScanRequest, VectorStore};

use super::{open, put, record, version};

const FOLDER: &str = "KEYVISUAL_TEST_KILLED_STORE";
const ROUNDS: u64 = 20;
const IDS: u64 = 60;

/// What became of an id by the last line about it; none for removed.
type Fates = BTreeMap<String, Option<i64>>;

/// Twenty times, a process that writes and removes is killed at some moment. What it acknowledged is there.
#[tokio::test]
async fn no_acknowledged_write_is_lost_to_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Fates::new();
    for round in 0..ROUNDS {
        let begun = run_and_kill(folder.path(), round, &mut acknowledged);
        let store = open(folder.path()).await;
        let page = store.scan(ScanRequest::new(1000)).await.unwrap();
        assert!(page.damaged.is_empty(), "round {round}: {:?}", page.damaged);
        assert_eq!(store.count(CountRequest::new()).await.unwrap().count, page.records.len() as u64);
        let found: Fates = page.records.iter().map(|r| (r.id.clone(), Some(version(r)))).collect();
        for id in acknowledged.keys().chain(found.keys()).chain(begun.keys()) {
            let is = found.get(id).copied().flatten();
            let was = acknowledged.get(id).copied().flatten();
            let allowed = is == was || begun.get(id).is_some_and(|begun| is == *begun);
            assert!(
                allowed,
                "round {round}: {id} was acknowledged as {was:?} and is {is:?}; begun: {begun:?}"
            );
        }
        acknowledged = found.into_iter().collect();
    }
    assert!(!acknowledged.is_empty(), "something was written at all");
}

/// Starts a writer and kills it after some acknowledgements; what it had begun then may be there or not.
fn run_and_kill(folder: &Path, round: u64, acknowledged: &mut Fates) -> Fates {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["embedded_store::kill::writer_to_be_killed", "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut random = fastrand_like(round);
    let wanted = 3 + random() % 40;
    let mut begun = Fates::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    let mut acknowledgements = 0;
    // What the pipe still holds after the kill was acknowledged too.
    while lines.read_line(&mut line).unwrap() > 0 {
        if line.ends_with('\n') {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("begin") => begun = words.map(fate).collect(),
                Some("done") => {
                    acknowledged.append(&mut begun);
                    acknowledgements += 1;
                }
                _ => {}
            }
        }
        line.clear();
        if acknowledgements == wanted {
            std::thread::sleep(std::time::Duration::from_micros(random() % 6_000));
            child.kill().unwrap();
            acknowledgements += 1;
        }
    }
    child.wait().unwrap();
    assert!(acknowledgements > wanted, "round {round}: the writer ended by itself");
    begun
}

fn fate(word: &str) -> (String, Option<i64>) {
    let (id, version) = word.split_once('=').unwrap();
    (id.to_owned(), version.parse().ok())
}

/// Not a test by itself: it writes for ever when the test above starts it.
#[test]
fn writer_to_be_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = open(Path::new(&folder)).await;
        let seed = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().subsec_nanos();
        let mut random = fastrand_like(u64::from(seed));
        loop {
            let remove = random().is_multiple_of(3);
            let ids: std::collections::BTreeSet<_> = (0..1 + random() % 12).map(|_| random() % IDS).collect();
            let version = (random() % 1_000_000) as i64;
            let fates: Vec<_> = ids
                .iter()
                .map(|id| if remove { format!("{id}=-") } else { format!("{id}={version}") })
                .collect();
            say(&format!("begin {}", fates.join(" ")));
            if remove {
                let ids = ids.iter().map(u64::to_string).collect();
                store.delete(DeleteRequest::new(ids)).await.unwrap();
            } else {
                put(&store, ids.iter().map(|id| record(id, version)).collect()).await;
            }
            say("done");
        }
    });
}

/// One write per line, so that a kill does not mix them.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

/// Numbers that differ from round to round and are the same in every run (splitmix64).
fn fastrand_like(mut state: u64) -> impl FnMut() -> u64 {
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
