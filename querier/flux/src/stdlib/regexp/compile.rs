//! From text to regular expressions and back.

use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::{Regexp, Value};

natives! { "regexp":
    COMPILE = "compile", "(v: string) => regexp", "Makes a regular expression of a text.", compile;
    GET_STRING = "getString", "(r: regexp) => string", "The text of a regular expression.",
        |args, _| Ok(Value::from(args.required::<Arc<Regexp>>("r")?.as_str()));
    QUOTE_META = "quoteMeta", "(v: string) => string", "Escapes what has a meaning in regular expressions.",
        |args, _| Ok(Value::from(quote(&args.required::<Arc<str>>("v")?)));
}

fn compile(args: &mut Args, _cx: &Context) -> Result<Value> {
    let pattern: Arc<str> = args.required("v")?;
    let regexp = Regexp::new(&pattern)
        .map_err(|_| FluxError::internal(format!("error parsing regexp: invalid pattern: `{pattern}`")))?;
    Ok(Value::Regexp(Arc::new(regexp)))
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
