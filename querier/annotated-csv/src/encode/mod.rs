//! Writing.

mod cell;
mod dialect;
mod header;

use arrow_array::Array;
use weir_table::{Bools, Column, ColumnType, Floats, Ints, Strings, TableBatch, Uints};

pub use dialect::{Annotation, Dialect};

/// Writes results as annotated CSV. Feed it the batches of one result after the other, `finish_result` in between.
#[derive(Debug)]
pub struct Encoder {
    dialect: Dialect,
    /// The shape of the block being written: label, type and whether it is in the group key.
    shape: Option<Vec<(std::sync::Arc<str>, ColumnType, bool)>>,
    table: i64,
    clock: cell::TimeWriter,
}

impl Encoder {
    /// An encoder for a dialect.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, shape: None, table: -1, clock: cell::TimeWriter::default() }
    }

    /// Appends the tables of a batch that belongs to the result called `result`.
    pub fn encode(&mut self, result: &str, batch: &TableBatch, out: &mut Vec<u8>) {
        let cells: Vec<Cells<'_>> = batch.columns.iter().map(Cells::of).collect();
        let in_default = self.dialect.annotations.contains(&Annotation::Default);
        for run in 0..batch.runs() {
            if !(run == 0 && batch.continues) {
                self.table += 1;
            }
            let rows = batch.run(run);
            let same = self.shape.as_ref().is_some_and(|s| same_shape(s, &batch.columns));
            if rows.is_empty() {
                if batch.continues && run == 0 {
                    continue;
                }
                // An empty table shows its group key in the default annotation, so it needs a block of its own.
                if !self.dialect.annotations.is_empty() {
                    self.block(result, batch, Some((run, &cells)), out);
                    self.shape = None;
                }
                continue;
            }
            if !same {
                self.block(result, batch, None, out);
                let shape = batch.columns.iter().map(|c| (c.label.clone(), c.ty, c.is_key()));
                self.shape = Some(shape.collect());
            }
            let delimiter = self.dialect.delimiter;
            let mut prefix = Vec::new();
            cell::push_char(delimiter, &mut prefix);
            if !in_default {
                cell::text(result, delimiter, &mut prefix);
            }
            cell::push_char(delimiter, &mut prefix);
            prefix.extend(itoa::Buffer::new().format(self.table).bytes());
            for row in rows {
                out.extend_from_slice(&prefix);
                for cells in &cells {
                    cell::push_char(delimiter, out);
                    cells.write(if cells.key { run } else { row }, delimiter, &mut self.clock, out);
                }
                out.extend_from_slice(b"\r\n");
            }
        }
    }

    /// Ends a result, also one without tables: the next one begins a new block and counts its tables from 0.
    pub fn finish_result(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"\r\n");
        self.shape = None;
        self.table = -1;
    }

    /// The answer's error table: what is sent when an error comes up after the first bytes.
    pub fn error(&mut self, message: &str, out: &mut Vec<u8>) {
        header::error(&self.dialect, message, !out.is_empty() || self.table >= 0, out);
    }

    fn block(
        &self,
        result: &str,
        batch: &TableBatch,
        empty: Option<(usize, &[Cells<'_>])>,
        out: &mut Vec<u8>,
    ) {
        let first = self.table == 0;
        if !first {
            out.extend_from_slice(b"\r\n");
        }
        header::write(&self.dialect, result, batch, out, |out| {
            let Some((run, cells)) = empty else { return false };
            let mut clock = cell::TimeWriter::default();
            cell::push_char(self.dialect.delimiter, out);
            out.extend(itoa::Buffer::new().format(self.table).bytes());
            for c in cells {
                cell::push_char(self.dialect.delimiter, out);
                if c.key {
                    c.write(run, self.dialect.delimiter, &mut clock, out);
                }
            }
            true
        });
    }
}

fn same_shape(shape: &[(std::sync::Arc<str>, ColumnType, bool)], columns: &[Column]) -> bool {
    shape.len() == columns.len()
        && shape.iter().zip(columns).all(|((l, t, k), c)| *l == c.label && *t == c.ty && *k == c.is_key())
}

/// A column with its type found out once.
struct Cells<'a> {
    key: bool,
    view: View<'a>,
}

enum View<'a> {
    Bool(Bools<'a>),
    Int(Ints<'a>),
    Time(Ints<'a>),
    UInt(Uints<'a>),
    Float(Floats<'a>),
    String(Strings<'a>),
    Nothing,
}

impl<'a> Cells<'a> {
    fn of(column: &'a Column) -> Self {
        let array: &'a dyn Array = column.data.array();
        let view = match column.ty {
            ColumnType::Bool => Bools::of(array).map(View::Bool),
            ColumnType::Int => Ints::of(array).map(View::Int),
            ColumnType::Time => Ints::of(array).map(View::Time),
            ColumnType::UInt => Uints::of(array).map(View::UInt),
            ColumnType::Float => Floats::of(array).map(View::Float),
            ColumnType::String => Strings::of(array).map(View::String),
        };
        Self { key: column.is_key(), view: view.unwrap_or(View::Nothing) }
    }

    fn write(&self, i: usize, delimiter: char, clock: &mut cell::TimeWriter, out: &mut Vec<u8>) {
        match &self.view {
            View::Bool(a) => {
                if let Some(v) = a.get(i) {
                    out.extend_from_slice(if v { b"true" } else { b"false" });
                }
            }
            View::Int(a) => {
                if let Some(v) = a.get(i) {
                    out.extend(itoa::Buffer::new().format(v).bytes());
                }
            }
            View::UInt(a) => {
                if let Some(v) = a.get(i) {
                    out.extend(itoa::Buffer::new().format(v).bytes());
                }
            }
            View::Time(a) => {
                if let Some(v) = a.get(i) {
                    clock.write(v, out);
                }
            }
            View::Float(a) => {
                if let Some(v) = a.get(i) {
                    cell::float(v, out);
                }
            }
            View::String(a) => {
                if let Some(v) = a.get(i) {
                    cell::text(v, delimiter, out);
                }
            }
            View::Nothing => {}
        }
    }
}

#[cfg(test)]
mod tests;
