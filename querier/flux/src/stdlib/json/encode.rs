//! `json.encode(v:)`.

use std::collections::BTreeMap;
use std::fmt::Write;

use base64::Engine;
use weir_table::time::format_rfc3339;

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::registry::{Body, Definition};
use crate::value::{Value, limits, shown};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "json",
    name: "encode",
    signature: "(v: A) => bytes",
    doc: "A value as JSON: keys in order, times and durations as text, bytes in base 64.",
    body: Body::Native(call),
};

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let mut out = String::new();
    let v: Value = args.required("v")?;
    limits::whole(&v)?;
    write_value(&v, &mut out)?;
    Ok(Value::Bytes(out.into_bytes().into()))
}

/// Appends a value.
pub(crate) fn write_value(value: &Value, out: &mut String) -> Result<()> {
    match value {
        Value::Null(_) => out.push_str("null"),
        Value::Bool(v) => push(out, v),
        Value::Int(v) => push(out, v),
        Value::UInt(v) => push(out, v),
        Value::Float(v) => write_number(*v, out)?,
        Value::String(v) => write_text(v, out),
        Value::Bytes(v) => write_text(&base64::engine::general_purpose::STANDARD.encode(v), out),
        Value::Time(v) => write_text(&format_rfc3339(*v), out),
        Value::Duration(v) => write_text(&v.to_string(), out),
        Value::Regexp(v) => write_text(v.as_str(), out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(item, out)?;
            }
            out.push(']');
        }
        Value::Record(record) => write_object(record.iter().map(|(k, v)| (k.to_string(), v)).collect(), out)?,
        Value::Dict(dict) => write_object(dict.iter().map(|(k, v)| (shown(&k.0), v)).collect(), out)?,
        Value::Dynamic(inner) => write_value(inner, out)?,
        Value::Function(_) => return Err(FluxError::invalid("cannot encode a function value")),
        Value::Stream(_) => {
            return Err(FluxError::invalid(
                "got table stream instead of array. Try using tableFind() or findRecord() to extract data from stream",
            ));
        }
        Value::Package(path) => return Err(FluxError::invalid(format!("cannot encode package {path}"))),
    }
    Ok(())
}

fn write_object(fields: BTreeMap<String, &Value>, out: &mut String) -> Result<()> {
    out.push('{');
    for (i, (key, value)) in fields.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_text(&key, out);
        out.push(':');
        write_value(value, out)?;
    }
    out.push('}');
    Ok(())
}

fn push(out: &mut String, value: impl std::fmt::Display) {
    let _ = write!(out, "{value}"); // writing to a String cannot fail
}

/// Decimal where that is short, with an exponent for the very great and the very small, as Go's encoder does.
fn write_number(v: f64, out: &mut String) -> Result<()> {
    if !v.is_finite() {
        let mut shown = String::new();
        let _ = crate::value::write_float(v, &mut shown); // writing to a String cannot fail
        return Err(FluxError::internal(format!("json: unsupported value: {shown}")));
    }
    if v != 0.0 && !(1e-6..1e21).contains(&v.abs()) {
        let shown = format!("{v:e}");
        match shown.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                push(out, format_args!("{digits}e+{exponent}"))
            }
            _ => out.push_str(&shown),
        }
    } else {
        push(out, v);
    }
    Ok(())
}

/// A text in quotes; what could end a script element in HTML is escaped.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                push(out, format_args!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(value: Value) -> String {
        let mut out = String::new();
        write_value(&value, &mut out).unwrap();
        out
    }

    #[test]
    fn keys_are_sorted_and_texts_escaped() {
        let record = Value::record([("b", Value::from("a<\"\n")), ("a", Value::array(vec![Value::Int(1)]))]);
        assert_eq!(encode(record), r#"{"a":[1],"b":"a\u003c\"\n"}"#);
    }

    #[test]
    fn floats_get_an_exponent_when_long() {
        assert_eq!(encode(Value::Float(1e21)), "1e+21");
        assert_eq!(encode(Value::Float(1.5)), "1.5");
        assert_eq!(encode(Value::Float(1e-7)), "1e-7");
        assert!(write_value(&Value::Float(f64::NAN), &mut String::new()).is_err());
    }
}
