//! Rows as line protocol.

use std::fmt::Write;
use std::sync::Arc;

use weir_table::{ColumnType, Scalar, TableBatch};

use crate::error::{FluxError, Result};
use crate::value::write_float;

/// Which columns are what.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    /// The measurement; `_measurement` of the row where empty.
    pub(super) name: Arc<str>,
    pub(super) time: Arc<str>,
    pub(super) tags: Vec<Arc<str>>,
    pub(super) values: Vec<Arc<str>>,
}

/// A row.
pub(super) struct Line {
    name: String,
    tags: Vec<(Arc<str>, String)>,
    fields: String,
    time: i64,
}

impl Line {
    /// As line protocol.
    pub(super) fn text(&self) -> String {
        let mut out = escaped(&self.name, &[',', ' ']);
        for (key, value) in &self.tags {
            let special = &[',', ' ', '='];
            let _ = write!(out, ",{}={}", escaped(key, special), escaped(value, special));
        }
        let _ = writeln!(out, " {} {}", self.fields, self.time); // writing to a String cannot fail
        out
    }

    /// A topic for the row: its name, then keys and values of its tags.
    pub(super) fn topic(&self) -> String {
        let mut out = format!("/{}", self.name);
        for (key, value) in &self.tags {
            let _ = write!(out, "/{key}/{value}");
        }
        out
    }
}

impl Lines {
    /// The rows that have a time and a value.
    pub(super) fn of(&self, batch: &TableBatch) -> Result<Vec<Line>> {
        let column = |label: &Arc<str>| {
            batch
                .find(label)
                .ok_or_else(|| FluxError::invalid(format!("no column with label {label} exists")))
        };
        let time = column(&self.time)?;
        if batch.columns[time].ty != ColumnType::Time {
            return Err(FluxError::invalid(format!("column {} is not of type time", self.time)));
        }
        let name = if self.name.is_empty() { Some(column(&"_measurement".into())?) } else { None };
        let mut tags = self.tags.iter().map(|t| Ok((t, column(t)?))).collect::<Result<Vec<_>>>()?;
        tags.sort();
        let values = self.values.iter().map(|v| Ok((v, column(v)?))).collect::<Result<Vec<_>>>()?;
        let mut out = Vec::with_capacity(batch.rows());
        for run in 0..batch.runs() {
            for row in batch.run(run) {
                let Scalar::Time(at) = batch.cell(time, run, row) else { continue };
                let mut fields = String::new();
                for (label, index) in &values {
                    let Some(value) = field(&batch.cell(*index, run, row)) else { continue };
                    let comma = if fields.is_empty() { "" } else { "," };
                    let _ = write!(fields, "{comma}{}={value}", escaped(label, &[',', ' ', '=']));
                }
                if fields.is_empty() {
                    continue;
                }
                let tag = |index: usize| match batch.cell(index, run, row) {
                    Scalar::String(s) if !s.is_empty() => Some(s.to_string()),
                    _ => None,
                };
                out.push(Line {
                    name: match name {
                        Some(index) => tag(index).unwrap_or_default(),
                        None => self.name.to_string(),
                    },
                    tags: tags.iter().filter_map(|(k, i)| Some((Arc::clone(k), tag(*i)?))).collect(),
                    fields,
                    time: at,
                });
            }
        }
        Ok(out)
    }
}

/// A value as a field's.
fn field(value: &Scalar) -> Option<String> {
    Some(match value {
        Scalar::Null => return None,
        Scalar::Bool(v) => v.to_string(),
        Scalar::Int(v) | Scalar::Time(v) => format!("{v}i"),
        Scalar::UInt(v) => format!("{v}u"),
        Scalar::Float(v) if !v.is_finite() => return None,
        Scalar::Float(v) => {
            let mut out = String::new();
            let _ = write_float(*v, &mut out); // writing to a String cannot fail
            out
        }
        Scalar::String(v) => format!("\"{}\"", v.replace('\\', "\\\\").replace('"', "\\\"")),
    })
}

fn escaped(text: &str, special: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_escapes_what_it_must() {
        let line = Line {
            name: "a b".into(),
            tags: vec![("k".into(), "v,1".into())],
            fields: format!("_value={}", field(&Scalar::String("x\"y".into())).unwrap()),
            time: 7,
        };
        assert_eq!(line.text(), "a\\ b,k=v\\,1 _value=\"x\\\"y\" 7\n");
        assert_eq!(line.topic(), "/a b/k/v,1");
        assert_eq!(field(&Scalar::Float(f64::NAN)), None);
    }
}
