//! Numbers and texts one behind the other, little-endian, with a checksum and the format in front.

use roaring::RoaringBitmap;

const CHECKSUM_BYTES: usize = 4;
/// What is of another format is read by nobody, and made anew from what it was made of. To be changed with what is written.
const FORMAT: u32 = u32::from_le_bytes(*b"kv02");

/// Bytes in the making.
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn new() -> Self {
        let mut bytes = Self(vec![0; CHECKSUM_BYTES]);
        bytes.u32(FORMAT);
        bytes
    }

    pub(super) fn u32(&mut self, number: u32) {
        self.0.extend(number.to_le_bytes());
    }

    pub(super) fn u64(&mut self, number: u64) {
        self.0.extend(number.to_le_bytes());
    }

    #[expect(clippy::cast_possible_truncation, reason = "what is counted is in memory, and far below 2^32")]
    pub(super) fn count(&mut self, number: usize) {
        self.u32(number as u32);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn many<T: Copy, const N: usize>(&mut self, numbers: &[T], to_bytes: impl Fn(T) -> [u8; N]) {
        self.count(numbers.len());
        self.0.reserve(numbers.len() * N);
        numbers.iter().for_each(|number| self.0.extend_from_slice(&to_bytes(*number)));
    }

    pub(super) fn bitmap(&mut self, rows: &RoaringBitmap) {
        let mut serialized = Vec::with_capacity(rows.serialized_size());
        // Writing to memory does not fail.
        if rows.serialize_into(&mut serialized).is_ok() {
            self.bytes(&serialized);
        }
    }

    /// The bytes with their checksum.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let checksum = crc32fast::hash(&self.0[CHECKSUM_BYTES..]).to_le_bytes();
        self.0[..CHECKSUM_BYTES].copy_from_slice(&checksum);
        self.0
    }
}

/// Reads what a [`Writer`] wrote; none wherever there is something else.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// None when the checksum is wrong, or the format another.
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let (checksum, rest) = bytes.split_first_chunk::<CHECKSUM_BYTES>()?;
        let mut bytes = (*checksum == crc32fast::hash(rest).to_le_bytes()).then_some(Self(rest))?;
        (bytes.u32()? == FORMAT).then_some(bytes)
    }

    /// Some when everything was read.
    pub(super) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*number))
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    pub(super) fn count(&mut self) -> Option<usize> {
        self.u32().map(|number| number as usize)
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.count()?;
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(super) fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(super) fn bitmap(&mut self) -> Option<RoaringBitmap> {
        RoaringBitmap::deserialize_from(self.bytes()?).ok()
    }

    pub(super) fn many<T, const N: usize>(&mut self, from_bytes: impl Fn([u8; N]) -> T) -> Option<Vec<T>> {
        let count = self.count()?;
        let (numbers, rest) = self.0.split_at_checked(count.checked_mul(N)?)?;
        self.0 = rest;
        Some(numbers.as_chunks::<N>().0.iter().map(|number| from_bytes(*number)).collect())
    }
}
