//! `tables(left:, right:, on:, as:, method:)`: the join itself.
//!
//! Tables of equal group keys are joined with each other; within a pair, rows are brought together in the order of the
//! columns that the predicate compares. A row without a match is joined with nulls, if the method keeps it; columns of
//! the group key have their value there too.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::Array;
use weir_table::{Column, ColumnType, KeyEncoder, Scalar, TableBatch};

use super::predicate::equalities;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, collect};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::rowfn::Vector;
use crate::stdlib::lazy::lazy;
use crate::tables::keys::table_key;
use crate::value::{Function, Record, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "join",
    name: "tables",
    signature: "(<-left: stream[L], right: stream[R], on: (l: L, r: R) => bool, as: (l: L, r: R) => A, \
                method: string) => stream[A] where A: Record, L: Record, R: Record",
    doc: "Joins tables of the same group key where `on` holds; `as` makes the new rows.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Join {
    on: Function,
    as_: Function,
    keep_left: bool,
    keep_right: bool,
    context: Context,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let (left, right): (Arc<Node>, Arc<Node>) = (args.pipe("left")?, args.required("right")?);
    let method: Arc<str> = args.required("method")?;
    let (keep_left, keep_right) = match &*method {
        "inner" => (false, false),
        "left" => (true, false),
        "right" => (false, true),
        "full" => (true, true),
        other => {
            return Err(FluxError::invalid(format!(
                "invalid argument for 'method' - must be \"inner\", \"left\", \"right\", or \"full\", got \"{other}\""
            )));
        }
    };
    let join =
        Join { on: args.function("on")?, as_: args.function("as")?, keep_left, keep_right, context: cx.clone() };
    Ok(Value::Stream(Node::new(join, vec![left, right], args.location.clone())))
}

impl Spec for Join {
    fn name(&self) -> &'static str {
        "join.tables"
    }

    fn validate(&self, _node: &Node) -> Result<()> {
        match equalities(&self.on) {
            Ok(_) => Ok(()),
            Err(e) => Err(FluxError::invalid(format!("error in join function - {e}"))),
        }
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let pairs = equalities(&self.on).map_err(FluxError::invalid)?;
        let (left, right) = (inputs.remove(0), inputs.remove(0));
        let (join, run) = (self.clone(), run.clone());
        let prefix = format!("runtime error {}: join.tables", node.location);
        Ok(lazy(move || {
            let (left, right) = (collect(left, &run)?, collect(right, &run)?);
            let (l, r): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
            let left = Side::new(&left.batches, l);
            let right = Side::new(&right.batches, r);
            join.join(&left, &right, &run).map_err(|e| e.context(prefix))
        }))
    }
}

/// One of the streams.
struct Side<'a> {
    batches: &'a [TableBatch],
    /// The columns that are compared.
    columns: Vec<String>,
    /// Tables by group key.
    tables: HashMap<Vec<u8>, (usize, usize)>,
    /// Group keys in order of appearance.
    order: Vec<Vec<u8>>,
}

/// Rows of equal key; rows with a null in the key stand alone and match nothing.
struct Group {
    key: Option<Vec<u8>>,
    rows: Vec<usize>,
}

impl<'a> Side<'a> {
    fn new(batches: &'a [TableBatch], columns: Vec<String>) -> Self {
        let mut side = Self { batches, columns, tables: HashMap::new(), order: Vec::new() };
        for (b, batch) in batches.iter().enumerate() {
            for run in 0..batch.runs() {
                let key = table_key(batch, run);
                if side.tables.insert(key.clone(), (b, run)).is_none() {
                    side.order.push(key);
                }
            }
        }
        side
    }

    fn table(&self, key: &[u8]) -> Option<(&'a TableBatch, usize)> {
        self.tables.get(key).map(|&(b, run)| (&self.batches[b], run))
    }

    /// A table's rows by the columns compared, in their order.
    fn groups(&self, key: &[u8]) -> Result<Vec<Group>> {
        let Some((batch, run)) = self.table(key) else { return Ok(Vec::new()) };
        let mut columns = Vec::new();
        for label in &self.columns {
            let Some(i) = batch.find(label) else {
                return Err(FluxError::invalid(format!("table is missing column \"{label}\"")));
            };
            columns.push((batch.columns[i].ty, batch.row_values(i)));
        }
        let encoder = KeyEncoder::new(columns.iter().map(|(t, a)| (*t, a)));
        let mut rows: Vec<(Option<Vec<u8>>, usize)> = batch
            .run(run)
            .map(|row| {
                if columns.iter().any(|(_, a)| a.is_null(row)) {
                    return (None, row);
                }
                let mut bytes = Vec::new();
                encoder.encode(row, &mut bytes);
                (Some(bytes), row)
            })
            .collect();
        rows.sort();
        let mut groups: Vec<Group> = Vec::new();
        for (key, row) in rows {
            match groups.last_mut() {
                Some(last) if last.key.is_some() && last.key == key => last.rows.push(row),
                _ => groups.push(Group { key, rows: vec![row] }),
            }
        }
        Ok(groups)
    }

    /// The records of a table's rows.
    fn records(&self, key: &[u8], rows: &[usize]) -> Vec<Value> {
        let Some((batch, run)) = self.table(key) else { return Vec::new() };
        rows.iter().map(|&row| Value::Record(Arc::new(record(batch, run, Some(row))))).collect()
    }

