//! Segment files: a header, then frames of one size, one per vector.
//!
//! All numbers are little-endian.
//!
//! | bytes | header | | bytes | frame |
//! |---|---|---|---|---|
//! | 0..8 | `kvvector` | | 0..4 | CRC-32 of id and numbers |
//! | 8..12 | format version, 1 | | 4..8 | 0 |
//! | 12..16 | number of the segment | | 8.. | the numbers, f32 |
//! | 16..20 | dimensions | | | |
//! | 20..60 | 0 | | | |
//! | 60..64 | CRC-32 of the bytes before | | | |
//!
//! The id is part of the checksum and not of the frame, so a catalog that points to another record's frame
//! is found out too. A later version may append to the header's zeros.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use super::error::at;
use crate::{
    domain::Embedding,
    error::{Error, ErrorKind, Result},
};

/// The most vectors of a segment. Every segment is an open file, so a million vectors should not be too many of them.
pub(super) const ROWS: u32 = 8192;

const MAGIC: [u8; 8] = *b"kvvector";
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 64;
const FRAME_HEADER_BYTES: usize = 8;
/// Frames are written in pieces of so many bytes, which the processor keeps at hand.
const WRITE_BYTES: usize = 256 << 10;

/// The size of a frame.
fn frame_bytes(dimensions: usize) -> usize {
    FRAME_HEADER_BYTES + 4 * dimensions
}

/// Where the segment `number` is kept.
pub(super) fn path(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number:010}.vectors"))
}

/// The number of the segment that a file name stands for.
pub(super) fn number(path: &Path) -> Option<u32> {
    (path.extension()? == "vectors").then(|| path.file_stem()?.to_str()?.parse().ok())?
}

/// Appends the frame of a vector to `bytes`.
fn encode(id: &str, vector: &Embedding, bytes: &mut Vec<u8>) {
    let start = bytes.len();
    bytes.resize(start + frame_bytes(vector.dimensions()), 0);
    let numbers = bytes[start + FRAME_HEADER_BYTES..].as_chunks_mut().0;
    numbers.iter_mut().zip(vector.as_slice()).for_each(|(bytes, number)| *bytes = number.to_le_bytes());
    let checksum = checksum(id, &bytes[start + FRAME_HEADER_BYTES..]);
    bytes[start..start + 4].copy_from_slice(&checksum.to_le_bytes());
}

/// The numbers of a frame, or none when it is not what was written for `id`.
fn numbers<'a>(id: &str, frame: &'a [u8]) -> Option<&'a [u8]> {
    let (head, numbers) = frame.split_at_checked(FRAME_HEADER_BYTES)?;
    (head[..4] == checksum(id, numbers).to_le_bytes()).then_some(numbers)
}

/// The numbers that bytes stand for.
pub(super) fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    bytes.as_chunks::<4>().0.iter().map(|number| f32::from_le_bytes(*number))
}

fn checksum(id: &str, numbers: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(id.as_bytes());
    hasher.update(numbers);
    hasher.finalize()
}

/// Writes the frames of `vectors`, each with its id, behind the first `rows` of a segment and waits until they are on
/// the disk.
///
/// The folder is not synced: a new file's name may be lost in a crash.
pub(super) fn append<'v>(
    path: &Path,
    number: u32,
    dimensions: usize,
    rows: u32,
    vectors: impl Iterator<Item = (&'v str, &'v Embedding)>,
) -> Result<()> {
    let write = || {
        let mut bytes = Vec::with_capacity(WRITE_BYTES + frame_bytes(dimensions));
        let mut file = if rows == 0 {
            bytes.extend(header(number, dimensions));
            File::create(path)?
        } else {
            let mut file = OpenOptions::new().write(true).open(path)?;
            let position = HEADER_BYTES + rows as usize * frame_bytes(dimensions);
            file.seek(SeekFrom::Start(position as u64))?;
            file
        };
        for (id, vector) in vectors {
            encode(id, vector, &mut bytes);
            if bytes.len() >= WRITE_BYTES {
                file.write_all(&bytes)?;
                bytes.clear();
            }
        }
        file.write_all(&bytes)?;
        if rows == 0 { file.sync_all() } else { file.sync_data() }
    };
    write().map_err(at(path))
}

