//! Pictures: the bytes as they were delivered, and the reference that records keep.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The SHA-256 of some bytes, in lower-case hexadecimal: the identity of everything with content.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(String);

impl ContentHash {
    /// The hash of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (digits, byte) in text.as_chunks_mut().0.iter_mut().zip(Sha256::digest(bytes)) {
            *digits = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
        }
        Self(String::from_utf8_lossy(&text).into_owned())
    }

    /// The 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ContentHash {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        if text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(Self(text))
        } else {
            Err(Error::invalid(format!(
                "\"{text}\" is not a content hash: it takes 64 lower-case hexadecimal digits"
            )))
        }
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.0
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..", &self.0[..12])
    }
}

/// The kinds of picture files this crate reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum MediaType {
    /// `image/jpeg`
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// `image/png`
    #[serde(rename = "image/png")]
    Png,
    /// `image/webp`
    #[serde(rename = "image/webp")]
    WebP,
}

impl MediaType {
    /// Tells the type by the first bytes, whatever a name or a header says.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// The media type as in a `Content-Type` header.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// The format by itself, as interfaces of models name it: `jpeg`, `png`, `webp`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// The usual file name extension, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Refers to a picture by its content. Records hold this, never the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ImageRef {
    /// The hash of the bytes; also the picture's id.
    pub hash: ContentHash,
    /// The sniffed type of the bytes.
    pub media_type: MediaType,
    /// The number of bytes.
    pub byte_len: u64,
}

/// A picture: its bytes as delivered, with the [`ImageRef`] made from them.
///
/// It compares and serialises as its reference, so a request can be keyed and shown, and no record
/// holds bytes. Cloning is cheap.
///
/// ```
/// use keyvisual::domain::{Image, MediaType};
///
/// let png = b"\x89PNG\r\n\x1a\n the rest is looked at when it is decoded".as_slice();
/// let image = Image::new(png)?;
/// assert_eq!(image.media_type(), MediaType::Png);
/// assert!(Image::new(b"plain text".as_slice()).is_err());
/// # Ok::<(), keyvisual::Error>(())
/// ```
#[derive(Clone)]
pub struct Image {
    reference: ImageRef,
    bytes: Bytes,
}

impl Image {
    /// Takes the bytes of a JPEG, PNG or WebP file and hashes them once. Nothing is decoded.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) when the first bytes are of another type, or there are none.
    pub fn new(bytes: impl Into<Bytes>) -> Result<Self> {
        let bytes = bytes.into();
        let Some(media_type) = MediaType::sniff(&bytes) else {
            let start = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ");
            let found =
                if bytes.is_empty() { "the file is empty".into() } else { format!("it starts with {start}") };
            return Err(Error::invalid(format!("not a JPEG, PNG or WebP picture: {found}")));
        };
        let reference = ImageRef { hash: ContentHash::of(&bytes), media_type, byte_len: bytes.len() as u64 };
        Ok(Self { reference, bytes })
    }

    /// The reference that records keep.
    #[must_use]
    pub fn reference(&self) -> &ImageRef {
        &self.reference
    }

    /// The hash of the bytes.
    #[must_use]
    pub fn hash(&self) -> &ContentHash {
        &self.reference.hash
    }

    /// The sniffed type.
    #[must_use]
    pub fn media_type(&self) -> MediaType {
        self.reference.media_type
    }

    /// The bytes as delivered.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl PartialEq for Image {
    fn eq(&self, other: &Self) -> bool {
        self.reference == other.reference
    }
}

impl Eq for Image {}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ImageRef { hash, media_type, byte_len } = &self.reference;
        write!(f, "Image({hash:?}, {media_type}, {byte_len} bytes)")
    }
}

impl Serialize for Image {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.reference.serialize(serializer)
    }
}

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PixelSize {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl PixelSize {
    /// A size of `width` x `height` pixels.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Width divided by height; infinite or not a number for an empty size.
    #[must_use]
    pub fn ratio(self) -> f64 {
        f64::from(self.width) / f64::from(self.height)
    }

    /// The number of pixels.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

impl fmt::Display for PixelSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}
