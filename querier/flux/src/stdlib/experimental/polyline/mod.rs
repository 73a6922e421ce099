//! `experimental/polyline`: lines of fewer points.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array};
use weir_table::{Column, ColumnType, Ints, Scalar, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition, Package};
use crate::tables::per_tables;
use crate::tables::rows::{times, with_key};
use crate::value::Value;

/// The package.
pub static PACKAGE: Package =
    Package { path: "experimental/polyline", name: "polyline", members: &[&DEFINITION] };

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
    let (epsilon, retention) = (args.optional::<f64>("epsilon")?, args.optional::<f64>("retention")?);
    if epsilon.is_some_and(|e| e.is_nan() || e <= 0.0) {
        return Err(FluxError::invalid("Epsilon values need to be greater than 0.0"));
    }
    if retention.is_some_and(|r| r.is_nan() || r <= 0.0 || r >= 100.0) {
        return Err(FluxError::invalid("Retention percentage should be between 0.0 and 100.0"));
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

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (rdp, run) = (self.clone(), run.clone());
        per_tables(inputs, &run.clone(), node, move |batch| rdp.apply(&batch, &run).map(Some))
    }
}

impl Rdp {
    fn apply(&self, batch: &TableBatch, run: &Run) -> Result<TableBatch> {
        if batch.find(&self.time).is_none() {
            return Err(FluxError::invalid(format!("cannot find time column {}", self.time)));
        }
        let at = times(batch, &self.time)?;
        let at = Ints(&at);
        let Some(index) = batch.find(&self.value) else {
            return Err(FluxError::invalid(format!("cannot find column {}", self.value)));
        };
        let ty = batch.columns[index].ty;
        if !ty.is_numeric() {
            return Err(FluxError::invalid(format!("rdp can work only on numerical types, got {ty}")));
        }
        let (mut out_times, mut out_values, mut offsets) = (Vec::new(), Vec::new(), vec![0]);
        for table in 0..batch.runs() {
            run.check()?;
            let points: Vec<(i64, f64)> = batch
                .run(table)
                .filter_map(|row| {
                    let value = match batch.cell(index, table, row) {
                        Scalar::Int(v) => v as f64,
                        Scalar::UInt(v) => v as f64,
                        Scalar::Float(v) => v,
                        // The reference draws its lines through zero there.
                        _ => 0.0,
                    };
                    Some((at.get(row)?, value))
                })
                .collect();
            let line: Vec<(f64, f64)> = points.iter().map(|p| (p.0 as f64, p.1)).collect();
            let kept = match (self.epsilon, self.retention) {
                (Some(_), Some(_)) => {
                    return Err(FluxError::invalid(
                        "Please provide either epsilon or retention rate and not both",
                    ));
                }
                (Some(epsilon), None) => simplify(&line, |_, _| epsilon),
                (None, Some(percent)) => retain(&line, percent)?,
                (None, None) => simplify(&line, tolerance),
            };
            for ((time, value), _) in points.iter().zip(kept).filter(|(_, keep)| *keep) {
                out_times.push(*time);
                out_values.push(*value);
            }
            offsets.push(out_times.len());
        }
        let times: ArrayRef = Arc::new(Int64Array::from(out_times));
        let values: ArrayRef = Arc::new(Float64Array::from(out_values));
        let columns = vec![
            Column::row("_time", ColumnType::Time, times),
            Column::row("_value", ColumnType::Float, values),
        ];
        with_key(batch, columns, offsets)
    }
}

/// Nanoseconds and a value.
type Point = (f64, f64);

/// How far a point is from the line through two others; not a number where these are the same.
fn distance(p: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    (dx * (p.1 - from.1) - dy * (p.0 - from.0)).abs() / dx.hypot(dy)
}

/// The point between two others that is farthest from their line.
fn farthest(line: &[Point], from: usize, to: usize) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for i in from + 1..to {
        let far = distance(line[i], line[from], line[to]);
        if far > best.map_or(0.0, |b| b.1) {
            best = Some((i, far));
        }
    }
    best
}

/// Which points stay: the ends, and what is at least as far from the line between those that stay as `epsilon`
/// answers for these two.
fn simplify(line: &[Point], epsilon: impl Fn(Point, Point) -> f64) -> Vec<bool> {
    let mut keep = vec![false; line.len()];
    let Some(last) = line.len().checked_sub(1) else { return keep };
    (keep[0], keep[last]) = (true, true);
    let mut pending = vec![(0, last)];
    while let Some((from, to)) = pending.pop() {
        if let Some((i, far)) = farthest(line, from, to)
            && far >= epsilon(line[from], line[to])
        {
            keep[i] = true;
            pending.extend([(from, i), (i, to)]);
        }
    }
    keep
}

/// The share of the points that matter most: those on which simplifying would split with the largest distances.
fn retain(line: &[Point], percent: f64) -> Result<Vec<bool>> {
    let Some(last) = line.len().checked_sub(1) else { return Ok(Vec::new()) };
    let wanted = (percent / 100.0 * line.len() as f64).floor() as usize;
    if wanted < 1 {
        return Err(FluxError::invalid(
            "The number of points to retain is less than 1. Please consider increasing the retention rate",
        ));
    }
    let mut weights = vec![0.0; line.len()];
    let mut pending = vec![(0, last)];
    while let Some((from, to)) = pending.pop() {
        if let Some((i, far)) = farthest(line, from, to) {
            weights[i] = far;
            pending.extend([(from, i), (i, to)]);
        }
    }
    (weights[0], weights[last]) = (f64::INFINITY, f64::INFINITY);
    let mut sorted = weights.clone();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let least = sorted[wanted.min(sorted.len()) - 1];
    Ok(weights.iter().map(|w| *w >= least).collect())
}

/// How far points may be from a line that is drawn on a grid: the bound on the deviation of a digitized line from the
/// true one, by Prasad and others ("A novel framework for making dominant point detection methods non-parametric").
fn tolerance(from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let angle = if dx == 0.0 { 0.0 } else { (dy / dx).atan() };
    let (sine, cosine) = angle.sin_cos();
    let t = (sine.abs() + cosine.abs()) / length;
    let bound = |sum: f64| (sum.abs() / length * (1.0 - t + t * t)).atan();
    length * bound(sine + cosine).max(bound(sine - cosine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_corners_stay() {
        let line = [(0.0, 0.0), (1.0, 0.1), (2.0, 5.0), (3.0, 0.1), (4.0, 0.0)];
        assert_eq!(simplify(&line, |_, _| 3.0), [true, false, true, false, true]);
        assert_eq!(retain(&line, 60.0), Ok(vec![true, false, true, false, true]));
        assert!(retain(&line, 10.0).is_err());
        assert!(simplify(&[], |_, _| 1.0).is_empty());
    }
}
