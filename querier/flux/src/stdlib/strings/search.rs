//! Finding and comparing. Positions are bytes; -1 is nowhere.

use super::text;
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "strings":
    HAS_PREFIX = "hasPrefix", "(v: string, prefix: string) => bool", "Whether the text begins with a prefix.",
        |args, _| Ok(Value::Bool(text(args, "v")?.starts_with(&*text(args, "prefix")?)));
    HAS_SUFFIX = "hasSuffix", "(v: string, suffix: string) => bool", "Whether the text ends with a suffix.",
        |args, _| Ok(Value::Bool(text(args, "v")?.ends_with(&*text(args, "suffix")?)));
    CONTAINS_STR = "containsStr", "(v: string, substr: string) => bool", "Whether the text contains another.",
        |args, _| Ok(Value::Bool(text(args, "v")?.contains(&*text(args, "substr")?)));
    CONTAINS_ANY = "containsAny", "(v: string, chars: string) => bool",
        "Whether the text contains one of some characters.",
        |args, _| {
            let chars = text(args, "chars")?;
            Ok(Value::Bool(text(args, "v")?.contains(|c| chars.contains(c))))
        };
    COMPARE = "compare", "(v: string, t: string) => int",
        "Compares two texts byte by byte: -1, 0 or 1.",
        |args, _| Ok(Value::Int(text(args, "v")?.cmp(&text(args, "t")?) as i64));
    COUNT_STR = "countStr", "(v: string, substr: string) => int",
        "How often a text occurs in another, without overlaps; an empty one stands around every character.",
        |args, _| {
            let (v, substr) = (text(args, "v")?, text(args, "substr")?);
            let count = if substr.is_empty() { v.chars().count() + 1 } else { v.matches(&*substr).count() };
            Ok(Value::Int(count as i64))
        };
    INDEX = "index", "(v: string, substr: string) => int", "Where a text first occurs in another.",
        |args, _| Ok(position(text(args, "v")?.find(&*text(args, "substr")?)));
    LAST_INDEX = "lastIndex", "(v: string, substr: string) => int", "Where a text last occurs in another.",
        |args, _| Ok(position(text(args, "v")?.rfind(&*text(args, "substr")?)));
    INDEX_ANY = "indexAny", "(v: string, chars: string) => int", "Where the first of some characters is.",
        |args, _| {
            let chars = text(args, "chars")?;
            Ok(position(text(args, "v")?.find(|c| chars.contains(c))))
        };
    LAST_INDEX_ANY = "lastIndexAny", "(v: string, chars: string) => int", "Where the last of some characters is.",
        |args, _| {
            let chars = text(args, "chars")?;
            Ok(position(text(args, "v")?.rfind(|c| chars.contains(c))))
        };
}

fn position(at: Option<usize>) -> Value {
    Value::Int(at.map_or(-1, |n| n as i64))
}
