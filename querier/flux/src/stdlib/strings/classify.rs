//! What kind of character a text of one byte is.

use super::subject;
use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "strings":
    IS_DIGIT = "isDigit", "(v: string) => bool", "Whether a text of one character is a digit.",
        |args, _| test(args, |b| b.is_ascii_digit());
    IS_LETTER = "isLetter", "(v: string) => bool", "Whether a text of one character is a letter.",
        |args, _| test(args, |b| b.is_ascii_alphabetic());
    IS_LOWER = "isLower", "(v: string) => bool", "Whether a text of one character is a lower case letter.",
        |args, _| test(args, |b| b.is_ascii_lowercase());
    IS_UPPER = "isUpper", "(v: string) => bool", "Whether a text of one character is an upper case letter.",
        |args, _| test(args, |b| b.is_ascii_uppercase());
}

fn test(args: &Args, f: fn(&u8) -> bool) -> Result<Value> {
    match subject(args)?.as_bytes() {
        [byte] => Ok(Value::Bool(f(byte))),
        _ => Err(FluxError::internal("\"v\" is not a valid argument: argument length is not equal to 1")),
    }
}
