//! JSON, with numbers as the reference writes them.

use std::sync::Arc;

use super::Epoch;
use crate::column::Value;
use crate::engine::{Row, StatementResult};
use crate::time::rfc3339;

/// What a series is known by: its name and its tags.
type Series = (Arc<str>, Vec<(String, String)>);

/// A document that grows: what is open in it.
#[derive(Debug, Default)]
pub(super) struct Json {
    begun: bool,
    statement: Option<usize>,
    /// Whether `"series":[` is open, and the series whose values go on.
    series: bool,
    open: Option<Series>,
}

impl Json {
    pub(super) fn result(&mut self, result: &StatementResult, epoch: Epoch, out: &mut Vec<u8>) {
        if self.statement != Some(result.id) {
            self.close_statement(out);
            out.extend_from_slice(if self.begun { b"," } else { b"{\"results\":[" });
            self.begun = true;
            self.statement = Some(result.id);
            out.extend_from_slice(format!("{{\"statement_id\":{}", result.id).as_bytes());
        }
        for row in &result.rows {
            let same = self.open.as_ref().is_some_and(|(name, tags)| *name == row.name && *tags == row.tags);
            if same {
                for values in &row.values {
                    out.push(b',');
                    write_values(values, row, epoch, out);
                }
            } else {
                if self.open.take().is_some() {
                    out.extend_from_slice(b"]}");
                }
                out.extend_from_slice(if self.series { b"," } else { b",\"series\":[" });
                self.series = true;
                head(row, out);
                if row.values.is_empty() {
                    out.push(b'}');
                    continue;
                }
                out.extend_from_slice(b",\"values\":[");
                all_values(row, epoch, out);
                self.open = Some((Arc::clone(&row.name), row.tags.clone()));
            }
            if !row.partial {
                self.open = None;
                out.extend_from_slice(b"]}");
            }
        }
        if let Some(error) = &result.error {
            self.close_series(out);
            out.extend_from_slice(b",\"error\":");
            text(error, out);
        }
    }

    fn close_series(&mut self, out: &mut Vec<u8>) {
        if self.open.take().is_some() {
            out.extend_from_slice(b"]}");
        }
        if std::mem::take(&mut self.series) {
            out.push(b']');
        }
    }

    fn close_statement(&mut self, out: &mut Vec<u8>) {
        self.close_series(out);
        if self.statement.take().is_some() {
            out.push(b'}');
        }
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.close_statement(out);
        out.extend_from_slice(if self.begun { b"]}\n" } else { b"{}\n" });
    }

    /// A piece as a document.
    pub(super) fn chunk(&mut self, result: &StatementResult, epoch: Epoch, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("{{\"results\":[{{\"statement_id\":{}", result.id).as_bytes());
        if !result.rows.is_empty() {
            out.extend_from_slice(b",\"series\":[");
            for (i, row) in result.rows.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                head(row, out);
                if !row.values.is_empty() {
                    out.extend_from_slice(b",\"values\":[");
                    all_values(row, epoch, out);
                    out.push(b']');
                }
                out.extend_from_slice(if row.partial { b",\"partial\":true}" } else { b"}" });
            }
            out.push(b']');
        }
        if result.partial {
            out.extend_from_slice(b",\"partial\":true");
        }
        if let Some(error) = &result.error {
            out.extend_from_slice(b",\"error\":");
            text(error, out);
        }
        out.extend_from_slice(b"}]}\n");
    }
}

/// A row up to its values.
fn head(row: &Row, out: &mut Vec<u8>) {
    out.push(b'{');
    if !row.name.is_empty() {
        out.extend_from_slice(b"\"name\":");
        text(&row.name, out);
        out.push(b',');
    }
    if !row.tags.is_empty() {
        out.extend_from_slice(b"\"tags\":{");
        for (i, (k, v)) in row.tags.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            text(k, out);
            out.push(b':');
            text(v, out);
        }
        out.extend_from_slice(b"},");
    }
    out.extend_from_slice(b"\"columns\":[");
    for (i, column) in row.columns.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        text(column, out);
    }
    out.push(b']');
}

fn all_values(row: &Row, epoch: Epoch, out: &mut Vec<u8>) {
    for (i, values) in row.values.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_values(values, row, epoch, out);
    }
}

fn write_values(values: &[Value], row: &Row, epoch: Epoch, out: &mut Vec<u8>) {
    out.push(b'[');
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Float(v) => float(*v, out),
            Value::Integer(v) => out.extend_from_slice(itoa::Buffer::new().format(*v).as_bytes()),
            Value::Unsigned(v) => out.extend_from_slice(itoa::Buffer::new().format(*v).as_bytes()),
            Value::Boolean(v) => out.extend_from_slice(if *v { b"true" } else { b"false" }),
            Value::String(v) => text(v, out),
            Value::Time(t) => match epoch {
                Epoch::Text => {
                    out.push(b'"');
                    rfc3339(*t, row.zone.as_ref(), out);
                    out.push(b'"');
                }
                Epoch::Unit(unit) => out.extend_from_slice(itoa::Buffer::new().format(t / unit).as_bytes()),
            },
        }
    }
    out.push(b']');
}

/// A float: plain, unless it is very small or very large.
pub(super) fn float(v: f64, out: &mut Vec<u8>) {
    let size = v.abs();
    if v.is_nan() || v.is_infinite() {
        out.extend_from_slice(b"null");
    } else if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let digits = format!("{v:e}");
        let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let sign = if exponent < 0 { '-' } else { '+' };
        // Exponents have two digits at least, but small ones lose their zero.
        let exponent = exponent.abs();
        let shown = if sign == '+' {
            format!("{mantissa}e+{exponent:02}")
        } else {
            format!("{mantissa}e-{exponent}")
        };
        out.extend_from_slice(shown.as_bytes());
    } else {
        out.extend_from_slice(format!("{v}").as_bytes());
    }
}

/// A text in quotes.
fn text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut from = 0;
    for (i, c) in text.char_indices() {
        let escape: &[u8] = match c {
            '"' => b"\\\"",
            '\\' => b"\\\\",
            '\n' => b"\\n",
            '\r' => b"\\r",
            '\t' => b"\\t",
            '<' => b"\\u003c",
            '>' => b"\\u003e",
            '&' => b"\\u0026",
            '\u{2028}' => b"\\u2028",
            '\u{2029}' => b"\\u2029",
            c if c < ' ' => {
                out.extend_from_slice(&text.as_bytes()[from..i]);
                out.extend_from_slice(format!("\\u{:04x}", c as u32).as_bytes());
                from = i + 1;
                continue;
            }
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[from..i]);
        out.extend_from_slice(escape);
        from = i + c.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[from..]);
    out.push(b'"');
}
