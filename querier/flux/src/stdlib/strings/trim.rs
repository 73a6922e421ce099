//! Cutting off both ends.

use super::{only, text};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "strings":
    TRIM = "trim", "(v: string, cutset: string) => string",
        "Removes characters of a set from both ends.",
        |args, _| {
            let set = text(args, "cutset")?;
            Ok(Value::from(text(args, "v")?.trim_matches(|c| set.contains(c))))
        };
    TRIM_LEFT = "trimLeft", "(v: string, cutset: string) => string",
        "Removes characters of a set from the beginning.",
        |args, _| {
            let set = text(args, "cutset")?;
            Ok(Value::from(text(args, "v")?.trim_start_matches(|c| set.contains(c))))
        };
    TRIM_RIGHT = "trimRight", "(v: string, cutset: string) => string",
        "Removes characters of a set from the end.",
        |args, _| {
            let set = text(args, "cutset")?;
            Ok(Value::from(text(args, "v")?.trim_end_matches(|c| set.contains(c))))
        };
    TRIM_SPACE = "trimSpace", "(v: string) => string", "Removes white space from both ends.",
        |args, _| Ok(Value::from(only(args)?.trim()));
    TRIM_PREFIX = "trimPrefix", "(v: string, prefix: string) => string",
        "Removes a prefix; other texts stay as they are.",
        |args, _| {
            let (v, prefix) = (text(args, "v")?, text(args, "prefix")?);
            Ok(Value::from(v.strip_prefix(&*prefix).unwrap_or(&v)))
        };
    TRIM_SUFFIX = "trimSuffix", "(v: string, suffix: string) => string",
        "Removes a suffix; other texts stay as they are.",
        |args, _| {
            let (v, suffix) = (text(args, "v")?, text(args, "suffix")?);
            Ok(Value::from(v.strip_suffix(&*suffix).unwrap_or(&v)))
        };
}
