//! Quantiles of histograms as PromQL computes them: bounds are text, in the tag `le`.

use std::sync::Arc;

use arrow_array::Float64Array;
use weir_table::{Column, ColumnType, Floats, Strings, TableBatch};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::tables::per_tables;
use crate::tables::rows::{keep_runs, with_key};
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "internal/promql",
    name: "promHistogramQuantile",
    signature: "(<-tables: stream[A], ?quantile: float, ?countColumn: string, ?upperBoundColumn: string, \
                ?valueColumn: string) => stream[B] where A: Record, B: Record",
    doc: "A quantile of histograms whose bounds are in the tag `le`.",
    body: Body::Native(call),
};

#[derive(Debug, Clone)]
struct HistogramQuantile {
    quantile: f64,
    count: Arc<str>,
    bound: Arc<str>,
    value: Arc<str>,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    args.transform(HistogramQuantile {
        quantile: args.required("quantile")?,
        count: args.string_or("countColumn", "_value")?,
        bound: args.string_or("upperBoundColumn", "le")?,
        value: args.string_or("valueColumn", "_value")?,
    })
}

/// How many values are no greater than a bound.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bucket {
    bound: f64,
    count: f64,
}

impl HistogramQuantile {
    fn apply(&self, batch: &TableBatch) -> Result<TableBatch> {
        let wrong = |label: &str, ty: &str| {
            FluxError::invalid(format!("histogramQuantile: column \"{label}\" must be of type {ty}"))
        };
        let Some(index) = batch.find(&self.count) else {
            return Err(FluxError::invalid(format!("table is missing count column \"{}\"", self.count)));
        };
        let counts = batch.row_values(index);
        let counts = Floats::of(&counts).ok_or_else(|| wrong(&self.count, "float"))?;
        let bounds = batch.find(&self.bound).map(|i| batch.row_values(i));
        let bounds = match &bounds {
            Some(array) => Some(Strings::of(array).ok_or_else(|| wrong(&self.bound, "string"))?),
            None => None,
        };
        let (mut kept, mut answers, mut offsets) = (Vec::new(), Vec::new(), vec![0]);
        for run in 0..batch.runs() {
            let mut buckets = Vec::new();
            for row in batch.run(run) {
                let Some(count) = counts.get(row) else {
                    return Err(FluxError::invalid("unexpected null in the countColumn"));
                };
                let bound = bounds.as_ref().and_then(|b| b.get(row)?.parse().ok());
                buckets.extend(bound.map(|bound| Bucket { bound, count }));
            }
            if let Some(answer) = quantile(self.quantile, buckets) {
                answers.push(answer);
            } else if bounds.is_some() {
                continue;
            }
            // Without bounds a table is answered by one without rows.
            kept.push(run as u32);
            offsets.push(answers.len());
        }
        let value =
            Column::row(Arc::clone(&self.value), ColumnType::Float, Arc::new(Float64Array::from(answers)));
        with_key(&keep_runs(batch, &kept), vec![value], offsets)
    }
}

/// The value below which a share of what was counted lies, by a straight line within its bucket; none of no buckets.
fn quantile(share: f64, mut buckets: Vec<Bucket>) -> Option<f64> {
    buckets.sort_by(|a, b| a.bound.total_cmp(&b.bound));
    let all = *buckets.last()?;
    if !(0.0..=1.0).contains(&share) {
        return Some(if share < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if all.bound != f64::INFINITY {
        return Some(f64::NAN);
    }
    buckets.dedup_by(|next, kept| {
        let same = next.bound == kept.bound;
        if same {
            kept.count += next.count;
        }
        same
    });
    let [finite @ .., all] = buckets.as_mut_slice() else { return Some(f64::NAN) };
    let Some(highest) = finite.last().map(|b| b.bound) else { return Some(f64::NAN) };
    // Counts that fall are those of scrapes that missed a part.
    let mut most = f64::NEG_INFINITY;
    for bucket in finite.iter_mut() {
        most = most.max(bucket.count);
        bucket.count = most;
    }
    let rank = share * all.count;
    let at = finite.partition_point(|b| b.count < rank);
    let Some(bucket) = finite.get(at) else { return Some(highest) };
    let below = match at.checked_sub(1) {
        Some(i) => finite[i],
        None if bucket.bound <= 0.0 => return Some(bucket.bound),
        None => Bucket { bound: 0.0, count: 0.0 },
    };
    Some(below.bound + (bucket.bound - below.bound) * ((rank - below.count) / (bucket.count - below.count)))
}

impl Spec for HistogramQuantile {
    fn name(&self) -> &'static str {
        "promHistogramQuantile"
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let this = self.clone();
        per_tables(inputs, run, node, move |batch| this.apply(&batch).map(Some))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(share: f64, buckets: &[(f64, f64)]) -> f64 {
        quantile(share, buckets.iter().map(|&(bound, count)| Bucket { bound, count }).collect()).unwrap()
    }

    #[test]
    fn ranks_lie_in_buckets() {
        let buckets = [(f64::INFINITY, 10.0), (1.0, 4.0), (2.0, 8.0)];
        assert_eq!(of(0.2, &buckets), 0.5);
        assert_eq!(of(0.6, &buckets), 1.5);
        assert_eq!(of(0.95, &buckets), 2.0, "what is above all bounds lies at the highest");
        assert_eq!((of(-0.1, &buckets), of(1.1, &buckets)), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(of(0.1, &[(-1.0, 5.0), (f64::INFINITY, 5.0)]), -1.0);
        assert_eq!(of(0.5, &[(1.0, 4.0), (1.0, 4.0), (2.0, 6.0), (f64::INFINITY, 8.0)]), 0.5);
        assert!(of(0.5, &buckets[1..]).is_nan(), "how many there are is not told");
        assert!(of(0.5, &buckets[..1]).is_nan());
        assert_eq!(quantile(0.5, Vec::new()), None);
    }
}
