//! `array.from(rows:)`: one table out of an array of records.

use std::sync::Arc;

use weir_table::{Column, ColumnBuilder, ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::lazy::lazy;
use crate::stdlib::universe::convert::describe;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "array",
    name: "from",
    signature: "(<-rows: [A]) => stream[A] where A: Record",
    doc: "Makes a table of an array of records, one row a record.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct FromRows {
    /// The table, or why there is none, which is told when it is asked for.
    batch: Result<TableBatch>,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let rows: Arc<Vec<Value>> = args.pipe("rows")?;
    if rows.is_empty() {
        return Err(FluxError::invalid("rows must be non-empty"));
    }
    let batch = to_batch(&rows);
    if let Ok(batch) = &batch {
        cx.hold(batch.memory_size())?;
    }
    Ok(args.source(FromRows { batch }))
}

/// One table with a column for each label of the records.
fn to_batch(rows: &[Value]) -> Result<TableBatch> {
    let mut columns: Vec<(Arc<str>, ColumnBuilder)> = Vec::new();
    let mut labels: Vec<(Arc<str>, ColumnType)> = Vec::new();
    for row in rows {
        let Value::Record(record) = row else {
            return Err(FluxError::invalid(format!("rows must be records, got {}", row.nature())));
        };
        for (label, value) in record.iter() {
            if value.to_scalar().is_none() {
                return Err(unrepresentable(value));
            }
            // The first row says what a column holds.
            if !labels.iter().any(|(l, _)| l == label) {
                labels.push((Arc::clone(label), value.column_type().ok_or_else(|| unrepresentable(value))?));
            }
        }
    }
    for (label, ty) in labels {
        columns.push((label, ColumnBuilder::new(ty, rows.len())));
    }
    if columns.is_empty() {
        // Nothing would be left of the rows.
        return Ok(TableBatch::new(Vec::new(), vec![0, 0]));
    }
    for row in rows {
        let Value::Record(record) = row else { continue };
        for (label, builder) in &mut columns {
            let scalar = record.get(label).and_then(Value::to_scalar).unwrap_or(weir_table::Scalar::Null);
            if !builder.push(&scalar) {
                return Err(FluxError::invalid(format!("values of column {label} differ in type")));
            }
        }
    }
    let columns = columns.into_iter().map(|(l, b)| Column::row(l, b.ty(), b.finish())).collect();
    Ok(TableBatch::new(columns, vec![0, rows.len()]))
}

fn unrepresentable(value: &Value) -> FluxError {
    FluxError::invalid(format!("cannot represent the type {} as column data", describe(value)))
}

impl Spec for FromRows {
    fn name(&self) -> &'static str {
        "array.from"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, _run: &Run, _node: &Node) -> Result<BoxOperator> {
        let batch = self.batch.clone();
        Ok(lazy(move || Ok(vec![batch?])))
    }
}
