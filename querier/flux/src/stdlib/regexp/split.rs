//! Splitting at matches.

use super::arguments::{pattern, shown, text};
use crate::error::FluxError;
use crate::eval::Args;
use crate::stdlib::native::natives;
use crate::value::{Regexp, Value};

natives! { "regexp":
    SPLIT_REGEXP = "splitRegexp", "(r: regexp, v: string, i: int) => [string]",
        "At most `i` parts of a text between matches; all if `i` is negative.",
        |args, _| {
            let why = |args: &Args| {
                let (r, v, i) = (shown(args, "r", "regexp"), shown(args, "v", "string"), shown(args, "i", "int"));
                format!("cannot execute function containing argument {r}, argument {v}, and argument {i}")
            };
            let (r, v) = (pattern(args, "r", why)?, text(args, "v", why)?);
            let limit = args.optional("i")?.ok_or_else(|| FluxError::invalid(why(args)))?;
            let parts = split(&r, &v, limit);
            Ok(Value::array(parts.into_iter().map(Value::from).collect()))
        };
}

fn split<'t>(r: &Regexp, text: &'t str, limit: i64) -> Vec<&'t str> {
    if limit == 0 {
        return Vec::new();
    }
    if text.is_empty() && !r.as_str().is_empty() {
        return vec![""];
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut out = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for m in r.find_iter(text) {
        if out.len() + 1 >= limit {
            break;
        }
        end = m.start();
        // An empty match at the very beginning separates nothing.
        if m.end() != 0 {
            out.push(&text[begin..end]);
        }
        begin = m.end();
    }
    if end != text.len() {
        out.push(&text[begin..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_matches_split_between_characters() {
        let r = Regexp::new("x*").unwrap();
        assert_eq!(split(&r, "axxb", -1), ["a", "b"]);
        assert_eq!(split(&r, "ab", -1), ["a", "b"]);
        let digits = Regexp::new(r"\d+").unwrap();
        assert_eq!(split(&digits, "a1b22c333d", 3), ["a", "b", "c333d"]);
        assert_eq!(split(&digits, "", -1), [""]);
        assert_eq!(split(&digits, "a1", -1), ["a", ""]);
    }
}
