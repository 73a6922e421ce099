//! `elapsed(unit:, timeColumn:, columnName:)`: the time since the row before.

use std::sync::Arc;

use arrow_array::{Array, Int64Array};
use weir_table::time::Duration;
use weir_table::{ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::universe::convert::int::truncate;
use crate::tables::per_tables;
use crate::tables::rows::{has_column, put, take_ranges, times};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "elapsed",
    signature: "(<-tables: stream[A], ?unit: duration, ?timeColumn: string, ?columnName: string) => stream[B] \
                where A: Record, B: Record",
    doc: "The time between each row and the one before it, in whole units. The first row is left out, as is every \
          row when the column holds no times.",
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
        let Some(index) = batch.find(&self.time) else {
            return Err(FluxError::invalid(format!("column \"{}\" does not exist", self.time)));
        };
        if batch.columns[index].ty != ColumnType::Time {
            return Ok(take_ranges(batch, |run| run.start..run.start));
        }
        if batch.find(&self.column).is_some() {
            return Err(has_column(&self.column));
        }
        let times = times(batch, &self.time)?;
        // Times are subtracted as floats, which tell about a quarter of a microsecond apart; a null is the epoch.
        let at = |i: usize| if times.is_valid(i) { times.value(i) as f64 } else { 0.0 };
        let mut elapsed: Vec<i64> = Vec::with_capacity(batch.rows());
        for run in 0..batch.runs() {
            for i in batch.run(run).skip(1) {
                interrupt::tick(i)?;
                elapsed.push(truncate((at(i) - at(i - 1)) / self.unit));
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

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let elapsed = self.clone();
        per_tables(inputs, run, node, move |batch| elapsed.apply(&batch).map(Some))
    }
}
