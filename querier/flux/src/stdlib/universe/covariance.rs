//! `covariance(columns:, pearsonr:, valueDst:)`: how two columns vary together.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array};
use weir_table::{Column, ColumnType, Floats, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run, interrupt};
use crate::plan::{KeyUse, Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::{one_row_each, with_key};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "covariance",
    signature: "(<-tables: stream[A], ?pearsonr: bool, ?valueDst: string, columns: [string]) => stream[B] \
                where A: Record, B: Record",
    doc: "The covariance of two columns of each table, or their Pearson correlation.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Covariance {
    x: Arc<str>,
    y: Arc<str>,
    pearson: bool,
    column: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let columns: Vec<Arc<str>> = args.required("columns")?;
    let [x, y] = columns.as_slice() else {
        return Err(FluxError::invalid("must provide exactly two columns"));
    };
    args.transform(Covariance {
        x: Arc::clone(x),
        y: Arc::clone(y),
        pearson: args.or("pearsonr", false)?,
        column: args.string_or("valueDst", "_value")?,
    })
}

impl Covariance {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let find = |label: &str| {
            batch.find(label).ok_or_else(|| {
                FluxError::invalid(format!("specified column does not exist in table: {label}"))
            })
        };
        let (x, y) = (find(&self.x)?, find(&self.y)?);
        let ty = batch.columns[x].ty;
        if ty != batch.columns[y].ty {
            return Err(FluxError::invalid("cannot compute the covariance between different types"));
        }
        let (xs, ys) = (batch.row_values(x), batch.row_values(y));
        let (Some(xs), Some(ys)) = (Floats::of(&xs), Floats::of(&ys)) else {
            return Err(FluxError::invalid(format!("covariance does not support {ty}")));
        };
        let (xs, ys) = (xs.0, ys.0);
        let of_run = |run| {
            let rows = batch.run(run).filter(|&i| xs.is_valid(i) && ys.is_valid(i));
            self.of(rows.map(|i| (xs.value(i), ys.value(i))))
        };
        let values: Vec<f64> = (0..batch.runs()).map(of_run).collect::<Result<_>>()?;
        let values: ArrayRef = Arc::new(Float64Array::from(values));
        let column = Column::row(Arc::clone(&self.column), ColumnType::Float, values);
        with_key(batch, vec![column], one_row_each(batch.runs()))
    }

    fn of(&self, pairs: impl Iterator<Item = (f64, f64)>) -> Result<f64> {
        let (mut n, mut mean_x, mut mean_y, mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (i, (x, y)) in pairs.enumerate() {
            interrupt::tick(i)?;
            n += 1.0;
            let (dx, dy) = (x - mean_x, y - mean_y);
            mean_x += dx / n;
            mean_y += dy / n;
            xx += dx * (x - mean_x);
            yy += dy * (y - mean_y);
            xy += dx * (y - mean_y);
        }
        Ok(match n {
            _ if n < 2.0 => f64::NAN,
            _ if self.pearson => xy / (xx * yy).sqrt(),
            _ => xy / (n - 1.0),
        })
    }
}

impl Spec for Covariance {
    fn name(&self) -> &'static str {
        "covariance"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn key(&self) -> KeyUse {
        KeyUse::Shown
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let covariance = self.clone();
        per_tables(inputs, run, node, move |batch| covariance.apply(&batch).map(Some))
    }
}
