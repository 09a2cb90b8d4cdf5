//! The canonical form of a request, over which the signature goes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Signed;

/// Everything but `A-Z a-z 0-9 - . _ ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// In a path the slash stays too.
const PATH: &AsciiSet = &RESERVED.remove(b'/');

pub(super) fn request(signed: &Signed<'_>, names: &[String]) -> String {
    let headers: String = names.iter().map(|name| header(signed, name)).collect();
    // Every service but S3 encodes the path once more: `%3A` on the wire is `%253A` here.
    let path = utf8_percent_encode(signed.path, PATH);
    let (method, payload) = (signed.method, signed.payload);
    format!("{method}\n{path}\n{}\n{headers}\n{}\n{payload}", query(signed.query), names.join(";"))
}

/// Values of one name in their order, inner white space as one blank.
fn header(signed: &Signed<'_>, name: &str) -> String {
    let values = signed.headers.get_all(name).iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let values = values.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "));
    format!("{name}:{}\n", values.collect::<Vec<_>>().join(","))
}

/// Names and values are encoded on the wire already; only the order is made sure of.
fn query(query: &str) -> String {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<_> = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    pairs.sort_unstable();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}
