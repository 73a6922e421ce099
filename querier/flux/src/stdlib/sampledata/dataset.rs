//! The values: six rows for each of two tags, ten seconds apart.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, StringArray};
use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use crate::error::Result;
use crate::eval::Args;
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::stdlib::array::Once;
use crate::value::Value;

/// 2021-01-01T00:00:00Z.
pub(super) const START: i64 = 1_609_459_200_000_000_000;
/// 2021-01-01T00:01:00Z.
pub(super) const STOP: i64 = START + 60_000_000_000;
const STEP: i64 = 10_000_000_000;

pub(super) static NUMBERS: [f64; 12] =
    [-2.18, 10.92, 7.35, 17.53, 15.23, 4.43, 19.85, 4.97, -3.75, 19.77, 13.86, 1.86];
pub(super) static TEXTS: [&str; 12] = [
    "g9qczs", "0mgv9n", "phw664", "guvzy4", "5v3cce", "s9fmgy", "b5eida", "eu4oxp", "5g7tz4", "sox1ut", "wfm757",
    "dtn2bv",
];
pub(super) static BOOLS: [bool; 12] =
    [true, true, false, true, false, false, false, true, false, true, true, false];

/// The rows that are null if nulls are wanted.
const NULLS: [usize; 5] = [1, 3, 4, 6, 10];

/// The two tables with a value for each row.
pub(super) fn tables(args: &Args, ty: ColumnType, value: impl Fn(usize) -> Scalar) -> Result<Value> {
    let nulls = args.or("includeNull", false)?;
    let mut values = ColumnBuilder::new(ty, 12);
    for i in 0..12 {
        if nulls && NULLS.contains(&i) {
            values.push_null();
        } else {
            values.push(&value(i));
        }
    }
    let times: ArrayRef = Arc::new(Int64Array::from_iter_values((0..12).map(|i| START + i % 6 * STEP)));
    let tags: ArrayRef = Arc::new(StringArray::from(vec!["t1", "t2"]));
    let columns = vec![
        Column::row("_time", ColumnType::Time, times),
        Column::key("tag", ColumnType::String, tags),
        Column::row("_value", ty, values.finish()),
    ];
    Ok(args.source(Sample { batch: TableBatch::new(columns, vec![0, 6, 12]) }))
}

#[derive(Debug)]
struct Sample {
    batch: TableBatch,
}

impl Spec for Sample {
    fn name(&self) -> &'static str {
        "sampledata"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, _run: &Run, _node: &Node) -> Result<BoxOperator> {
        Ok(Once::new(self.batch.clone()))
    }
}
