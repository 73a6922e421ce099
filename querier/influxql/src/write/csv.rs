//! CSV: one table a statement.

use std::sync::Arc;

use super::Epoch;
use crate::column::Value;
use crate::engine::StatementResult;

/// What has been written last.
#[derive(Debug, Default)]
pub(super) struct Csv {
    statement: Option<usize>,
    columns: Option<Arc<[String]>>,
}

impl Csv {
    pub(super) fn result(&mut self, result: &StatementResult, epoch: Epoch, out: &mut Vec<u8>) {
        // What went wrong with a statement has no place in a table: as in the reference, it is left out.
        for row in &result.rows {
            let same = self.statement == Some(result.id) && self.columns.as_ref() == Some(&row.columns);
            if !same {
                if self.statement.is_some() {
                    out.push(b'\n');
                }
                self.statement = Some(result.id);
                self.columns = Some(Arc::clone(&row.columns));
                line(["name", "tags"].into_iter().chain(row.columns.iter().map(String::as_str)), out);
            }
            // A series without the tag says nothing of it.
            let tags = row.tags.iter().filter(|(_, value)| !value.is_empty());
            let tags: Vec<String> = tags.map(|(k, v)| format!("{}={}", escaped(k), escaped(v))).collect();
            let tags = tags.join(",");
            for values in &row.values {
                let values: Vec<String> = values.iter().map(|v| shown(v, epoch)).collect();
                let all = [&*row.name, tags.as_str()].into_iter().chain(values.iter().map(String::as_str));
                line(all, out);
            }
        }
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ',' | ' ' | '=') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn shown(value: &Value, epoch: Epoch) -> String {
    match value {
        Value::Null => String::new(),
        Value::Float(v) => format!("{v}"),
        Value::Integer(v) => v.to_string(),
        Value::Unsigned(v) => v.to_string(),
        Value::Boolean(v) => v.to_string(),
        Value::String(v) => v.to_string(),
        Value::Time(t) => match epoch {
            Epoch::Text => t.to_string(),
            Epoch::Unit(unit) => (t / unit).to_string(),
        },
    }
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
    for (i, cell) in cells.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let quoted = cell.contains([',', '"', '\n', '\r']) || cell.starts_with(char::is_whitespace);
        if quoted || cell == r"\." {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.push(b'\n');
}
