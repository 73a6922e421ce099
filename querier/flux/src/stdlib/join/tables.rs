//! `tables(left:, right:, on:, as:, method:)`: the join itself.
//!
//! Tables of equal group keys are joined with each other; within a pair, rows are brought together in the order of the
//! columns that the predicate compares. A row without a match is joined with nulls, if the method keeps it; columns of
//! the group key have their value there too.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, UInt32Array};
use weir_table::{Column, ColumnType, KeyEncoder, Scalar, TableBatch, take};

use super::predicate::{equalities, members};
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Budget, Collected, Ready, Run, collect};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::rowfn::{RecordColumns, Vector, evaluate_records, of_column};
use crate::stdlib::lazy::lazy_counted;
use crate::tables::Call;
use crate::tables::keys::table_key;
use crate::value::{Function, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "join",
    name: "tables",
    signature: "(<-left: stream[L], right: stream[R], on: (l: L, r: R) => bool, as: (l: L, r: R) => A, \
                method: string) => stream[A] where A: Record, L: Record, R: Record",
    doc: "Joins tables of the same group key where `on` holds; `as` makes the new rows.",
    body: Body::Native(call),
};

/// A join.
#[derive(Debug, Clone)]
pub(crate) struct Join {
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
    let join = Join {
        on: args.function("on")?,
        as_: args.function("as")?,
        keep_left,
        keep_right,
        context: cx.of_rows(),
    };
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
        let call = Call::of(node);
        Ok(lazy_counted(move || {
            let (left, right) = (collect(left, &run)?, collect(right, &run)?);
            let (l, r): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
            let left = Side::new(&left.batches, l);
            let right = Side::new(&right.batches, r);
            join.join(&left, &right, &run).map_err(|e| call.tell(e))
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
    /// The columns of all tables that have rows.
    shape: Vec<(Arc<str>, ColumnType)>,
}

/// Rows of equal key; rows with a null in the key stand alone and match nothing.
struct Group {
    key: Option<Vec<u8>>,
    rows: Vec<u32>,
}

impl<'a> Side<'a> {
    fn new(batches: &'a [TableBatch], columns: Vec<String>) -> Self {
        let mut side =
            Self { batches, columns, tables: HashMap::new(), order: Vec::new(), shape: Vec::new() };
        for (b, batch) in batches.iter().enumerate() {
            for c in batch.columns.iter().filter(|_| batch.rows() > 0) {
                if !side.shape.iter().any(|(label, _)| *label == c.label) {
                    side.shape.push((Arc::clone(&c.label), c.ty));
                }
            }
            for run in 0..batch.runs() {
                let key = table_key(batch, run);
                if side.tables.insert(key.clone(), (b, run)).is_none() {
                    side.order.push(key);
                }
            }
        }
        side
    }

    /// How many columns its tables have.
    fn width(&self) -> usize {
        self.batches.first().map_or(0, |b| b.columns.len())
    }

    fn table(&self, key: &[u8]) -> Option<(&'a TableBatch, usize)> {
        self.tables.get(key).map(|&(b, run)| (&self.batches[b], run))
    }

    /// A table's rows by the columns compared, in their order.
    fn groups(&self, key: &[u8], budget: &mut Budget) -> Result<Vec<Group>> {
        let Some((batch, run)) = self.table(key) else { return Ok(Vec::new()) };
        let mut columns = Vec::new();
        for label in &self.columns {
            let Some(i) = batch.find(label) else {
                return Err(FluxError::invalid(format!("table is missing column \"{label}\"")));
            };
            columns.push((batch.columns[i].ty, batch.row_values(i)));
        }
        let encoder = KeyEncoder::new(columns.iter().map(|(t, a)| (*t, a)));
        let mut rows: Vec<(Option<Vec<u8>>, u32)> = batch
            .run(run)
            .map(|row| {
                if columns.iter().any(|(_, a)| a.is_null(row)) {
                    budget.add(ROW)?;
                    return Ok((None, row as u32));
                }
                let mut bytes = Vec::new();
                encoder.encode(row, &mut bytes);
                budget.add(ROW + bytes.len())?;
                Ok((Some(bytes), row as u32))
            })
            .collect::<Result<_>>()?;
        // Rows with a null in the key come after the others, the last of them first.
        rows.sort_by(|a, b| match (&a.0, &b.0) {
            (Some(x), Some(y)) => x.cmp(y).then(a.1.cmp(&b.1)),
            (None, None) => b.1.cmp(&a.1),
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
        });
        let mut groups: Vec<Group> = Vec::new();
        for (key, row) in rows {
            match groups.last_mut() {
                Some(last) if last.key.is_some() && last.key == key => last.rows.push(row),
                _ => groups.push(Group { key, rows: vec![row] }),
            }
        }
        Ok(groups)
    }

    /// The columns of some rows of a table, nulls where there is no row. Columns of the group key, which `other` tells
    /// if this side has no such table, have their value there too.
    fn columns(&self, key: &[u8], rows: &UInt32Array, other: Option<(&TableBatch, usize)>) -> RecordColumns {
        let table = self.table(key);
        let mut out: RecordColumns = match table {
            None => self
                .shape
                .iter()
                .map(|(label, ty)| (Arc::clone(label), Vector::Const(Value::Null(Some(*ty)))))
                .collect(),
            Some((batch, run)) => {
                let vector = |(i, c): (usize, &Column)| match c.is_key() {
                    true => Vector::Const(Value::from_scalar(batch.cell(i, run, 0), c.ty)),
                    false => Vector::Rows(c.ty, take(c.data.array(), rows)),
                };
                batch.columns.iter().enumerate().map(|c| (Arc::clone(&c.1.label), vector(c))).collect()
            }
        };
        if let (None, Some((batch, run))) = (table, other) {
            for (i, c) in batch.columns.iter().enumerate().filter(|(_, c)| c.is_key()) {
                let vector = Vector::Const(Value::from_scalar(batch.cell(i, run, 0), c.ty));
                match out.iter_mut().find(|(label, _)| *label == c.label) {
                    Some((_, v)) => *v = vector,
                    None => out.push((Arc::clone(&c.label), vector)),
                }
            }
        }
        out
    }
}

/// What a row takes while the rows of a table are brought into groups.
const ROW: usize = size_of::<(Option<Vec<u8>>, u32)>() + size_of::<Group>() + 16;

/// What a pair of rows takes: their places, in a list and in an array.
const PAIR: usize = 2 * (8 + 8);

/// Rows that are joined with each other: left ones and right ones, `None` where there is no match.
type Pairs = (Vec<Option<u32>>, Vec<Option<u32>>);

impl Join {
    /// Fails if `as` names columns that a stream does not have. A stream without rows has none.
    fn check(&self, left: &Side<'_>, right: &Side<'_>) -> Result<()> {
        let sides = [("l", "left", left, right), ("r", "right", right, left)];
        for (param, name, side, other) in sides {
            if other.shape.is_empty() {
                continue;
            }
            let lacks = |label: &&str| !side.shape.iter().any(|(known, _)| **known == **label);
            if let Some(missing) = members(&self.as_, param).into_iter().find(lacks) {
                let problem = match side.shape.is_empty() {
                    true => "cannot join on an empty table".to_owned(),
                    false => format!("table is missing label {missing}"),
                };
                return Err(FluxError::invalid(format!("error preparing {name} side of join: {problem}")));
            }
        }
        Ok(())
    }

    fn join(&self, left: &Side<'_>, right: &Side<'_>, run: &Run) -> Result<Ready> {
        self.check(left, right)?;
        let mut out = Collected::default();
        let only_right = right.order.iter().filter(|k| !left.tables.contains_key(*k));
        for key in left.order.iter().chain(only_right) {
            run.check()?;
            let mut budget = Budget::new(run)?;
            let (l, r) = self.pairs(key, left, right, &mut budget)?;
            budget.settle()?;
            let (own, count) = ((left.table(key), right.table(key)), l.len());
            let (Some((batch, at)), true) = (own.0.or(own.1), count > 0) else { continue };
            let _columns = run.memory.reserve(count * 8 * (left.width() + right.width()) * 2)?;
            let l = left.columns(key, &UInt32Array::from(l), own.1);
            let r = right.columns(key, &UInt32Array::from(r), own.0);
            let rows = evaluate_records(&self.as_, &self.context, count, vec![("l", l), ("r", r)])?;
            let table = table_of(rows, count, batch, at)?;
            out.push(table, &run.memory)?;
        }
        Ok(out.into())
    }

    /// Which rows of one pair of tables are joined, in the order of the columns compared.
    fn pairs(&self, key: &[u8], left: &Side<'_>, right: &Side<'_>, budget: &mut Budget) -> Result<Pairs> {
        let (ls, rs) = (left.groups(key, budget)?, right.groups(key, budget)?);
        let (mut l_rows, mut r_rows): Pairs = (Vec::new(), Vec::new());
        let (mut i, mut j) = (0, 0);
        while i < ls.len() || j < rs.len() {
            budget.add(0)?;
            let order = match (ls.get(i), rs.get(j)) {
                // Nulls match nothing, not even each other.
                (Some(Group { key: Some(l), .. }), Some(Group { key: Some(r), .. })) => l.cmp(r),
                (Some(Group { key: None, .. }), Some(Group { key: Some(_), .. })) => Ordering::Greater,
                (Some(_), Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Less,
                _ => Ordering::Greater,
            };
            match order {
                Ordering::Less => {
                    if self.keep_left {
                        l_rows.extend(ls[i].rows.iter().map(|r| Some(*r)));
                        r_rows.resize(l_rows.len(), None);
                    }
                    i += 1;
                }
                Ordering::Greater => {
                    if self.keep_right {
                        r_rows.extend(rs[j].rows.iter().map(|r| Some(*r)));
                        l_rows.resize(r_rows.len(), None);
                    }
                    j += 1;
                }
                Ordering::Equal => {
                    for l in &ls[i].rows {
                        budget.add(rs[j].rows.len() * PAIR)?;
                        for r in &rs[j].rows {
                            l_rows.push(Some(*l));
                            r_rows.push(Some(*r));
                        }
                    }
                    i += 1;
                    j += 1;
                }
            }
        }
        Ok((l_rows, r_rows))
    }
}

/// The new rows as a table with the group key of the table they come from.
fn table_of(rows: Vector, count: usize, source: &TableBatch, run: usize) -> Result<TableBatch> {
    let shape = TableBatch { columns: Vec::new(), offsets: vec![0, count].into(), continues: false };
    let mut columns: Vec<Column> = Vec::new();
    for (label, vector) in rows.into_record()? {
        let column = vector.into_column(&shape).map_err(|e| of_column(e, "column", &label))?;
        let (Some(ty), array) = column else { continue };
        match source.find(&label).filter(|_| source.is_key(&label)) {
            Some(i) => {
                let key = source.cell(i, run, 0);
                let cells = TableBatch {
                    columns: vec![Column::row(Arc::clone(&label), ty, Arc::clone(&array))],
                    ..shape.clone()
                };
                if (0..count)
                    .any(|row| cells.cell(0, 0, row) != key && !both_nan(&cells.cell(0, 0, row), &key))
                {
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
    columns.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(TableBatch::new(columns, vec![0, count]))
}

fn key_changed(label: &str, ty: ColumnType) -> FluxError {
    FluxError::invalid(format!(
        "join cannot modify group key: output record has a missing or invalid value for column '{label}:{ty}'"
    ))
}

fn both_nan(a: &Scalar, b: &Scalar) -> bool {
    matches!((a, b), (Scalar::Float(x), Scalar::Float(y)) if x.is_nan() && y.is_nan())
}
