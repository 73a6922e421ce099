//! `hourSelection(start:, stop:, location:, timeColumn:)`: rows of some hours of the day.

use std::sync::Arc;

use arrow_array::{Array, BooleanArray};
use weir_table::time::Zone;
use weir_table::{TableBatch, filter_rows};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::internal::location::zone_of;
use crate::tables::per_tables;
use crate::tables::rows::times;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "hourSelection",
    signature: "(<-tables: stream[A], start: int, stop: int, ?location: {zone: string, offset: duration}, \
                ?timeColumn: string) => stream[A] where A: Record",
    doc: "Keeps the rows whose hour of the day lies from `start` to `stop`, both included; around midnight if \
          `start` is greater.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct HourSelection {
    start: i64,
    stop: i64,
    zone: Zone,
    time: Arc<str>,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let hour = |name: &str| match args.required::<i64>(name)? {
        h @ 0..=23 => Ok(h),
        _ => Err(FluxError::invalid(format!("{name} must be between 0 and 23"))),
    };
    args.transform(HourSelection {
        start: hour("start")?,
        stop: hour("stop")?,
        zone: zone_of(args, cx)?,
        time: args.string_or("timeColumn", "_time")?,
    })
}

impl HourSelection {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        if batch.find(&self.time).is_none() {
            return Err(FluxError::invalid("invalid time column"));
        }
        let times = times(batch, &self.time)?;
        let selected = |t: i64| -> Result<bool> {
            let reading = self.zone.reading(t).map_err(|e| FluxError::invalid(e.to_string()))?;
            let hour = reading.div_euclid(3_600_000_000_000).rem_euclid(24);
            Ok(if self.start <= self.stop {
                (self.start..=self.stop).contains(&hour)
            } else {
                hour >= self.start || hour <= self.stop
            })
        };
        let keep = (0..times.len()).map(|i| Ok(Some(times.is_valid(i) && selected(times.value(i))?)));
        Ok(filter_rows(batch, &keep.collect::<Result<BooleanArray>>()?))
    }
}

impl Spec for HourSelection {
    fn name(&self) -> &'static str {
        "hourSelection"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let selection = self.clone();
        per_tables(inputs, run, node, move |batch| selection.apply(&batch).map(Some))
    }
}
