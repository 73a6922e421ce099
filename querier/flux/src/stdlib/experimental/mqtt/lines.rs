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
    /// The rows of each table that have a time and a value. Columns that a table lacks are left out of its lines.
    pub(super) fn of(&self, batch: &TableBatch) -> Result<Vec<Vec<Line>>> {
        let Some(time) = batch.find(&self.time) else {
            return Err(FluxError::invalid("could not get time column"));
        };
        let of_type = |column: usize, ty: ColumnType, what: &str| match batch.columns[column].ty {
            found if found == ty => Ok(column),
            found => Err(FluxError::invalid(format!("invalid type for {what} column: {found}"))),
        };
        of_type(time, ColumnType::Time, "time")?;
        let name = match batch.find("_measurement").filter(|_| self.name.is_empty()) {
            Some(column) => Some(of_type(column, ColumnType::String, "measurement")?),
            None if self.name.is_empty() => return Err(FluxError::invalid("invalid name")),
            None => None,
        };
        let (mut tags, mut values) = (Vec::new(), Vec::new());
        for (index, column) in batch.columns.iter().enumerate() {
            if index == time || Some(index) == name {
                continue;
            }
            if self.tags.contains(&column.label) {
                tags.push((&column.label, of_type(index, ColumnType::String, "tag")?));
            } else if self.values.contains(&column.label) {
                values.push((&column.label, index));
            }
        }
        if values.is_empty() {
            return Err(FluxError::invalid("no serializable fields"));
        }
        values.sort();
        let line = |run: usize, row: usize| {
            let Scalar::Time(at) = batch.cell(time, run, row) else { return None };
            let mut fields = String::new();
            for (label, index) in &values {
                let Some(value) = field(&batch.cell(*index, run, row)) else { continue };
                let comma = if fields.is_empty() { "" } else { "," };
                // Writing to a String cannot fail.
                let _ = write!(fields, "{comma}{}={value}", escaped(label, &[',', ' ', '=']));
            }
            let text = |column: usize| match batch.cell(column, run, row) {
                Scalar::String(s) if !s.is_empty() => Some(s.to_string()),
                _ => None,
            };
            (!fields.is_empty()).then(|| Line {
                name: name.map_or_else(|| self.name.to_string(), |column| text(column).unwrap_or_default()),
                tags: tags.iter().filter_map(|(k, column)| Some((Arc::clone(k), text(*column)?))).collect(),
                fields,
                time: at,
            })
        };
        let table = |run: usize| batch.run(run).filter_map(|row| line(run, row)).collect();
        Ok((0..batch.runs()).map(table).collect())
    }
}

/// A value as a field's.
fn field(value: &Scalar) -> Option<String> {
    Some(match value {
        Scalar::Null => return None,
        Scalar::Bool(v) => v.to_string(),
        Scalar::Int(v) | Scalar::Time(v) => format!("{v}i"),
        // Unsigned integers are no part of the line protocol that is sent.
        Scalar::UInt(v) => format!("{}i", i64::try_from(*v).unwrap_or(i64::MAX)),
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
