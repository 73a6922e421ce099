//! `timeShift(duration:, columns:)`: times moved by a duration.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use jiff::tz::TimeZone;
use weir_table::time::{self, Duration};
use weir_table::{ColumnData, ColumnType, Ints, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Bounds, KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "timeShift",
    signature: "(<-tables: stream[A], duration: duration, ?columns: [string]) => stream[A]",
    doc: "Moves the times of some columns by a duration.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct TimeShift {
    by: Duration,
    columns: Vec<Arc<str>>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let default = || ["_start", "_stop", "_time"].into_iter().map(Arc::from).collect();
    args.transform(TimeShift {
        by: args.required("duration")?,
        columns: args.strings("columns")?.unwrap_or_else(default),
    })
}

impl TimeShift {
    fn moved(&self, t: i64) -> Result<i64> {
        time::add(t, self.by, &TimeZone::UTC).map_err(|e| FluxError::invalid(e.to_string()))
    }

    fn shift(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let Some(times) = Ints::of(array) else {
            return Err(FluxError::internal("a time column holds no integers"));
        };
        let moved = (0..times.len()).map(|i| times.get(i).map(|t| self.moved(t)).transpose());
        Ok(Arc::new(moved.collect::<Result<Int64Array>>()?))
    }

    fn apply(&self, mut batch: TableBatch) -> Result<TableBatch> {
        for column in &mut batch.columns {
            if self.columns.contains(&column.label) {
                if column.ty != ColumnType::Time {
                    return Err(FluxError::invalid(format!(
                        "column \"{}\" is not of type time",
                        column.label
                    )));
                }
                column.data = match &column.data {
                    ColumnData::Key(a) => ColumnData::Key(self.shift(a)?),
                    ColumnData::Row(a) => ColumnData::Row(self.shift(a)?),
                };
            }
        }
        Ok(batch)
    }
}

impl Spec for TimeShift {
    fn name(&self) -> &'static str {
        "timeShift"
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn bounds(&self, inputs: &[Option<Bounds>]) -> Option<Bounds> {
        let bounds = inputs.first().copied().flatten()?;
        Some(Bounds { start: self.moved(bounds.start).ok()?, stop: self.moved(bounds.stop).ok()? })
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let shift = self.clone();
        per_tables(inputs, run, node, move |batch| shift.apply(batch).map(Some))
    }
}
