//! `contrib/qxip/hash`: hashes of text. Null in, null out.

mod city;

use std::fmt::Write;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use weir_table::ColumnType;
use xxhash_rust::xxh64::xxh64;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/qxip/hash",
    name: "hash",
    members: &[&B64, &CITYHASH64, &HMAC, &MD5, &SHA1, &SHA256, &XXHASH64],
};

natives! { "contrib/qxip/hash":
    SHA256 = "sha256", "(v: A) => string", "The SHA-256 hash of a text, in hexadecimal.",
        |args, _| hash(args, "sha256", |v| hexadecimal(&Sha256::digest(v)));
    SHA1 = "sha1", "(v: A) => string", "The SHA-1 hash of a text, in hexadecimal.",
        |args, _| hash(args, "sha1", |v| hexadecimal(&Sha1::digest(v)));
    MD5 = "md5", "(v: A) => string", "The MD5 hash of a text, in hexadecimal.",
        |args, _| hash(args, "md5", |v| hexadecimal(&Md5::digest(v)));
    XXHASH64 = "xxhash64", "(v: A) => string", "The 64-bit xxHash of a text, in decimal.",
        |args, _| hash(args, "xxhash64", |v| xxh64(v, 0).to_string());
    CITYHASH64 = "cityhash64", "(v: A) => string", "The 64-bit CityHash (version 1.0) of a text, in decimal.",
        |args, _| hash(args, "cityhash64", |v| city::hash64(v).to_string());
    B64 = "b64", "(v: A) => string", "A text in base 64, with the alphabet for addresses.",
        |args, _| hash(args, "b64", |v| URL_SAFE.encode(v));
    HMAC = "hmac", "(v: A, k: A) => string", "The SHA-1 signature of a text with a key, in base 64.", signature;
}

/// The text argument; `None` for null.
fn text(args: &Args, name: &str, to: &str) -> Result<Option<Arc<str>>> {
    match args.get(name) {
        Some(Value::String(s)) => Ok(Some(Arc::clone(s))),
        Some(Value::Null(_)) => Ok(None),
        Some(other) => Err(FluxError::invalid(format!("hash cannot convert {} to {to}", other.nature()))),
        None => Err(FluxError::invalid(format!("missing argument \"{name}\""))),
    }
}

fn hash(args: &Args, name: &str, f: impl Fn(&[u8]) -> String) -> Result<Value> {
    Ok(match text(args, "v", name)? {
        Some(v) => Value::from(f(v.as_bytes())),
        None => Value::Null(Some(ColumnType::String)),
    })
}

fn signature(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (Some(v), Some(k)) = (text(args, "v", "hmac")?, text(args, "k", "hmac")?) else {
        return Ok(Value::Null(Some(ColumnType::String)));
    };
    let mut mac =
        Hmac::<Sha1>::new_from_slice(k.as_bytes()).map_err(|e| FluxError::internal(e.to_string()))?;
    mac.update(v.as_bytes());
    Ok(Value::from(STANDARD.encode(mac.finalize().into_bytes())))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}"); // writing to a String cannot fail
        out
    })
}
