//! `sampledata`: two small tables of each type, to try functions on.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch, repeat};

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition, Package};
use crate::stdlib::lazy::lazy;
use crate::stdlib::native::natives;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "sampledata",
    name: "sampledata",
    members: &[&BOOL, &FLOAT, &INT, &NUMERIC_BOOL, &START, &STOP, &STRING, &UINT],
};

/// 2021-01-01T00:00:00Z.
const FIRST: i64 = 1_609_459_200_000_000_000;
const SECOND: i64 = 1_000_000_000;

/// The first time.
pub(crate) static START: Definition = Definition {
    package: "sampledata",
    name: "start",
    signature: "time",
    doc: "The time of the first rows.",
    body: Body::Constant(|| Value::Time(FIRST)),
};

/// The end.
pub(crate) static STOP: Definition = Definition {
    package: "sampledata",
    name: "stop",
    signature: "time",
    doc: "The end of the time that the rows lie in.",
    body: Body::Constant(|| Value::Time(FIRST + 60 * SECOND)),
};

natives! { "sampledata":
    BOOL = "bool", "(?includeNull: bool) => stream[A] where A: Record", "Six rows each of two series with booleans; with nulls among them, if asked for.",
        |args, _| tables(args, Kind::Bool);
    FLOAT = "float", "(?includeNull: bool) => stream[A] where A: Record", "Six rows each of two series with floats; with nulls among them, if asked for.",
        |args, _| tables(args, Kind::Float);
    INT = "int", "(?includeNull: bool) => stream[{A with _value: int, _value: B}] where A: Record", "Six rows each of two series with signed integers; with nulls among them, if asked for.",
        |args, _| tables(args, Kind::Int);
    NUMERIC_BOOL = "numericBool", "(?includeNull: bool) => stream[{A with _value: int, _value: B}] where A: Record", "Booleans as 1 and 0.",
        |args, _| tables(args, Kind::NumericBool);
    STRING = "string", "(?includeNull: bool) => stream[A] where A: Record", "Six rows each of two series with texts; with nulls among them, if asked for.",
        |args, _| tables(args, Kind::String);
    UINT = "uint", "(?includeNull: bool) => stream[{A with _value: uint, _value: B}] where A: Record", "Six rows each of two series with unsigned integers; with nulls among them, if asked for.",
        |args, _| tables(args, Kind::UInt);
}

/// What the values are.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Bool,
    Float,
    Int,
    NumericBool,
    String,
    UInt,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    kind: Kind,
    nulls: bool,
}

fn tables(args: &mut Args, kind: Kind) -> Result<Value> {
    Ok(args.source(Sample { kind, nulls: args.or("includeNull", false)? }))
}

impl Spec for Sample {
    fn name(&self) -> &'static str {
        "sampledata"
    }

    fn open(&self, _inputs: Vec<BoxOperator>, _run: &Run, _node: &Node) -> Result<BoxOperator> {
        let sample = *self;
        Ok(lazy(move || Ok(vec![sample.batch()?])))
    }
}

const FLOATS: [f64; 12] = [-2.18, 10.92, 7.35, 17.53, 15.23, 4.43, 19.85, 4.97, -3.75, 19.77, 13.86, 1.86];
const BOOLS: [bool; 12] = [true, true, false, true, false, false, false, true, false, true, true, false];
const TEXTS: [&str; 12] = [
    "g9qczs", "0mgv9n", "phw664", "guvzy4", "5v3cce", "s9fmgy", "b5eida", "eu4oxp", "5g7tz4", "sox1ut",
    "wfm757", "dtn2bv",
];
/// Rows without value, where nulls are asked for.
const NULLS: [usize; 5] = [1, 3, 4, 6, 10];

impl Sample {
    fn cell(self, row: usize) -> Scalar {
        match self.kind {
            _ if self.nulls && NULLS.contains(&row) => Scalar::Null,
            Kind::Bool => Scalar::Bool(BOOLS[row]),
            Kind::Float => Scalar::Float(FLOATS[row]),
            Kind::Int => Scalar::Int(FLOATS[row] as i64),
            Kind::NumericBool => Scalar::Int(i64::from(BOOLS[row])),
            Kind::String => Scalar::String(format!("smpl_{}", TEXTS[row]).into()),
            Kind::UInt => Scalar::UInt(FLOATS[row] as i64 as u64), // negative ones wrap
        }
    }

    fn batch(self) -> Result<TableBatch> {
        let ty = match self.kind {
            Kind::Bool => ColumnType::Bool,
            Kind::Float => ColumnType::Float,
            Kind::Int | Kind::NumericBool => ColumnType::Int,
            Kind::String => ColumnType::String,
            Kind::UInt => ColumnType::UInt,
        };
        let mut values = ColumnBuilder::new(ty, 12);
        if !(0..12).all(|row| values.push(&self.cell(row))) {
            return Err(FluxError::internal("a sample value is of another type than its column"));
        }
        let times: ArrayRef =
            Arc::new(Int64Array::from_iter_values((0..12).map(|row| FIRST + row % 6 * 10 * SECOND)));
        let first = repeat(&Scalar::String("t1".into()), ColumnType::String, 1);
        let tags = weir_table::concat(&[first, repeat(&Scalar::String("t2".into()), ColumnType::String, 1)]);
        let mut columns = vec![
            Column::row("_time", ColumnType::Time, times),
            Column::key("tag", ColumnType::String, tags),
            Column::row("_value", ty, values.finish()),
        ];
        // Numbers that are made of others have their columns in the order of the labels.
        if matches!(self.kind, Kind::Int | Kind::NumericBool | Kind::UInt) {
            columns.swap(1, 2);
        }
        Ok(TableBatch::new(columns, vec![0, 6, 12]))
    }
}
