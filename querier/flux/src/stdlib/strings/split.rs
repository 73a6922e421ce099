//! Splitting and joining.

use super::{number, text};
use crate::error::Result;
use crate::eval::{Args, Context};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "strings":
    SPLIT = "split", "(v: string, t: string) => [string]", "The parts of a text between separators.",
        |args, _| Ok(parts(&text(args, "v")?, &text(args, "t")?, -1, false));
    SPLIT_AFTER = "splitAfter", "(v: string, t: string) => [string]",
        "The parts of a text, each with the separator that ends it.",
        |args, _| Ok(parts(&text(args, "v")?, &text(args, "t")?, -1, true));
    SPLIT_N = "splitN", "(v: string, t: string, i: int) => [string]",
        "At most `i` parts of a text between separators; the last is the rest. All if `i` is negative.",
        |args, _| Ok(parts(&text(args, "v")?, &text(args, "t")?, number(args, "i")?, false));
    SPLIT_AFTER_N = "splitAfterN", "(v: string, t: string, i: int) => [string]",
        "At most `i` parts of a text, each with its separator; the last is the rest. All if `i` is negative.",
        |args, _| Ok(parts(&text(args, "v")?, &text(args, "t")?, number(args, "i")?, true));
    JOIN_STR = "joinStr", "(arr: [string], v: string) => string", "Joins texts with a separator.", join;
}

fn join(args: &mut Args, _cx: &Context) -> Result<Value> {
    let separator = text(args, "v")?;
    let items: Vec<std::sync::Arc<str>> = args.required("arr")?;
    crate::value::limits::text(
        items.iter().map(|s| s.len() + separator.len()).fold(0, usize::saturating_add),
    )?;
    Ok(Value::from(items.iter().map(|s| &**s).collect::<Vec<_>>().join(&separator)))
}

/// Splits; an empty separator splits into characters.
fn parts(text: &str, separator: &str, limit: i64, keep: bool) -> Value {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 {
        return Value::array(Vec::new());
    }
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        let cut = if separator.is_empty() {
            let Some(first) = rest.chars().next() else { break };
            Some((first.len_utf8(), first.len_utf8())).filter(|(n, _)| *n < rest.len())
        } else {
            rest.find(separator)
                .map(|at| (if keep { at + separator.len() } else { at }, at + separator.len()))
        };
        match cut {
            Some((end, next)) if out.len() + 1 < limit => {
                out.push(Value::from(&rest[..end]));
                rest = &rest[next..];
            }
            _ => {
                out.push(Value::from(rest));
                break;
            }
        }
    }
    Value::array(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, separator: &str, limit: i64, keep: bool) -> String {
        parts(text, separator, limit, keep).to_string()
    }

    #[test]
    fn parts_and_limits() {
        assert_eq!(split("a,b,c", ",", -1, false), "[a, b, c]");
        assert_eq!(split("a,b,c", ",", 2, true), "[a,, b,c]");
        assert_eq!(split("a,b", ",", 0, false), "[]");
        assert_eq!(parts("", ",", -1, false), Value::array(vec![Value::from("")]));
        assert_eq!(split("aé", "", -1, false), "[a, é]");
        assert_eq!(split(",", ",", -1, false), "[, ]");
    }
}
