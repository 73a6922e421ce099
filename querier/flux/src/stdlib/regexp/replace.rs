//! Replacing matches.

use std::sync::Arc;

use crate::stdlib::native::natives;
use crate::value::{Regexp, Value};

natives! { "regexp":
    REPLACE_ALL_STRING = "replaceAllString", "(r: regexp, v: string, t: string) => string",
        "Replaces all matches; `$1` and `${name}` in `t` stand for groups.",
        |args, _| {
            let r: Arc<Regexp> = args.required("r")?;
            let (v, t): (Arc<str>, Arc<str>) = (args.required("v")?, args.required("t")?);
            Ok(Value::from(r.replace_all(&v, &*t).into_owned()))
        };
}
