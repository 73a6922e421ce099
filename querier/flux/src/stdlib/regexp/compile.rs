//! From text to regular expressions and back.

use std::sync::Arc;

use super::arguments::{pattern, shown, text};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::{Regexp, Value};

natives! { "regexp":
    COMPILE = "compile", "(v: string) => regexp", "Makes a regular expression of a text.", compile;
    GET_STRING = "getString", "(r: regexp) => string", "The text of a regular expression.",
        |args, _| {
            let why = |args: &Args| format!("cannot execute function containing argument {}", shown(args, "r", "regexp"));
            Ok(Value::from(pattern(args, "r", why)?.as_str()))
        };
    QUOTE_META = "quoteMeta", "(v: string) => string", "Escapes what has a meaning in regular expressions.",
        |args, _| {
            let why = |args: &Args| {
                let v = shown(args, "v", "string");
                format!("cannot escape all regular expression metacharacters inside argument {v}")
            };
            Ok(Value::from(quote(&text(args, "v", why)?)))
        };
}

fn compile(args: &mut Args, _cx: &Context) -> Result<Value> {
    let why = |args: &Args| format!("cannot convert argument {} to Regex", shown(args, "v", "string"));
    let pattern = text(args, "v", why)?;
    let regexp = Regexp::new(&pattern)
        .map_err(|error| FluxError::internal(format!("error parsing regexp: {}", fault(&error, &pattern))))?;
    Ok(Value::Regexp(Arc::new(regexp)))
}

/// What is wrong with a pattern, in a line.
fn fault(error: &regex::Error, pattern: &str) -> String {
    match error {
        regex::Error::Syntax(why) if !why.contains('\n') => why.clone(),
        // Nothing but the names of Unicode classes is left to the engine to know.
        _ => match pattern.find("\\p").or_else(|| pattern.find("\\P")) {
            Some(at) => {
                let end = pattern[at..].find('}').map_or(pattern.len(), |n| at + n + 1);
                format!("invalid character class range: `{}`", &pattern[at..end])
            }
            None => format!("invalid pattern: `{pattern}`"),
        },
    }
}

fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
