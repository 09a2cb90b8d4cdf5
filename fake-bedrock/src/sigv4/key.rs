//! The signing key and its HMACs.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::Scope;

/// The signature of `text`, in hexadecimal.
pub(super) fn sign(secret: &str, scope: &Scope, text: &str) -> String {
    let parts = [&scope.date, &scope.region, &scope.service, "aws4_request"];
    let key = parts.into_iter().fold(format!("AWS4{secret}").into_bytes(), |key, part| hmac(&key, part));
    hex(&hmac(&key, text))
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub(crate) fn hex_sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Err(_) => unreachable!("HMAC takes keys of any length"),
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