    /// What stands for a row that is not there: nulls, and the group key of the row on the other side.
    fn missing(&self, key: &[u8], other: &TableBatch, run: usize) -> Value {
        let mut out = match self.table(key) {
            Some((batch, _)) => record(batch, 0, None),
            None => self.batches.first().map(|b| record(b, 0, None)).unwrap_or_default(),
        };
        for c in other.key_columns() {
            if let Some(i) = other.find(&c.label) {
                out.set(Arc::clone(&c.label), Value::from_scalar(other.cell(i, run, 0), c.ty));
            }
        }
        Value::Record(Arc::new(out))
    }
}

/// A row as a record; nulls of the columns' types without one.
fn record(batch: &TableBatch, run: usize, row: Option<usize>) -> Record {
    let cell = |i: usize, c: &Column| match row {
        Some(row) => Value::from_scalar(batch.cell(i, run, row), c.ty),
        None => Value::Null(Some(c.ty)),
    };
    batch.columns.iter().enumerate().map(|(i, c)| (Arc::clone(&c.label), cell(i, c))).collect()
}

impl Join {
    fn join(&self, left: &Side<'_>, right: &Side<'_>, run: &Run) -> Result<Vec<TableBatch>> {
        let mut out = Vec::new();
        let mut reservation = run.memory.reserve(0)?;
        let only_right = right.order.iter().filter(|k| !left.tables.contains_key(*k));
        for key in left.order.iter().chain(only_right) {
            run.check()?;
            let rows = self.rows(key, left, right, run)?;
            let Some((batch, at)) = left.table(key).or_else(|| right.table(key)) else { continue };
            if let Some(table) = table_of(rows, batch, at)? {
                reservation.grow(table.memory_size())?;
                out.push(table);
            }
        }
        Ok(out)
    }

    /// The new rows of one pair of tables.
    fn rows(&self, key: &[u8], left: &Side<'_>, right: &Side<'_>, run: &Run) -> Result<Vec<Value>> {
        let (ls, rs) = (left.groups(key)?, right.groups(key)?);
        let no_left = right.table(key).map(|(b, run)| left.missing(key, b, run));
        let no_right = left.table(key).map(|(b, run)| right.missing(key, b, run));
        let mut out = Vec::new();
        let (mut i, mut j) = (0, 0);
        while i < ls.len() || j < rs.len() {
            run.check()?;
            let order = match (ls.get(i), rs.get(j)) {
                (Some(l), Some(r)) if l.key.is_none() && r.key.is_none() => std::cmp::Ordering::Less,
                (Some(l), Some(r)) => l.key.cmp(&r.key),
                (Some(_), None) => std::cmp::Ordering::Less,
                _ => std::cmp::Ordering::Greater,
            };
            match order {
                std::cmp::Ordering::Less => {
                    if let (true, Some(r)) = (self.keep_left, &no_right) {
                        for l in left.records(key, &ls[i].rows) {
                            out.push(self.call(l, r.clone())?);
                        }
                    }
                    i += 1;
                }
                std::cmp::Ordering::Greater => {
                    if let (true, Some(l)) = (self.keep_right, &no_left) {
                        for r in right.records(key, &rs[j].rows) {
                            out.push(self.call(l.clone(), r)?);
                        }
                    }
                    j += 1;
                }
                std::cmp::Ordering::Equal => {
                    let rights = right.records(key, &rs[j].rows);
                    for l in left.records(key, &ls[i].rows) {
                        for r in &rights {
                            out.push(self.call(l.clone(), r.clone())?);
                        }
                    }
                    i += 1;
                    j += 1;
                }
            }
        }
        Ok(out)
    }

    fn call(&self, l: Value, r: Value) -> Result<Value> {
        self.context.call(&self.as_, Args::new([("l", l), ("r", r)]))
    }
}

/// The new rows as a table with the group key of the table they come from.
fn table_of(rows: Vec<Value>, source: &TableBatch, run: usize) -> Result<Option<TableBatch>> {
    if rows.is_empty() {
        return Ok(None);
    }
    let count = rows.len();
    let shape = TableBatch::new(Vec::new(), vec![0]);
    let shape = TableBatch { offsets: vec![0, count].into(), ..shape };
    let mut columns: Vec<Column> = Vec::new();
    for (label, vector) in Vector::from_values(rows).into_record()? {
        let (Some(ty), array) = vector.into_column(&shape)? else { continue };
        match source.find(&label).filter(|_| source.is_key(&label)) {
            Some(i) => {
                let key = source.cell(i, run, 0);
                let cells = TableBatch {
                    columns: vec![Column::row(Arc::clone(&label), ty, Arc::clone(&array))],
                    ..shape.clone()
                };
                if (0..count).any(|row| cells.cell(0, 0, row) != key && !both_nan(&cells.cell(0, 0, row), &key)) {
                    return Err(key_changed(&label, source.columns[i].ty));
                }
                columns.push(Column::key(label, ty, array.slice(0, 1)));
            }
            None => columns.push(Column::row(label, ty, array)),
        }
    }
    if let Some(lost) = source.key_columns().find(|k| !columns.iter().any(|c| c.label == k.label)) {
        return Err(key_changed(&lost.label, lost.ty));
    }
    Ok(Some(TableBatch::new(columns, vec![0, count])))
}

fn key_changed(label: &str, ty: ColumnType) -> FluxError {
    FluxError::invalid(format!(
        "join cannot modify group key: output record has a missing or invalid value for column '{label}:{ty}'"
    ))
}

fn both_nan(a: &Scalar, b: &Scalar) -> bool {
    matches!((a, b), (Scalar::Float(x), Scalar::Float(y)) if x.is_nan() && y.is_nan())
}
