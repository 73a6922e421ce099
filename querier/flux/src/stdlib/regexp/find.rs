//! Searching.

use std::sync::Arc;

use super::arguments::{pattern, shown, text};
use crate::error::Result;
use crate::eval::Args;
use crate::stdlib::native::natives;
use crate::value::{Regexp, Value};

natives! { "regexp":
    FIND_STRING = "findString", "(r: regexp, v: string) => string",
        "The first match in a text; empty if there is none.",
        |args, _| {
            let (r, v) = subject(args)?;
            Ok(Value::from(r.find(&v).map_or("", |m| m.as_str())))
        };
    FIND_STRING_INDEX = "findStringIndex", "(r: regexp, v: string) => [int]",
        "Where the first match begins and ends, in bytes; an empty array if there is none.",
        |args, _| {
            let (r, v) = subject(args)?;
            let bounds = r.find(&v).map_or(Vec::new(), |m| vec![m.start(), m.end()]);
            Ok(Value::array(bounds.into_iter().map(|n| Value::Int(n as i64)).collect()))
        };
    MATCH_REGEXP_STRING = "matchRegexpString", "(r: regexp, v: string) => bool", "Whether a text has a match.",
        |args, _| {
            let (r, v) = subject(args)?;
            Ok(Value::Bool(r.is_match(&v)))
        };
}

fn subject(args: &Args) -> Result<(Arc<Regexp>, Arc<str>)> {
    let why = |args: &Args| {
        let (r, v) = (shown(args, "r", "regexp"), shown(args, "v", "string"));
        format!("cannot execute function containing argument {r} and argument {v}")
    };
    Ok((pattern(args, "r", why)?, text(args, "v", why)?))
}
