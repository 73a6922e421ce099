//! Replacing matches.

use std::sync::Arc;

use crate::stdlib::native::natives;
use crate::value::{Regexp, Value, limits};

natives! { "regexp":
    REPLACE_ALL_STRING = "replaceAllString", "(r: regexp, v: string, t: string) => string",
        "Replaces all matches; `$1` and `${name}` in `t` stand for groups.",
        |args, _| {
            let r: Arc<Regexp> = args.required("r")?;
            let (v, t): (Arc<str>, Arc<str>) = (args.required("v")?, args.required("t")?);
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
