//! The newest or oldest row of each series, where no other can be shown: `LIMIT 1` over rows as they are, and FIRST and
//! LAST where summaries do not tell.

use arrow_array::Array;
use futures::TryStreamExt;
use weir_batch::{ReduceRequest, ReducedBatch, Reductions, ScanWindows};
use weir_influxql_syntax::{Expr, Field};

use super::load::{Loaded, Series};
use super::summed::value_at;
use super::{Found, Input, Running, collect, expand};
use crate::column::Column;
use crate::env::rank;
use crate::error::Result;

impl Running<'_> {
    /// Reads only the outermost row of each series, if the statement shows no more of any group than one row.
    pub(super) fn newest_inputs(&self, found: &[Found<'_>], fields: &[Field]) -> Result<Option<Vec<Input>>> {
        let (mut calls, mut refs) = (Vec::new(), Vec::new());
        for field in expand::shown_fields(fields) {
            collect(&field.expr, &mut calls, &mut refs);
        }
        let rows = calls.is_empty() && self.select.limit == 1 && self.select.offset == 0;
        // FIRST or LAST without windows looks at no more either.
        let forwards = match &calls[..] {
            [Expr::Call { name, args }] if refs.is_empty() && matches!(args[..], [Expr::VarRef { .. }]) => {
                match name.as_str() {
                    "first" => Some(true),
                    "last" => Some(false),
                    _ => None,
                }
            }
            _ => None,
        };
        let forwards = match forwards.filter(|_| self.windows.every == 0) {
            None if rows => self.ascending,
            Some(forwards) => forwards,
            None => return Ok(None),
        };
        if self.series != (0, 0) {
            return Ok(None);
        }
        let names = expand::references(fields);
        let wanted = Reductions { first: forwards, last: !forwards, times: true, ..Reductions::default() };
        let mut inputs = Vec::new();
        for found in found {
            let Found::Measurements { bucket, names: measurements } = found else { return Ok(None) };
            let range = (self.start, self.end);
            let Some(scan) = self.tags_only(*bucket, measurements, &names, range)? else { return Ok(None) };
            let request = ReduceRequest { scan, windows: ScanWindows::Whole, wanted };
            let batches: Vec<ReducedBatch> =
                self.run.block_on(async { self.run.env.reduce(request).await?.try_collect().await })?;
            self.run.check()?;
            inputs.push(Input::Measurements(outermost(&batches, forwards)));
        }
        Ok(Some(inputs))
    }
}

/// The outermost row of each series.
fn outermost(batches: &[ReducedBatch], forwards: bool) -> Loaded {
    let mut out = Loaded::default();
    for batch in batches {
        for field in &batch.fields {
            let known = out.types.entry(field.name.to_string()).or_insert(field.ty);
            if rank(field.ty) < rank(*known) {
                *known = field.ty;
            }
        }
        for (s, key) in batch.series.iter().enumerate() {
            // A series that goes on in the next batch is told in parts.
            for row in batch.offsets[s]..batch.offsets[s + 1] {
                let picked = batch.fields.iter().filter_map(|field| {
                    let picked = if forwards { &field.first } else { &field.last };
                    let picked = picked.as_ref().filter(|p| p.values.is_valid(row))?;
                    Some((field, picked.times.as_ref()?.value(row), value_at(&*picked.values, row)))
                });
                let picked: Vec<_> = picked.collect();
                let times = picked.iter().map(|p| p.1);
                let Some(time) = (if forwards { times.min() } else { times.max() }) else {
                    continue;
                };
                let mut series = Series {
                    measurement: batch.measurement.clone(),
                    tags: key.tags().map(|(k, v)| (k.into_owned(), v.into_owned())).collect(),
                    times: vec![time],
                    fields: Default::default(),
                };
                for (field, at, value) in picked {
                    // Of two fields of one name and different types, one has a value at this time.
                    if at == time {
                        series.fields.insert(field.name.to_string(), Column::repeat(&value, 1));
                    }
                }
                match out.series.last_mut() {
                    Some(last) if last.measurement == series.measurement && last.tags == series.tags => {
                        let better = if forwards { time < last.times[0] } else { time > last.times[0] };
                        if better {
                            *last = series;
                        }
                    }
                    _ => out.series.push(series),
                }
            }
        }
    }
    out
}
