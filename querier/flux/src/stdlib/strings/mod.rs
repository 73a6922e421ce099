//! `strings`: work on text. Lengths and substrings count code points, positions count bytes.

mod case;
mod classify;
mod replace;
mod search;
mod split;
mod substring;
mod trim;

use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::registry::Package;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "strings",
    name: "strings",
    members: &[
        &case::EQUAL_FOLD,
        &case::TITLE,
        &case::TO_LOWER,
        &case::TO_TITLE,
        &case::TO_UPPER,
        &classify::IS_DIGIT,
        &classify::IS_LETTER,
        &classify::IS_LOWER,
        &classify::IS_UPPER,
        &replace::REPEAT,
        &replace::REPLACE,
        &replace::REPLACE_ALL,
        &search::COMPARE,
        &search::CONTAINS_ANY,
        &search::CONTAINS_STR,
        &search::COUNT_STR,
        &search::HAS_PREFIX,
        &search::HAS_SUFFIX,
        &search::INDEX,
        &search::INDEX_ANY,
        &search::LAST_INDEX,
        &search::LAST_INDEX_ANY,
        &split::JOIN_STR,
        &split::SPLIT,
        &split::SPLIT_AFTER,
        &split::SPLIT_AFTER_N,
        &split::SPLIT_N,
        &substring::STRLEN,
        &substring::SUBSTRING,
        &trim::TRIM,
        &trim::TRIM_LEFT,
        &trim::TRIM_PREFIX,
        &trim::TRIM_RIGHT,
        &trim::TRIM_SPACE,
        &trim::TRIM_SUFFIX,
    ],
};

/// A text argument. Null is an error, and one that the incumbent does not count as the script's.
fn text(args: &Args, name: &str) -> Result<Arc<str>> {
    match args.get(name) {
        Some(Value::String(s)) => Ok(Arc::clone(s)),
        other => Err(unexpected(name, "string", other)),
    }
}

/// An integer argument, as [`text`].
fn number(args: &Args, name: &str) -> Result<i64> {
    match args.get(name) {
        Some(Value::Int(n)) => Ok(*n),
        other => Err(unexpected(name, "int", other)),
    }
}

fn unexpected(name: &str, wanted: &str, got: Option<&Value>) -> FluxError {
    FluxError::internal(match got {
        None => format!("missing argument \"{name}\""),
        Some(Value::Null(_)) => {
            format!("expected argument \"{name}\" to be of type {wanted}, got type {wanted} value <nil>")
        }
        Some(v) => {
            format!("expected argument \"{name}\" to be of type {wanted}, got type {} value {v}", v.nature())
        }
    })
}

/// The only argument of a function from text to text.
fn only(args: &Args) -> Result<Arc<str>> {
    match args.get("v") {
        // The incumbent says so of all of them.
        Some(Value::Null(_)) => {
            Err(FluxError::internal("cannot convert argument of type string value <nil> to upper case"))
        }
        _ => text(args, "v"),
    }
}

/// The text that a function counts or tells the kind of.
fn subject(args: &Args) -> Result<Arc<str>> {
    match args.get("v") {
        Some(Value::Null(_)) => Err(FluxError::internal("procedure cannot be executed")),
        _ => text(args, "v"),
    }
}
