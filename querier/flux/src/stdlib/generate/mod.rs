//! `generate`: rows out of nothing.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use weir_table::{Column, ColumnType, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Bounds, Node, Spec};
use crate::registry::{Body, Definition, Package};
use crate::stdlib::lazy::lazy;
use crate::value::{Function, Value};

/// The package.
pub static PACKAGE: Package = Package { path: "generate", name: "generate", members: &[&DEFINITION] };

/// `from(count:, fn:, start:, stop:)`.
pub(crate) static DEFINITION: Definition = Definition {
    package: "generate",
    name: "from",
    signature: "(start: A, stop: A, count: int, fn: (n: int) => int) => \
                stream[{_start: time, _stop: time, _time: time, _value: int}] where A: Timeable",
    doc: "Makes `count` rows, evenly between `start` and `stop`, with the values of a function of the row's number.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Generate {
    bounds: Bounds,
    count: i64,
    function: Function,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let missing = |name: &str| FluxError::invalid(format!("missing required keyword argument \"{name}\""));
    let start = args.time("start", cx)?.ok_or_else(|| missing("start"))?;
    let stop = args.time("stop", cx)?.ok_or_else(|| missing("stop"))?;
    let count = args.required("count")?;
    Ok(args.source(Generate { bounds: Bounds { start, stop }, count, function: args.function("fn")? }))
}

impl Spec for Generate {
    fn name(&self) -> &'static str {
        "fromGenerator"
    }

    fn bounds(&self, _inputs: &[Option<Bounds>]) -> Option<Bounds> {
        Some(self.bounds)
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let (generate, run) = (self.clone(), run.clone());
        Ok(lazy(move || Ok(vec![generate.table(&run)?])))
    }
}

impl Generate {
    fn table(&self, run: &Run) -> Result<TableBatch> {
        let count = usize::try_from(self.count).unwrap_or(0);
        let _reservation = run.memory.reserve(count.saturating_mul(16))?;
        let width = i128::from(self.bounds.stop) - i128::from(self.bounds.start);
        let step = i64::try_from(width / i128::from(self.count.max(1))).unwrap_or(i64::MAX);
        let (mut times, mut values) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for n in 0..count as i64 {
            run.check()?;
            times.push(self.bounds.start.saturating_add(step.saturating_mul(n)));
            match run.context.of_rows().call(&self.function, Args::new([("n", Value::Int(n))]))? {
                Value::Int(v) => values.push(v),
                other => {
                    return Err(FluxError::invalid(format!("fn must return an int, got {}", other.nature())));
                }
            }
        }
        let column = |label: &str, ty, values: Vec<i64>| {
            let array: ArrayRef = Arc::new(Int64Array::from(values));
            Column::row(label, ty, array)
        };
        let columns =
            vec![column("_time", ColumnType::Time, times), column("_value", ColumnType::Int, values)];
        Ok(TableBatch::new(columns, vec![0, count]))
    }
}
