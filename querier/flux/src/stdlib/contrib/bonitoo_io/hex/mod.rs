//! `contrib/bonitoo-io/hex`: numbers and bytes in hexadecimal. Null in, null out.

use std::fmt::Write;
use std::sync::Arc;

use weir_table::ColumnType;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::stdlib::universe::convert;
use crate::value::{Value, quoted};

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/bonitoo-io/hex", name: "hex", members: &[&BYTES, &INT, &STRING, &UINT] };

natives! { "contrib/bonitoo-io/hex":
    INT = "int", "(v: string) => int", "Reads a signed number, with or without 0x.",
        |args, _| read(args, ColumnType::Int, |s| {
            let (sign, digits) = match s.strip_prefix(['+', '-']) {
                Some(rest) => (&s[..1], rest),
                None => ("", s),
            };
            i64::from_str_radix(&format!("{sign}{}", unprefixed(digits)?), 16).ok().map(Value::Int)
        });
    UINT = "uint", "(v: string) => uint", "Reads an unsigned number, with or without 0x.",
        |args, _| read(args, ColumnType::UInt, |s| u64::from_str_radix(unprefixed(s)?, 16).ok().map(Value::UInt));
    STRING = "string", "(v: A) => string", "Shows integers and bytes in hexadecimal, and other values as text.", show;
    BYTES = "bytes", "(v: string) => bytes", "Reads bytes, two digits each.", bytes;
}

/// Digits without `0x`; nothing else may stand before them.
fn unprefixed(s: &str) -> Option<&str> {
    let digits = s.strip_prefix("0x").unwrap_or(s);
    (!digits.starts_with(['+', '-'])).then_some(digits)
}

fn read(args: &Args, ty: ColumnType, f: impl Fn(&str) -> Option<Value>) -> Result<Value> {
    match args.required("v")? {
        Value::Null(_) => Ok(Value::Null(Some(ty))),
        Value::String(s) => f(&s).ok_or_else(|| {
            FluxError::invalid(format!("cannot convert string {} to {ty} due to invalid syntax", quoted(&s)))
        }),
        other => Err(FluxError::invalid(format!("hex cannot convert {} to {ty}", convert::describe(&other)))),
    }
}

fn show(args: &mut Args, _cx: &Context) -> Result<Value> {
    match args.required("v")? {
        Value::Int(n) if n < 0 => Ok(Value::from(format!("-{:x}", n.unsigned_abs()))),
        Value::Int(n) => Ok(Value::from(format!("{n:x}"))),
        Value::UInt(n) => Ok(Value::from(format!("{n:x}"))),
        Value::Bytes(b) => Ok(Value::from(b.iter().fold(String::new(), |mut out, b| {
            let _ = write!(out, "{b:02x}"); // writing to a String cannot fail
            out
        }))),
        other @ Value::Dynamic(_) => {
            Err(FluxError::invalid(format!("cannot convert {} to string", convert::describe(&other))))
        }
        other => convert::string::to_string(&other),
    }
}

fn bytes(args: &mut Args, _cx: &Context) -> Result<Value> {
    let text: Arc<str> = args.required("v")?;
    let digits: Result<Vec<u8>> =
        text.bytes().map(|b| digit(b).ok_or_else(|| not_digits(&text, b))).collect();
    let digits = digits?;
    if digits.len() % 2 == 1 {
        return Err(undecoded(&text, "odd length hex string"));
    }
    Ok(Value::Bytes(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()))
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

fn not_digits(text: &str, byte: u8) -> FluxError {
    let c = char::from(byte);
    let shown = if c.is_control() { String::new() } else { format!(" '{c}'") };
    undecoded(text, &format!("invalid byte: U+{byte:04X}{shown}"))
}

fn undecoded(text: &str, why: &str) -> FluxError {
    FluxError::invalid(format!(
        "cannot convert string {} to bytes due to hex decoding error: encoding/hex: {why}",
        quoted(text)
    ))
}
