//! `stateTracking(fn:, …)`: for how many rows, and how long, a condition has held.

use std::sync::Arc;

use arrow_array::{Array, Int64Array};
use weir_table::time::Duration;
use weir_table::{ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::rowfn::RowFunction;
use crate::tables::per_tables;
use crate::tables::rows::{put, times};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "stateTracking",
    signature: "(<-tables: stream[A], fn: (r: A) => bool, ?countColumn: string, ?durationColumn: string, \
                ?durationUnit: duration, ?timeColumn: string) => stream[B] where A: Record, B: Record",
    doc: "Tells for each row how many rows up to it, and how long, `fn` has been true without a break; -1 where it \
          is not.",
    body: Body::Native(call),
};

/// Follows a state.
#[derive(Debug, Clone)]
pub(crate) struct StateTracking {
    /// The name shown in errors.
    pub(crate) name: &'static str,
    /// The condition.
    pub(crate) function: RowFunction,
    /// The column for the number of rows, if wanted.
    pub(crate) count: Option<Arc<str>>,
    /// The column for the duration, if wanted.
    pub(crate) duration: Option<Arc<str>>,
    /// The unit of the duration.
    pub(crate) unit: Duration,
    /// The column of times.
    pub(crate) time: Arc<str>,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let column = |name: &str| -> Result<Option<Arc<str>>> {
        Ok(args.optional::<Arc<str>>(name)?.filter(|c| !c.is_empty()))
    };
    args.transform(
        StateTracking {
            name: "stateTracking",
            function: RowFunction::new(args.function("fn")?, cx),
            count: column("countColumn")?,
            duration: column("durationColumn")?,
            unit: args.duration("durationUnit")?.unwrap_or(Duration::from_nanoseconds(1_000_000_000)),
            time: args.string_or("timeColumn", "_time")?,
        }
        .checked()?,
    )
}

impl StateTracking {
    /// The same, if its unit is positive.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn checked(self) -> Result<Self> {
        if self.duration.is_some() && self.unit.signed_nanoseconds() <= 0 {
            return Err(FluxError::invalid("state tracking duration unit must be greater than zero"));
        }
        Ok(self)
    }

    /// The times, which durations need all of and in order.
    fn times(&self, batch: &TableBatch) -> Result<Int64Array> {
        let times = times(batch, &self.time)?;
        if times.null_count() > 0 {
            return Err(FluxError::invalid("got a null timestamp"));
        }
        for run in 0..batch.runs() {
            if !times.values()[batch.run(run)].is_sorted() {
                return Err(FluxError::invalid("got an out-of-order timestamp"));
            }
        }
        Ok(times)
    }

    fn apply(&self, mut batch: TableBatch) -> Result<TableBatch> {
        if batch.find(&self.time).is_none() {
            return Err(FluxError::invalid(format!("column \"{}\" does not exist", self.time)));
        }
        let times = match &self.duration {
            Some(_) => Some(self.times(&batch)?),
            None => None,
        };
        let holds = self.function.matches(&batch)?;
        let unit = self.unit.signed_nanoseconds().max(1);
        let mut counts: Vec<i64> = Vec::with_capacity(batch.rows());
        let mut durations: Vec<i64> = Vec::with_capacity(batch.rows());
        for run in 0..batch.runs() {
            let mut since: Option<usize> = None;
            for i in batch.run(run) {
                interrupt::tick(i)?;
                if !holds.value(i) {
                    since = None;
                    counts.push(-1);
                    durations.push(-1);
                    continue;
                }
                let first = *since.get_or_insert(i);
                counts.push((i - first + 1) as i64);
                durations.push(times.as_ref().map_or(0, |t| t.value(i).wrapping_sub(t.value(first)) / unit));
            }
        }
        if let Some(label) = &self.count {
            put(&mut batch, label, ColumnType::Int, Arc::new(Int64Array::from(counts)));
        }
        if let Some(label) = &self.duration {
            put(&mut batch, label, ColumnType::Int, Arc::new(Int64Array::from(durations)));
        }
        Ok(batch)
    }
}

impl Spec for StateTracking {
    fn name(&self) -> &'static str {
        self.name
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let tracking = self.clone();
        per_tables(inputs, run, node, move |batch| tracking.apply(batch).map(Some))
    }
}
