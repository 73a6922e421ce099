//! `reduce(fn:, identity:)`: a record that takes in one row after the other.

use std::collections::HashSet;
use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnData, ColumnType, KeyEncoder, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::rowfn::Fit;
use crate::tables::rows::one_row_each;
use crate::tables::tables_in_turn;
use crate::value::{Function, Record, Value};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "reduce",
    signature: "(<-tables: stream[B], fn: (r: B, accumulator: A) => A, identity: A) => stream[C] \
                where A: Record, B: Record, C: Record",
    doc: "Calls `fn` with each row of a table and what it answered for the row before, beginning with `identity`; \
          the last answer is the table's only row.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
pub(crate) struct Reduce {
    function: Function,
    identity: Arc<Record>,
    fit: Fit,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (function, identity) = (args.function("fn")?, args.required("identity")?);
    args.transform(Reduce { function, identity, fit: Fit::default() })
}

impl Reduce {
    fn apply(&self, batch: &TableBatch, seen: &mut HashSet<Vec<u8>>, cx: &Context) -> Result<TableBatch> {
        self.fit.check(&self.function, "r", &batch.columns, cx)?;
        let mut results: Vec<Arc<Record>> = Vec::with_capacity(batch.runs());
        for run in 0..batch.runs() {
            let mut accumulator = Arc::clone(&self.identity);
            for row in batch.run(run) {
                interrupt::tick(row)?;
                let record: Record = (0..batch.columns.len())
                    .map(|i| {
                        let c = &batch.columns[i];
                        (Arc::clone(&c.label), Value::from_scalar(batch.cell(i, run, row), c.ty))
                    })
                    .collect();
                let args = Args::new([
                    ("r", Value::Record(Arc::new(record))),
                    ("accumulator", Value::Record(accumulator)),
                ]);
                let answer = cx.of_rows().call(&self.function, args);
                accumulator = match answer.map_err(|e| e.context("failed to evaluate reduce function"))? {
                    Value::Record(r) => r,
                    other => {
                        return Err(FluxError::invalid(format!(
                            "fn must return a record, got {}",
                            other.nature()
                        )));
                    }
                };
            }
            results.push(accumulator);
        }
        let mut columns: Vec<Column> = batch.key_columns().cloned().collect();
        let mut labels: Vec<Arc<str>> = self.identity.iter().map(|(label, _)| Arc::clone(label)).collect();
        labels.sort();
        let mut changed = false;
        for label in labels {
            let key = columns.iter_mut().find(|c| c.label == label);
            if key.is_none() && results.iter().any(|r| r.get(&label).is_none_or(Value::is_null)) {
                return Err(FluxError::invalid(format!(
                    "null values are not supported for \"{label}\" in the reduce() function"
                )));
            }
            let (ty, values) = column_of(&label, &results)?;
            match key {
                Some(key) => {
                    *key = Column { label, ty, data: ColumnData::Key(values) };
                    changed = true;
                }
                None => columns.push(Column::row(label, ty, values)),
            }
        }
        let out = TableBatch::new(columns, one_row_each(batch.runs()));
        if changed {
            distinct_keys(&out, seen)?;
        }
        Ok(out)
    }
}

/// The values of a label as a column.
fn column_of(label: &Arc<str>, records: &[Arc<Record>]) -> Result<(ColumnType, arrow_array::ArrayRef)> {
    let values: Vec<Value> =
        records.iter().map(|r| r.get(label).cloned().unwrap_or(Value::Null(None))).collect();
    let ty = values.iter().find_map(Value::column_type).unwrap_or(ColumnType::String);
    let mut builder = ColumnBuilder::new(ty, values.len());
    for value in &values {
        if !value.to_scalar().is_some_and(|s| builder.push(&s)) {
            return Err(FluxError::invalid(format!(
                "unsupported type {} for column \"{label}\" in reduce",
                value.nature()
            )));
        }
    }
    Ok((ty, builder.finish()))
}

/// Fails if two tables have the same group key.
fn distinct_keys(batch: &TableBatch, seen: &mut HashSet<Vec<u8>>) -> Result<()> {
    let mut keys: Vec<&Column> = batch.key_columns().collect();
    keys.sort_by(|a, b| a.label.cmp(&b.label));
    let encoder = KeyEncoder::new(keys.iter().map(|c| (c.ty, c.data.array())));
    let names: Vec<u8> = keys.iter().flat_map(|c| c.label.bytes().chain([0])).collect();
    for run in 0..batch.runs() {
        let mut key = names.clone();
        encoder.encode(run, &mut key);
        if !seen.insert(key) {
            return Err(FluxError::invalid("two reducers writing result to the same table"));
        }
    }
    Ok(())
}

impl Spec for Reduce {
    fn name(&self) -> &'static str {
        "reduce"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let reduce = self.clone();
        let cx = run.context.clone();
        let mut seen = HashSet::new();
        tables_in_turn(inputs, run, node, move |batch| reduce.apply(&batch, &mut seen, &cx).map(Some))
    }
}
