//! `linearRegression()`.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array};
use weir_table::{Column, ColumnType, Floats, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::tables_in_turn;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "contrib/anaisdg/statsmodels",
    name: "linearRegression",
    signature: "(<-tables: stream[A]) => stream[{B with N: C, errors: float, slope: D, sx: E, sxx: F, sxy: G, \
         sy: H, x: float, y: float, y_hat: float}] where A: Record, B: Record",
    doc: "The straight line with the least squares through the rows of the first table, and how far each row is from it.",
    body: Body::Native(call),
};

#[derive(Debug)]
struct LinearRegression;

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(LinearRegression)
}

impl Spec for LinearRegression {
    fn name(&self) -> &'static str {
        "linearRegression"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let mut line = None;
        tables_in_turn(inputs, run, node, move |batch| {
            let ys = values(&batch)?;
            let line = *line.get_or_insert_with(|| Line::through(&ys, batch.run(0)));
            Ok(Some(line.beside(batch, &ys)))
        })
    }
}

/// The values of a batch, which must be floats.
fn values(batch: &TableBatch) -> Result<Float64Array> {
    let Some(index) = batch.find("_value") else {
        return Err(FluxError::invalid("no column \"_value\" exists"));
    };
    let values = batch.row_values(index);
    Floats::of(&values)
        .map(|f| f.0.clone())
        .ok_or_else(|| FluxError::invalid(format!("values must be floats, got {}", batch.columns[index].ty)))
}

/// Sums over the points of a table, of which the first has the x 1, the second 2.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

impl Line {
    /// Rows without a value are no points.
    fn through(ys: &Float64Array, rows: std::ops::Range<usize>) -> Self {
        let mut sums = Self::default();
        for (place, row) in rows.enumerate().filter(|(_, row)| ys.is_valid(*row)) {
            let (x, y) = ((place + 1) as f64, ys.value(row));
            sums.n += 1.0;
            sums.x += x;
            sums.y += y;
            sums.xx += x * x;
            sums.xy += x * y;
        }
        sums
    }

    /// Slope, and where the line is at 0.
    fn coefficients(self) -> (f64, f64) {
        let (x, y) = (self.x / self.n, self.y / self.n);
        let slope = (self.xy - x * y * self.n) / (self.xx - self.n * x * x);
        (slope, y - slope * x)
    }

    /// The batch with the points, the line's height at each, and the sums the line was made of.
    fn beside(self, mut batch: TableBatch, ys: &Float64Array) -> TableBatch {
        let (slope, at_zero) = self.coefficients();
        let rows = batch.rows();
        let xs: Vec<f64> =
            (0..batch.runs()).flat_map(|run| (1..=batch.run(run).len()).map(|n| n as f64)).collect();
        let heights: Vec<f64> = xs.iter().map(|x| slope * x + at_zero).collect();
        let errors: Float64Array = ys.iter().zip(&heights).map(|(y, h)| y.map(|y| (y - h).powi(2))).collect();
        let same = |v: f64| Arc::new(Float64Array::from(vec![v; rows])) as ArrayRef;
        batch.columns.retain(|c| c.label.as_ref() != "_value");
        for (label, cells) in [
            ("N", same(self.n)),
            ("errors", Arc::new(errors) as ArrayRef),
            ("slope", same(slope)),
            ("sx", same(self.x)),
            ("sxx", same(self.xx)),
            ("sxy", same(self.xy)),
            ("sy", same(self.y)),
            ("x", Arc::new(Float64Array::from(xs))),
            ("y", Arc::new(ys.clone())),
            ("y_hat", Arc::new(Float64Array::from(heights))),
        ] {
            batch.set_column(Column::row(label, ColumnType::Float, cells));
        }
        batch.columns.sort_by(|a, b| a.label.cmp(&b.label));
        batch
    }
}
