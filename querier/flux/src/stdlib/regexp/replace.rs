//! Replacing matches.

use super::arguments::{pattern, shown, text};
use crate::eval::Args;
use crate::stdlib::native::natives;
use crate::value::{Value, limits};

natives! { "regexp":
    REPLACE_ALL_STRING = "replaceAllString", "(r: regexp, v: string, t: string) => string",
        "Replaces all matches; `$1` and `${name}` in `t` stand for groups.",
        |args, _| {
            let why = |args: &Args| {
                let (r, v, t) = (shown(args, "r", "regexp"), shown(args, "v", "string"), shown(args, "t", "string"));
                format!("cannot execute function containing argument {r}, argument {v}, and argument {t}")
            };
            let (r, v, t) = (pattern(args, "r", why)?, text(args, "v", why)?, text(args, "t", why)?);
            let (mut out, mut end) = (String::new(), 0);
            for found in r.captures_iter(&v) {
                let Some(whole) = found.get(0) else { continue };
                out.push_str(&v[end..whole.start()]);
                found.expand(&t, &mut out);
                limits::text(out.len())?;
                end = whole.end();
            }
            out.push_str(&v[end..]);
            Ok(Value::from(out))
        };
}
