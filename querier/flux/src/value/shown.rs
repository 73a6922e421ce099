//! Values as `display(v:)` shows them: what holds more than three parts takes a line for each.

use std::fmt::Write;

use super::{Function, Value, write_float};

/// How a function is shown.
type ShowFunction<'a> = &'a dyn Fn(&Function) -> String;

/// A value for people to read.
pub fn shown(value: &Value) -> String {
    shown_with(value, &|function| format!("{function:?}"))
}

/// A value for people to read, with functions shown as the caller wants them.
pub(crate) fn shown_with(value: &Value, function: ShowFunction<'_>) -> String {
    let mut out = String::new();
    show(value, 0, function, &mut out);
    out
}

fn show(value: &Value, depth: usize, function: ShowFunction<'_>, out: &mut String) {
    match value {
        Value::Float(v) => show_float(*v, out),
        Value::Array(items) => {
            parts(items.iter().map(|item| (None, item)), ['[', ']'], ",", depth, function, out)
        }
        Value::Record(record) => {
            let mut fields: Vec<(&str, &Value)> = record.iter().map(|(k, v)| (&**k, v)).collect();
            fields.sort_by_key(|(k, _)| *k);
            parts(fields.into_iter().map(|(k, v)| (Some(k), v)), ['{', '}'], ",", depth, function, out);
        }
        Value::Dict(dict) if dict.is_empty() => out.push_str("[:]"),
        Value::Dict(dict) => {
            let entries: Vec<(String, &Value)> = dict.iter().map(|(k, v)| (shown(&k.0), v)).collect();
            parts(
                entries.iter().map(|(k, v)| (Some(k.as_str()), *v)),
                ['[', ']'],
                ", ",
                depth,
                function,
                out,
            );
        }
        Value::Function(f) => out.push_str(&function(f)),
        Value::Stream(_) => out.push_str("<table stream>"),
        Value::Dynamic(inner) => {
            out.push_str("dynamic(");
            show(inner, depth, function, out);
            out.push(')');
        }
        other => {
            let _ = write!(out, "{other}"); // writing to a String cannot fail
        }
    }
}

/// Parts with their names, if they have any, between two brackets; `separator` is what stands before a new line.
fn parts<'a>(
    parts: impl ExactSizeIterator<Item = (Option<&'a str>, &'a Value)>,
    [open, close]: [char; 2],
    separator: &str,
    depth: usize,
    function: ShowFunction<'_>,
    out: &mut String,
) {
    let lines = parts.len() > 3;
    let new_line = |depth: usize, out: &mut String| {
        if lines {
            out.push('\n');
            out.extend(std::iter::repeat_n("    ", depth));
        }
    };
    out.push(open);
    new_line(depth + 1, out);
    for (i, (name, part)) in parts.enumerate() {
        if i > 0 {
            out.push_str(if lines { separator } else { ", " });
            new_line(depth + 1, out);
        }
        if let Some(name) = name {
            out.push_str(name);
            out.push_str(": ");
        }
        show(part, depth + 1, function, out);
    }
    new_line(depth, out);
    out.push(close);
}

/// With an exponent for the very great and the very small.
fn show_float(v: f64, out: &mut String) {
    if v == 0.0 || !v.is_finite() || (1e-4..1e6).contains(&v.abs()) {
        let _ = write_float(v, out); // writing to a String cannot fail
        return;
    }
    let text = format!("{v:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    let _ = write!(out, "{digits}e{sign}{:02}", exponent.abs()); // writing to a String cannot fail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_ones_take_a_line_a_part() {
        let numbers = |n: i64| Value::array((0..n).map(Value::Int).collect());
        assert_eq!(shown(&numbers(3)), "[0, 1, 2]");
        assert_eq!(shown(&numbers(4)), "[\n    0,\n    1,\n    2,\n    3\n]");
        let record = Value::record([
            ("d", numbers(4)),
            ("a", Value::Int(1)),
            ("c", numbers(0)),
            ("b", Value::Bool(true)),
        ]);
        let lines = "{\n    a: 1,\n    b: true,\n    c: [],\n    d: [\n        0,\n        1,\n        2,\n        3\n    ]\n}";
        assert_eq!(shown(&record), lines);
    }

    #[test]
    fn great_and_small_floats_have_exponents() {
        let float = |v: f64| shown(&Value::Float(v));
        assert_eq!([float(999_999.5), float(1e6), float(-1.5e300)], ["999999.5", "1e+06", "-1.5e+300"]);
        assert_eq!([float(0.0001), float(0.00001), float(f64::INFINITY)], ["0.0001", "1e-05", "+Inf"]);
    }
}
