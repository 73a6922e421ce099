//! `elapsed(unit:, timeColumn:, columnName:)`: the time since the row before.

use std::sync::Arc;

use arrow_array::{Array, Int64Array};
use weir_table::time::Duration;
use weir_table::{ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::{put, take_ranges, times};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "elapsed",
    signature: "(<-tables: stream[A], ?unit: duration, ?timeColumn: string, ?columnName: string) => stream[B] \
                where A: Record, B: Record",
    doc: "The time between each row and the one before it, in whole units. The first row is left out.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Elapsed {
    unit: f64,
    time: Arc<str>,
    column: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let unit = args.duration("unit")?.unwrap_or(Duration::from_nanoseconds(1_000_000_000));
    args.transform(Elapsed {
        unit: unit.signed_nanoseconds() as f64,
        time: args.string_or("timeColumn", "_time")?,
        column: args.string_or("columnName", "elapsed")?,
    })
}

impl Elapsed {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        if batch.find(&self.time).is_none() {
            return Err(FluxError::invalid(format!("column \"{}\" does not exist", self.time)));
        }
        if batch.find(&self.column).is_some() {
            return Err(FluxError::invalid(format!(
                "table builder already has column with label {}",
                self.column
            )));
        }
        let times = times(batch, &self.time)?;
        let mut elapsed: Vec<Option<i64>> = Vec::with_capacity(batch.rows());
        for run in 0..batch.runs() {
            for i in batch.run(run).skip(1) {
                interrupt::tick(i)?;
                let known = times.is_valid(i) && times.is_valid(i - 1);
                let since = || times.value(i).wrapping_sub(times.value(i - 1)) as f64 / self.unit;
                elapsed.push(known.then(|| since() as i64));
            }
        }
        let mut out = take_ranges(batch, |run| (run.start + 1).min(run.end)..run.end);
        put(&mut out, &self.column, ColumnType::Int, Arc::new(Int64Array::from(elapsed)));
        Ok(out)
    }
}

impl Spec for Elapsed {
    fn name(&self) -> &'static str {
        "elapsed"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let elapsed = self.clone();
        per_tables(inputs, run, node, move |batch| elapsed.apply(&batch).map(Some))
    }
}
