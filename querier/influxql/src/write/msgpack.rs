//! MessagePack. Times without `epoch` are extension 5: seconds and nanoseconds, big-endian.

use super::Epoch;
use crate::column::Value;
use crate::engine::{Row, StatementResult};

/// The pieces of a document, which has to say at its beginning how many there are.
#[derive(Debug, Default)]
pub(super) struct MsgPack {
    results: Vec<StatementResult>,
}

impl MsgPack {
    pub(super) fn result(&mut self, result: StatementResult) {
        match self.results.last_mut() {
            Some(last) if last.id == result.id && result.error.is_none() => {
                for row in result.rows {
                    match last.rows.last_mut() {
                        Some(open) if open.partial && open.name == row.name && open.tags == row.tags => {
                            open.values.extend(row.values);
                            open.partial = row.partial;
                        }
                        _ => last.rows.push(row),
                    }
                }
                last.partial = result.partial;
            }
            _ => self.results.push(result),
        }
    }

    pub(super) fn finish(&mut self, epoch: Epoch, out: &mut Vec<u8>) {
        document(&self.results, epoch, out);
    }

    pub(super) fn chunk(&mut self, result: StatementResult, epoch: Epoch, out: &mut Vec<u8>) {
        document(&[result], epoch, out);
    }
}

fn document(results: &[StatementResult], epoch: Epoch, out: &mut Vec<u8>) {
    map(1, out);
    text("results", out);
    array(results.len(), out);
    for result in results {
        if let Some(error) = &result.error {
            map(1, out);
            text("error", out);
            text(error, out);
            continue;
        }
        map(2 + usize::from(result.partial), out);
        text("statement_id", out);
        integer(result.id as i64, out);
        text("series", out);
        array(result.rows.len(), out);
        result.rows.iter().for_each(|r| row(r, epoch, out));
        if result.partial {
            text("partial", out);
            out.push(0xc3);
        }
    }
}

fn row(row: &Row, epoch: Epoch, out: &mut Vec<u8>) {
    let parts = 2 + usize::from(!row.name.is_empty()) + usize::from(!row.tags.is_empty());
    map(parts + usize::from(row.partial), out);
    if !row.name.is_empty() {
        text("name", out);
        text(&row.name, out);
    }
    if !row.tags.is_empty() {
        text("tags", out);
        map(row.tags.len(), out);
        for (k, v) in &row.tags {
            text(k, out);
            text(v, out);
        }
    }
    text("columns", out);
    array(row.columns.len(), out);
    row.columns.iter().for_each(|c| text(c, out));
    text("values", out);
    array(row.values.len(), out);
    for values in &row.values {
        array(values.len(), out);
        values.iter().for_each(|v| value(v, epoch, out));
    }
    if row.partial {
        text("partial", out);
        out.push(0xc3);
    }
}

fn value(value: &Value, epoch: Epoch, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xc0),
        Value::Float(v) => {
            out.push(0xcb);
            out.extend_from_slice(&v.to_be_bytes());
        }
        Value::Integer(v) => integer(*v, out),
        Value::Unsigned(v) => match i64::try_from(*v) {
            Ok(v) => integer(v, out),
            Err(_) => {
                out.push(0xcf);
                out.extend_from_slice(&v.to_be_bytes());
            }
        },
        Value::Boolean(v) => out.push(if *v { 0xc3 } else { 0xc2 }),
        Value::String(v) => text(v, out),
        Value::Time(t) => match epoch {
            Epoch::Unit(unit) => integer(t / unit, out),
            Epoch::Text => {
                out.extend_from_slice(&[0xc7, 12, 5]);
                out.extend_from_slice(&t.div_euclid(1_000_000_000).to_be_bytes());
                out.extend_from_slice(&(t.rem_euclid(1_000_000_000) as u32).to_be_bytes());
            }
        },
    }
}

fn integer(v: i64, out: &mut Vec<u8>) {
    match v {
        0..=127 => out.push(v as u8),
        -32..=-1 => out.push(v as i8 as u8),
        _ => {
            out.push(0xd3);
            out.extend_from_slice(&v.to_be_bytes());
        }
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    match text.len() {
        n @ 0..=31 => out.push(0xa0 | n as u8),
        n => {
            out.push(0xdb);
            out.extend_from_slice(&(n as u32).to_be_bytes());
        }
    }
    out.extend_from_slice(text.as_bytes());
}

fn array(n: usize, out: &mut Vec<u8>) {
    match n {
        0..=15 => out.push(0x90 | n as u8),
        n => {
            out.push(0xdd);
            out.extend_from_slice(&(n as u32).to_be_bytes());
        }
    }
}

fn map(n: usize, out: &mut Vec<u8>) {
    match n {
        0..=15 => out.push(0x80 | n as u8),
        n => {
            out.push(0xdf);
            out.extend_from_slice(&(n as u32).to_be_bytes());
        }
    }
}
