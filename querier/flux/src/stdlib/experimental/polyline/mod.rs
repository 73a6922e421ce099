//! `experimental/polyline`: lines of fewer points.

use std::sync::Arc;

use weir_table::{Floats, Ints, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition, Package};
use crate::tables::per_tables;
use crate::tables::rows::{take_column, times, with_key};
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/polyline", name: "polyline", members: &[&DEFINITION] };

/// `rdp(epsilon:)`.
pub(crate) static DEFINITION: Definition = Definition {
    package: "experimental/polyline",
    name: "rdp",
    signature: "(<-tables: stream[A], ?valColumn: string, ?timeColumn: string, ?epsilon: float, ?retention: float) => \
                stream[B] where A: Record, B: Record",
    doc: "Leaves out points that lie no farther than `epsilon` from the line through those that stay \
          (Ramer, Douglas, Peucker).",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct Rdp {
    value: Arc<str>,
    time: Arc<str>,
    epsilon: Option<f64>,
    /// Percent of points that stay, where no epsilon is given.
    retention: Option<f64>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let (epsilon, retention) = (args.optional("epsilon")?, args.optional::<f64>("retention")?);
    if epsilon.is_some_and(|e: f64| e < 0.0) {
        return Err(FluxError::invalid("epsilon must not be negative"));
    }
    if retention.is_some_and(|r| !(0.0..=100.0).contains(&r)) {
        return Err(FluxError::invalid("retention must be between 0 and 100 percent"));
    }
    if epsilon.is_none() && retention.is_none() {
        return Err(FluxError::new(
            weir_model::ErrorCode::NotImplemented,
            "rdp: finding an epsilon from the data is not implemented; give epsilon or retention",
        ));
    }
    args.transform(Rdp {
        value: args.string_or("valColumn", "_value")?,
        time: args.string_or("timeColumn", "_time")?,
        epsilon,
        retention,
    })
}

impl Spec for Rdp {
    fn name(&self) -> &'static str {
        "rdp"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (rdp, run) = (self.clone(), run.clone());
        per_tables(inputs, &run.clone(), node, move |batch| rdp.apply(&batch, &run).map(Some))
    }
}

impl Rdp {
    fn apply(&self, batch: &TableBatch, run: &Run) -> Result<TableBatch> {
        let at = times(batch, &self.time)?;
        let at = Ints(&at);
        let Some(index) = batch.find(&self.value) else {
            return Err(FluxError::invalid(format!("no column \"{}\" exists", self.value)));
        };
        let values = batch.row_values(index);
        let Some(values) = Floats::of(&values) else {
            let ty = batch.columns[index].ty;
            return Err(FluxError::invalid(format!("cannot compute a line of {ty} values; expected float")));
        };
        let (mut rows, mut offsets) = (Vec::new(), vec![0]);
        for table in 0..batch.runs() {
            run.check()?;
            let points: Vec<(usize, f64, f64)> = batch
                .run(table)
                .filter_map(|row| Some((row, at.get(row)? as f64 / 1e9, values.get(row)?)))
                .collect();
            let line: Vec<(f64, f64)> = points.iter().map(|p| (p.1, p.2)).collect();
            let kept = match (self.epsilon, self.retention) {
                (Some(epsilon), _) => simplify(&line, epsilon),
                (None, percent) => retain(&line, percent.unwrap_or(100.0)),
            };
            rows.extend(points.iter().zip(kept).filter(|(_, keep)| *keep).map(|(p, _)| p.0 as u32));
            offsets.push(rows.len());
        }
        let rows = arrow_array::UInt32Array::from(rows);
        let columns = batch
            .columns
            .iter()
            .filter(|c| !c.is_key() && (c.label == self.time || c.label == self.value))
            .map(|c| take_column(c, &rows))
            .collect();
        Ok(with_key(batch, columns, offsets))
    }
}

/// How far a point is from the line through two others.
fn distance(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx.hypot(dy);
    if length == 0.0 {
        return (p.0 - a.0).hypot(p.1 - a.1);
    }
    (dy * (p.0 - a.0) - dx * (p.1 - a.1)).abs() / length
}

/// Which points stay.
fn simplify(line: &[(f64, f64)], epsilon: f64) -> Vec<bool> {
    let mut keep = vec![false; line.len()];
    let Some(last) = line.len().checked_sub(1) else { return keep };
    keep[0] = true;
    keep[last] = true;
    let mut pending = vec![(0, last)];
    while let Some((from, to)) = pending.pop() {
        let farthest = (from + 1..to)
            .map(|i| (i, distance(line[i], line[from], line[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, far)) = farthest
            && far > epsilon
        {
            keep[i] = true;
            pending.extend([(from, i), (i, to)]);
        }
    }
    keep
}

/// A share of the points, those that matter most first.
fn retain(line: &[(f64, f64)], percent: f64) -> Vec<bool> {
    let wanted = ((line.len() as f64 * percent / 100.0).ceil() as usize).max(2.min(line.len()));
    let (mut low, mut high) = (0.0, spread(line));
    let mut best = simplify(line, 0.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        let kept = simplify(line, middle);
        if kept.iter().filter(|k| **k).count() > wanted {
            low = middle;
        } else {
            high = middle;
            best = kept;
        }
    }
    best
}

fn spread(line: &[(f64, f64)]) -> f64 {
    let (low, high) =
        line.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| (low.min(p.1), high.max(p.1)));
    if high > low { high - low } else { 0.0 }
}
