//! A CSV file that names pictures.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use ::csv::{Reader, ReaderBuilder, StringRecord, Trim};
use serde_json::{Map, Value};

use super::{Items, at, items, row::Row};
use crate::{
    blocking::blocking,
    error::{Error, Result},
    pipeline::library::LibraryItem,
};

pub(in super::super) async fn open(path: PathBuf) -> Result<Items> {
    Ok(items(blocking(move || Rows::open(path)).await?))
}

/// The rows of a file, those of one picture as one item.
struct Rows {
    path: PathBuf,
    columns: Vec<String>,
    reader: Reader<Box<dyn Read + Send>>,
    /// The first row of the next picture.
    next: Option<Row>,
}

impl Rows {
    fn open(path: PathBuf) -> Result<Self> {
        let mut file = BufReader::new(File::open(&path).map_err(at(&path))?);
        let start = file.fill_buf().map_err(at(&path))?;
        let start = if start.starts_with(b"\xef\xbb\xbf") { &start[3..] } else { start };
        let delimiter = delimiter(start);
        let skip = if file.buffer().starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        file.consume(skip);
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(Trim::All)
            .from_reader(Box::new(file) as Box<dyn Read + Send>);
        let headers = reader.headers().map_err(|error| unreadable(&path, error))?;
        let columns: Vec<_> = headers.iter().map(column).collect();
        if !columns.iter().any(|column| Row::FILE.contains(&column.as_str())) {
            let message =
                format!("the first line names no column \"file\", only \"{}\"", columns.join("\", \""));
            return Err(Error::invalid(message).with_operation("index").with_context("path", path.display()));
        }
        Ok(Self { path, columns, reader, next: None })
    }

    fn row(&mut self) -> Option<Result<Row>> {
        let mut record = StringRecord::new();
        match self.reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                let line = record.position().map_or(0, ::csv::Position::line);
                Some(self.parse(&record).map_err(|error| {
                    error
                        .with_operation("index")
                        .with_context("line", line)
                        .with_context("path", self.path.display())
                }))
            }
            Err(error) => Some(Err(unreadable(&self.path, error))),
        }
    }

    fn parse(&self, record: &StringRecord) -> Result<Row> {
        let fields = self.columns.iter().zip(record).filter(|(_, text)| !text.is_empty());
        let fields = fields.map(|(column, text)| (column.clone(), Value::from(text)));
        let row = Row::from_map(&fields.collect::<Map<_, _>>())?;
        row.require_file()?;
        Ok(row)
    }

    fn item(&self, row: Row) -> Result<LibraryItem> {
        row.into_item(self.path.parent().unwrap_or(Path::new("")))
    }
}

impl Iterator for Rows {
    type Item = Result<LibraryItem>;

    fn next(&mut self) -> Option<Result<LibraryItem>> {
        let mut picture = match self.next.take() {
            Some(row) => row,
            None => match self.row()? {
                Ok(row) => row,
                Err(error) => return Some(Err(error)),
            },
        };
        loop {
            match self.row() {
                Some(Ok(row)) if row.file == picture.file => picture.results.extend(row.results),
                Some(Ok(row)) => {
                    self.next = Some(row);
                    return Some(self.item(picture));
                }
                // The bad row comes first; the picture before it is not lost.
                Some(Err(error)) => {
                    self.next = Some(picture);
                    return Some(Err(error));
                }
                None => return Some(self.item(picture)),
            }
        }
    }
}

/// The most frequent of the usual separators in the first line.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: u8| line.iter().filter(|byte| **byte == separator).count();
    *[b',', b';', b'\t'].iter().rev().max_by_key(|separator| count(**separator)).unwrap_or(&b',')
}

/// Lower case, words joined by `_`.
fn column(header: &str) -> String {
    header.split([' ', '-']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").to_lowercase()
}

fn unreadable(path: &Path, error: ::csv::Error) -> Error {
    let line = error.position().map(::csv::Position::line);
    let unreadable =
        Error::invalid(format!("the file cannot be read as CSV: {error}")).with_operation("index");
    let unreadable = line.into_iter().fold(unreadable, |error, line| error.with_context("line", line));
    unreadable.with_context("path", path.display()).with_source(error)
}
