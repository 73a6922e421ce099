//! `alignTime(alignTo:)`: tables moved so that all begin at one time.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use weir_table::{ColumnType, Ints};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::{put, times};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental",
    name: "alignTime",
    signature: "(<-tables: stream[B], ?alignTo: A) => stream[C] where B: Record, C: Record",
    doc: "Moves the rows of each table in time so that the first is at `alignTo`.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct AlignTime {
    to: i64,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    args.transform(AlignTime { to: args.time("alignTo", cx)?.unwrap_or(0) })
}

impl Spec for AlignTime {
    fn name(&self) -> &'static str {
        "alignTime"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let to = self.to;
        per_tables(inputs, run, node, move |mut batch| {
            let old = times(&batch, "_time")?;
            let view = Ints(&old);
            let mut moved: Vec<Option<i64>> = Vec::with_capacity(batch.rows());
            for run in 0..batch.runs() {
                let rows = batch.run(run);
                let first = rows.clone().find_map(|row| view.get(row)).unwrap_or(to);
                let mut last = i64::MIN;
                for row in rows {
                    if let Some(t) = view.get(row) {
                        if t < last {
                            return Err(FluxError::invalid("got an out-of-order timestamp"));
                        }
                        last = t;
                    }
                    let time = match view.get(row) {
                        Some(t) => Some(
                            t.checked_sub(first)
                                .and_then(|d| d.checked_add(to))
                                .ok_or_else(|| FluxError::invalid("time is out of range"))?,
                        ),
                        None => None,
                    };
                    moved.push(time);
                }
            }
            let array: ArrayRef = Arc::new(Int64Array::from(moved));
            put(&mut batch, &"_time".into(), ColumnType::Time, array);
            batch.columns.sort_by(|a, b| a.label.cmp(&b.label));
            Ok(Some(batch))
        })
    }
}
