//! `contrib/tomhollingworth/events`: how long states last.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use weir_table::time::Duration;
use weir_table::{ColumnType, Ints};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition, Package};
use crate::tables::per_tables;
use crate::tables::rows::{put, times};
use crate::value::Value;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/tomhollingworth/events", name: "events", members: &[&DEFINITION] };

/// `duration(unit:)`.
pub(crate) static DEFINITION: Definition = Definition {
    package: "contrib/tomhollingworth/events",
    name: "duration",
    signature: "(<-tables: stream[A], ?unit: duration, ?timeColumn: string, ?columnName: string, \
                ?stopColumn: string, ?stop: time) => stream[B] where A: Record, B: Record",
    doc: "How long it is from each row to the next, and from the last to the end of the table; in seconds by default.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Durations {
    unit: i64,
    time: Arc<str>,
    column: Arc<str>,
    stop_column: Arc<str>,
    /// The end of all tables; without it each tells its own.
    stop: Option<i64>,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let unit = args.or("unit", Duration::from_nanoseconds(1_000_000_000))?;
    if unit.months != 0 || unit.is_zero() || unit.negative {
        return Err(FluxError::invalid("unit must be a positive duration without months"));
    }
    args.transform(Durations {
        unit: unit.nanoseconds,
        time: args.string_or("timeColumn", "_time")?,
        column: args.string_or("columnName", "duration")?,
        stop_column: args.string_or("stopColumn", "_stop")?,
        stop: args.time("stop", cx)?,
    })
}

impl Spec for Durations {
    fn name(&self) -> &'static str {
        "duration"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let spec = self.clone();
        per_tables(inputs, run, node, move |mut batch| {
            let at = times(&batch, &spec.time)?;
            let at = Ints(&at);
            let stops = match spec.stop {
                Some(_) => None,
                None => Some(times(&batch, &spec.stop_column)?),
            };
            let mut out: Vec<Option<i64>> = Vec::with_capacity(batch.rows());
            for run in 0..batch.runs() {
                let rows = batch.run(run);
                for row in rows.clone() {
                    let next = if row + 1 < rows.end {
                        at.get(row + 1)
                    } else {
                        spec.stop.or_else(|| stops.as_ref().and_then(|s| Ints(s).get(row)))
                    };
                    out.push(at.get(row).zip(next).map(|(from, to)| to.saturating_sub(from) / spec.unit));
                }
            }
            let array: ArrayRef = Arc::new(Int64Array::from(out));
            put(&mut batch, &spec.column, ColumnType::Int, array);
            Ok(Some(batch))
        })
    }
}
