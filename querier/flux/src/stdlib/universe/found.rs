//! Tables that a script looks into while it is evaluated: what `tableFind`, `findColumn`, `findRecord`, `getColumn`
//! and `getRecord` have in common.

use std::sync::Arc;

use weir_table::{Column, TableBatch};

use crate::engine::open_plan;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Operator, Run, Whole};
use crate::plan::{Node, Spec};
use crate::rowfn::Fit;
use crate::value::{Function, Record, Value};

/// One table that was read already.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// A batch of this table only.
    pub(super) table: TableBatch,
}

impl Spec for Found {
    fn name(&self) -> &'static str {
        "tableFind"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, _run: &Run, _node: &Node) -> Result<BoxOperator> {
        Ok(Box::new(Once(Some(self.table.clone()))))
    }
}

/// A stream of one batch.
struct Once(Option<TableBatch>);

impl Operator for Once {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        Ok(self.0.take())
    }
}

/// A stream of which the first tables are looked at: their order is seen.
#[derive(Debug)]
struct Sought;

impl Spec for Sought {
    fn name(&self) -> &'static str {
        "tableFind"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, _run: &Run, _node: &Node) -> Result<BoxOperator> {
        inputs.pop().ok_or_else(|| FluxError::internal("a table is sought in nothing"))
    }
}

/// Runs the piped stream until a table's group key matches `fn`.
pub(super) fn find(args: &Args, cx: &Context) -> Result<Option<TableBatch>> {
    let function = args.function("fn")?;
    let node = args.tables()?;
    let run = cx.run()?;
    let sought = Node::new(Sought, vec![node], args.location.clone());
    let mut operators = open_plan(&[sought], &run)?;
    let Some(operator) = operators.pop() else { return Ok(None) };
    let mut whole = Whole::over(operator, &run);
    let fit = Fit::default();
    while let Some(batch) = whole.next()? {
        run.check()?;
        let key: Vec<Column> = batch.key_columns().cloned().collect();
        fit.check(&function, "key", &key, cx)?;
        for r in 0..batch.runs() {
            if matches(&function, &batch, r, cx)? {
                cx.hold(batch.memory_size())?; // a slice keeps the whole batch
                return Ok(Some(batch.slice_runs(r..r + 1)));
            }
        }
    }
    Ok(None)
}

fn matches(function: &Function, batch: &TableBatch, run: usize, cx: &Context) -> Result<bool> {
    let key: Record = (0..batch.columns.len())
        .filter(|&i| batch.columns[i].is_key())
        .map(|i| {
            let c = &batch.columns[i];
            (Arc::clone(&c.label), Value::from_scalar(batch.cell(i, run, 0), c.ty))
        })
        .collect();
    match cx.of_rows().call(function, Args::new([("key", Value::Record(Arc::new(key)))]))? {
        Value::Bool(b) => Ok(b),
        Value::Null(_) => Ok(false),
        other => Err(FluxError::invalid(format!("fn must return a bool, got {}", other.nature()))),
    }
}

/// The table that `tableFind` found: what `getColumn` and `getRecord` are called on.
pub(super) fn table(args: &Args) -> Result<TableBatch> {
    let node: Arc<Node> = args.pipe("table")?;
    match node.spec_as::<Found>() {
        Some(found) => Ok(found.table.clone()),
        None => Err(FluxError::invalid("table must be one that tableFind found")),
    }
}

/// The cells of a column; `None` if there is no such column.
pub(super) fn column(table: &TableBatch, label: &str) -> Option<Value> {
    let index = table.find(label)?;
    let ty = table.columns[index].ty;
    let cells = table.run(0).map(|row| Value::from_scalar(table.cell(index, 0, row), ty));
    Some(Value::array(cells.collect()))
}

/// A row as a record; `None` if there is no such row.
pub(super) fn record(table: &TableBatch, row: i64) -> Option<Value> {
    let row = usize::try_from(row).ok().filter(|r| *r < table.rows())?;
    let cells = table.columns.iter().enumerate();
    Some(Value::record(
        cells.map(|(i, c)| (Arc::clone(&c.label), Value::from_scalar(table.cell(i, 0, row), c.ty))),
    ))
}
