//! Writing: batch by batch, against the rate of the disk itself, and what opening takes after it.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use keyvisual::{
    backends::local::EmbeddedStore,
    domain::{Embedding, EmbeddingSpace, FieldType, Record, Schema},
    roles::{CountRequest, CreateRequest, UpsertRequest, VectorStore},
};

use crate::{
    Outcome,
    data::{DIMENSIONS, Data, Kind, SHARES},
    machine,
};

/// The first argument of a process that writes until it is killed.
pub(crate) const MODE: &str = "write-and-be-killed";
const BATCH: u64 = 1000;
/// Bytes that the disk is measured with.
const DISK: usize = 256 << 20;

/// What writing took.
pub(crate) struct Written {
    /// CPU seconds, with all that goes on in the background.
    pub(crate) cpu: f64,
    /// Bytes of vectors a second.
    pub(crate) rate: f64,
    /// The same, over the first and the last tenth of the batches.
    pub(crate) first: f64,
    pub(crate) last: f64,
    /// Bytes a second of the disk, with a sync as often as the store's.
    pub(crate) disk: f64,
    /// Seconds until all rows were in lists, after the last write.
    pub(crate) settle: f64,
}

/// Seconds to open.
pub(crate) struct Opened {
    pub(crate) clean: f64,
    pub(crate) killed: f64,
}

pub(crate) fn runtime() -> Outcome<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

pub(crate) async fn open(folder: &Path) -> keyvisual::Result<EmbeddedStore> {
    let store = EmbeddedStore::open(folder.join("store")).await?;
    let schema = SHARES
        .iter()
        .fold(Schema::new(), |schema, share| schema.with_filterable(share.field, FieldType::Integer));
    store.create(CreateRequest::new(EmbeddingSpace::new("bench/vectors", "1", DIMENSIONS), schema)).await?;
    Ok(store)
}

fn record(data: &Data, number: u64) -> keyvisual::Result<Record> {
    let made = data.record(number);
    let record = Record::new(number.to_string(), Embedding::new(made.vector)?);
    let fields = SHARES.iter().zip(made.values);
    Ok(fields.fold(record, |record, (share, value)| record.with_field(share.field, value.cast_signed())))
}

pub(crate) fn write(folder: &Path, kind: Kind, records: u64) -> Outcome<Written> {
    let disk = disk(folder)?;
    let data = Data::new(kind, 1);
    let (started, mut making) = (machine::cpu(), 0.0);
    let (seconds, settle) = runtime()?.block_on(async {
        let store = open(folder).await?;
        let mut seconds = Vec::new();
        for from in (0..records).step_by(BATCH as usize) {
            let before = machine::thread_cpu();
            let batch = (from..records.min(from + BATCH)).map(|number| record(&data, number));
            let batch = batch.collect::<Result<Vec<_>, _>>()?;
            making += machine::thread_cpu() - before;
            let began = Instant::now();
            let reply = store.upsert(UpsertRequest::new(batch)).await?;
            seconds.push(began.elapsed().as_secs_f64());
            reply.results.into_iter().collect::<Result<Vec<_>, _>>()?;
        }
        let began = Instant::now();
        store.settle().await?;
        Outcome::Ok((seconds, began.elapsed().as_secs_f64()))
    })?;
    let bytes = |batches: &[f64]| (batches.len() as u64 * BATCH * DIMENSIONS as u64 * 4) as f64;
    let rate = |batches: &[f64]| bytes(batches) / batches.iter().sum::<f64>();
    let tenth = (seconds.len() / 10).max(1);
    Ok(Written {
        cpu: machine::cpu() - started - making,
        rate: rate(&seconds),
        first: rate(&seconds[..tenth]),
        last: rate(&seconds[seconds.len() - tenth..]),
        disk: f64::midpoint(disk, self::disk(folder)?),
        settle,
    })
}

/// Bytes a second of writing one file, synced after each batch of vectors.
fn disk(folder: &Path) -> Outcome<f64> {
    let path = folder.join("disk");
    let batch: Vec<u8> = (0..BATCH as usize * DIMENSIONS * 4).map(|i| (i * 31 % 251) as u8).collect();
    let mut file = File::create(&path)?;
    let began = Instant::now();
    let batches = DISK / batch.len();
    for _ in 0..batches {
        file.write_all(&batch)?;
        file.sync_data()?;
    }
    let seconds = began.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok((batches * batch.len()) as f64 / seconds)
}

/// Opens after a clean end, and after a process was killed while it wrote.
pub(crate) fn reopen(folder: &Path, kind: Kind, records: u64) -> Outcome<Opened> {
    let clean = time_to_open(folder, records)?;
    let mut child = Command::new(std::env::current_exe()?)
        .args([MODE, &folder.display().to_string(), kind.name(), &records.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    child.kill()?;
    child.wait()?;
    Ok(Opened { clean, killed: time_to_open(folder, records)? })
}

fn time_to_open(folder: &Path, records: u64) -> Outcome<f64> {
    runtime()?.block_on(async {
        let began = Instant::now();
        let store = EmbeddedStore::open(folder.join("store")).await?;
        let seconds = began.elapsed().as_secs_f64();
        let count = store.count(CountRequest::new()).await?.count;
        if count < records {
            Err(format!("{count} of {records} records are there").into())
        } else {
            Ok(seconds)
        }
    })
}

/// Writes the first records again and again.
pub(crate) fn child(arguments: &[String]) -> Outcome<()> {
    let [folder, kind, records] = arguments else { return Err("expected: folder kind records".into()) };
    let data = Data::new(Kind::parse(kind).ok_or("no such kind")?, 1);
    let records: u64 = records.parse()?;
    runtime()?.block_on(async {
        let store = open(Path::new(folder)).await?;
        loop {
            let batch =
                (0..records.min(50)).map(|number| record(&data, number)).collect::<Result<Vec<_>, _>>()?;
            store.upsert(UpsertRequest::new(batch)).await?;
            println!("written");
        }
    })
}