/// A segment file, open for reading.
#[derive(Debug)]
pub(super) struct Frames {
    /// None when the file is missing.
    file: Option<File>,
    frame: usize,
}

impl Frames {
    /// No file.
    pub(super) fn missing(dimensions: usize) -> Self {
        Self { file: None, frame: frame_bytes(dimensions) }
    }

    /// Opens the file of a segment and cuts off what follows its first `rows`. Says whether all of them are there.
    pub(super) fn open(path: &Path, number: u32, dimensions: usize, rows: u32) -> Result<(Self, bool)> {
        let frame = frame_bytes(dimensions);
        let published = (HEADER_BYTES + rows as usize * frame) as u64;
        let open = || {
            let mut file = OpenOptions::new().read(true).write(true).open(path)?;
            let length = file.metadata()?.len();
            if length > published {
                file.set_len(published)?;
            }
            let mut header = Vec::with_capacity(HEADER_BYTES);
            (&mut file).take(HEADER_BYTES as u64).read_to_end(&mut header)?;
            Ok::<_, io::Error>((file, header, length >= published))
        };
        match open() {
            Ok((file, header, whole)) => {
                check_header(&header, number, dimensions)
                    .map_err(|e| e.with_context("path", path.display()))?;
                Ok((Self { file: Some(file), frame }, whole))
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok((Self { file: None, frame }, false)),
            Err(e) => Err(at(path)(e)),
        }
    }

    /// The numbers of row `row`, as bytes in `buffer`; none when they are not what was written for `id`.
    ///
    /// # Errors
    /// What the file system says, but not that the file is too short.
    pub(super) fn read<'b>(&self, id: &str, row: u32, buffer: &'b mut Vec<u8>) -> Result<Option<&'b [u8]>> {
        let Some(file) = &self.file else { return Ok(None) };
        buffer.resize(self.frame, 0);
        match read_at(file, buffer, (HEADER_BYTES + row as usize * self.frame) as u64) {
            Ok(()) => Ok(numbers(id, buffer)),
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// As [`read`](Self::read), as a vector.
    pub(super) fn vector(&self, id: &str, row: u32) -> Result<Option<Embedding>> {
        let mut buffer = Vec::new();
        let numbers = self.read(id, row, &mut buffer)?.map(floats);
        Ok(numbers.and_then(|numbers| Embedding::new(numbers.collect::<Vec<_>>()).ok()))
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, position)
}

#[cfg(windows)]
fn read_at(file: &File, mut buffer: &mut [u8], mut position: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, position)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                buffer = &mut buffer[read..];
                position += read as u64;
            }
        }
    }
    Ok(())
}

/// Cuts off what follows the first `rows`, the file with them when there are none. Opening would do it too.
pub(super) fn cut(path: &Path, dimensions: usize, rows: u32) {
    let published = HEADER_BYTES + rows as usize * frame_bytes(dimensions);
    let cut = match rows {
        0 => fs::remove_file(path),
        _ => OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(published as u64)),
    };
    if let Err(error) = cut {
        tracing::debug!(path = %path.display(), %error, "unpublished rows stay until the store is opened again");
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) { fs::File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder)) } else { Ok(()) }
}

fn header(number: u32, dimensions: usize) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(&MAGIC);
    header[8..12].copy_from_slice(&VERSION.to_le_bytes());
    header[12..16].copy_from_slice(&number.to_le_bytes());
    header[16..20].copy_from_slice(&u32::try_from(dimensions).unwrap_or(u32::MAX).to_le_bytes());
    let checksum = crc32fast::hash(&header[..60]);
    header[60..].copy_from_slice(&checksum.to_le_bytes());
    header
}

/// A damaged header is no harm, every frame proves itself; a sound one of another version must be refused.
fn check_header(bytes: &[u8], number: u32, dimensions: usize) -> Result<()> {
    let Some(found) = bytes.first_chunk::<HEADER_BYTES>() else { return Ok(()) };
    let sound = found[60..] == crc32fast::hash(&found[..60]).to_le_bytes();
    if !sound || *found == header(number, dimensions) {
        return Ok(());
    }
    if found[8..12] == VERSION.to_le_bytes() {
        return Err(Error::new(ErrorKind::Corrupt, "the segment belongs to another store"));
    }
    Err(Error::new(ErrorKind::Unsupported, "the segment was written by a newer version of this crate"))
}
