//! `internal/gen`: tables of made-up data, for measuring.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array};
use weir_table::{Column, ColumnBuilder, ColumnType, Scalar, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Bounds, Node, Spec};
use crate::registry::Package;
use crate::stdlib::lazy::lazy;
use crate::stdlib::native::natives;
use crate::value::{Record, Value};

/// The package.
pub static PACKAGE: Package = Package { path: "internal/gen", name: "gen", members: &[&TABLES] };

natives! { "internal/gen":
    TABLES = "tables",
        "(n: int, ?nulls: float, ?tags: [{name: string, cardinality: int}], ?seed: int) => \
         stream[{A with _time: time, _value: float}]",
        "Makes tables of `n` rows with random values, a table for each combination of tag values.", call;
}

/// Series beyond this are refused: they would be made in memory.
const MOST_SERIES: usize = 1_000_000;

#[derive(Debug, Clone)]
struct Tables {
    rows: usize,
    nulls: f64,
    tags: Vec<(Arc<str>, usize)>,
    seed: u64,
    start: i64,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let n: i64 = args.required("n")?;
    let mut tags = Vec::new();
    for tag in args.or::<Arc<Vec<Value>>>("tags", Arc::default())?.iter() {
        let Value::Record(tag) = tag else { continue };
        match (tag.get("name"), tag.get("cardinality")) {
            (Some(Value::String(name)), Some(Value::Int(count))) if *count > 0 => {
                tags.push((Arc::clone(name), usize::try_from(*count).unwrap_or(usize::MAX)));
            }
            _ => {
                return Err(FluxError::invalid(format!(
                    "a tag needs a name and a cardinality: {}",
                    shown(tag)
                )));
            }
        }
    }
    let series = tags.iter().try_fold(1usize, |all, (_, count)| all.checked_mul(*count));
    if series.is_none_or(|s| s > MOST_SERIES) {
        return Err(FluxError::invalid("gen.tables: there are too many combinations of tags"));
    }
    let seed = args.optional::<i64>("seed")?.unwrap_or_else(|| cx.query_now());
    Ok(args.source(Tables {
        rows: usize::try_from(n).map_err(|_| FluxError::invalid("n must not be negative"))?,
        nulls: args.or("nulls", 0.0)?,
        tags,
        seed: seed.cast_unsigned(),
        start: cx.now()?,
    }))
}

fn shown(record: &Record) -> String {
    Value::Record(Arc::new(record.clone())).to_string()
}

impl Spec for Tables {
    fn name(&self) -> &'static str {
        "gen.tables"
    }

    fn bounds(&self, _inputs: &[Option<Bounds>]) -> Option<Bounds> {
        None
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        let (tables, run) = (self.clone(), run.clone());
        Ok(lazy(move || tables.make(&run)))
    }
}

/// Numbers that look random: Marsaglia's xorshift.
struct Random(u64);

impl Random {
    /// From 0 to below 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl Tables {
    fn make(&self, run: &Run) -> Result<Vec<TableBatch>> {
        const STEP: i64 = 10_000_000_000;
        let series: usize = self.tags.iter().map(|(_, count)| count).product();
        let total = series.saturating_mul(self.rows);
        let _reservation = run.memory.reserve(total.saturating_mul(24))?;
        let mut random = Random(self.seed ^ 0x9E37_79B9_7F4A_7C15 | 1);
        let (mut times, mut values) = (Vec::with_capacity(total), Vec::with_capacity(total));
        for _ in 0..series {
            run.check()?;
            for row in 0..self.rows {
                let row = i64::try_from(row).unwrap_or(i64::MAX);
                times.push(self.start.saturating_add(STEP.saturating_mul(row)));
                let value = random.next() * 100.0;
                values.push((self.nulls <= 0.0 || random.next() >= self.nulls).then_some(value));
            }
        }
        let (times, values): (ArrayRef, ArrayRef) =
            (Arc::new(Int64Array::from(times)), Arc::new(Float64Array::from(values)));
        let mut columns = vec![
            Column::row("_time", ColumnType::Time, times),
            Column::row("_value", ColumnType::Float, values),
        ];
        let mut repeat = 1;
        for (name, count) in &self.tags {
            let mut builder = ColumnBuilder::new(ColumnType::String, series);
            for n in 0..series {
                builder.push(&Scalar::String(format!("{name}{}", n / repeat % count).into()));
            }
            columns.push(Column::key(Arc::clone(name), ColumnType::String, builder.finish()));
            repeat *= count;
        }
        Ok(vec![TableBatch::new(columns, (0..=series).map(|s| s * self.rows).collect::<Vec<_>>())])
    }
}
