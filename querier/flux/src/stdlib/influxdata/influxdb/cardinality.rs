//! `cardinality(bucket:, start:)`: how many series a bucket has in a range of time.

use std::sync::Arc;

use weir_table::{Column, ColumnType, Scalar, repeat};

use crate::error::Result;
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::lazy::lazy;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "influxdata/influxdb",
    name: "cardinality",
    signature: "(?bucket: string, ?bucketID: string, ?org: string, ?orgID: string, ?host: string, ?token: string, \
                start: A, ?stop: B, ?predicate: (r: {T with _measurement: string, _field: string, _value: S}) => bool) \
                => stream[{_start: time, _stop: time, _value: int}] where A: Timeable, B: Timeable",
    doc: "Counts the series of a bucket: the sets of measurement, tags and field that have points in the range.",
    body: Body::Native(call),
};

/// Counts the tables of a stream.
#[derive(Debug)]
pub struct CountTables;

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let pick = |names: &[&str]| {
        let named: Vec<(Arc<str>, Value)> = args
            .iter()
            .filter(|(k, _)| names.contains(&&***k))
            .map(|(k, v)| (Arc::clone(k), v.clone()))
            .collect();
        Args::new(named).at(args.location.clone())
    };
    let mut from = pick(&["bucket", "bucketID", "org", "orgID", "host", "token"]);
    let mut rows = crate::stdlib::forward::forward("influxdata/influxdb", "from", &mut from, cx)?;
    rows =
        crate::stdlib::forward::forward("universe", "range", &mut pick(&["start", "stop"]).piped(rows), cx)?;
    if let Some(predicate) = args.get("predicate") {
        let mut filter = Args::new([("fn", predicate.clone())]).at(args.location.clone()).piped(rows);
        rows = crate::stdlib::forward::forward("universe", "filter", &mut filter, cx)?;
    }
    args.clone().piped(rows).transform(CountTables)
}

impl Spec for CountTables {
    fn name(&self) -> &'static str {
        "influxdb.cardinality"
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let (mut input, run) = (inputs.remove(0), run.clone());
        Ok(lazy(move || {
            let mut tables = 0;
            while let Some(batch) = input.next()? {
                run.check()?;
                tables += batch.runs() - usize::from(batch.continues);
            }
            let value = repeat(&Scalar::Int(tables as i64), ColumnType::Int, 1);
            Ok(vec![weir_table::TableBatch::new(
                vec![Column::row("_value", ColumnType::Int, value)],
                vec![0, 1],
            )])
        }))
    }
}
