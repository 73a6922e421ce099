//! How large values may get. Scripts of a few lines could double a text, or an array that holds itself twice, until
//! the machine's memory is gone.

use super::Value;
use crate::error::{FluxError, Result};

/// The longest text, bytes.
const LONGEST_TEXT: usize = 256 << 20;

/// The most parts of a value whose whole is looked at: shown, encoded, compared.
const MOST_PARTS: usize = 10_000_000;

/// Values smaller than this, bytes, are not counted.
const SMALL: usize = 64 << 10;

/// Refuses to make a text of `bytes` bytes, if that is too long.
pub(crate) fn text(bytes: usize) -> Result<()> {
    match bytes {
        0..=LONGEST_TEXT => Ok(()),
        _ => Err(FluxError::invalid(format!("a text of {bytes} bytes is too long"))),
    }
}

/// Refuses to look at all of a value, if it has too many parts: those that it holds twice count twice.
pub(crate) fn whole(value: &Value) -> Result<()> {
    let mut todo = vec![value];
    let mut parts = 0usize;
    while let Some(value) = todo.pop() {
        parts += 1;
        if parts > MOST_PARTS {
            return Err(FluxError::invalid("the value has too many parts"));
        }
        match value {
            Value::Array(items) => todo.extend(items.iter()),
            Value::Record(record) => todo.extend(record.iter().map(|(_, v)| v)),
            Value::Dict(dict) => todo.extend(dict.values()),
            Value::Dynamic(inner) => todo.push(inner),
            _ => {}
        }
    }
    Ok(())
}

/// The bytes that a value takes by itself; 0 if they are too few to count. What it holds was counted when that was
/// made.
pub(crate) fn bytes(value: &Value) -> usize {
    let bytes = match value {
        Value::String(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Array(items) => std::mem::size_of_val(items.as_slice()),
        _ => 0,
    };
    if bytes < SMALL { 0 } else { bytes }
}
