//! Scans of which only summaries are wanted: rows are summed up where they are decoded, or not read at all where rollups
//! tell the same.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, UInt64Array, new_null_array};
use arrow_schema::DataType;
use arrow_select::concat::concat;
use futures::stream::{self, StreamExt, TryStreamExt};
use weir_batch::{FieldType, Picked, ReduceRequest, ReducedBatch, ReducedField, Reductions, SeriesKeys};
use weir_proto::{ReduceStream, ScanStream};

use super::cursor::LiveCursor;
use super::job::{ColumnKey, Job};
use super::plan::{Cut, Planner};
use super::rollup::{Covered, Decoded, cover};
use super::run::run_then;
use crate::error::{Result, StoreError};
use crate::index::Tombstone;
use crate::layout::SegmentMeta;
use crate::read::Reader;
use crate::store::StoreOptions;

/// Summaries of `segments` merged with the `live` scans, as [`super::scan`] answers rows.
pub(crate) fn reduce(
    reader: Arc<Reader>,
    request: ReduceRequest,
    segments: Vec<Arc<SegmentMeta>>,
    tombstones: Vec<Tombstone>,
    live: Vec<ScanStream>,
    options: StoreOptions,
) -> ReduceStream {
    let live = live.into_iter().map(LiveCursor::new).collect();
    let scan = request.scan.clone();
    let planner = Planner::new(reader.clone(), scan, segments, tombstones, live, options.batch_rows, false)
        .cutting(Cut::IfLong);
    let request = Arc::new(request);
    stream::try_unfold(planner, |mut planner| async move {
        Ok::<_, StoreError>(planner.next_job().await?.map(|job| (job, planner)))
    })
    .map_ok(move |job| {
        let (reader, request) = (reader.clone(), request.clone());
        async move { run(&reader, job, request).await }
    })
    .try_buffered(options.parallel.max(1))
    .try_filter(|batch| std::future::ready(batch.rows() > 0))
    .map_err(weir_model::Error::from)
    .boxed()
}

async fn run(reader: &Reader, mut job: Job, request: Arc<ReduceRequest>) -> Result<ReducedBatch> {
    let columns = job.columns();
    let (covered, decoded) = cover(reader, &mut job, &columns, &request)?;
    let of_rollups = columns.clone();
    let mut wanted = request.wanted;
    // Rows of a window may stand before and behind a rollup: times tell which value is the first.
    wanted.times |= !covered.is_empty() && (wanted.first || wanted.last);
    if !covered.is_empty() && job.pieces.is_empty() {
        return put_together(&job, &of_rollups, None, &covered, &decoded, wanted);
    }
    run_then(reader, job, columns, move |job, rows| {
        let reduced = rows.map(|rows| rows.reduce(&request.windows, wanted));
        if covered.is_empty() {
            return Ok(reduced.unwrap_or_else(|| empty(job)));
        }
        put_together(job, &of_rollups, reduced.as_ref(), &covered, &decoded, wanted)
    })
    .await
}

fn empty(job: &Job) -> ReducedBatch {
    ReducedBatch {
        measurement: job.measurement.clone(),
        series: SeriesKeys::new(),
        offsets: vec![0],
        starts: Vec::new(),
        fields: Vec::new(),
    }
}

/// One batch of what was read and what rollups tell.
fn put_together(
    job: &Job,
    columns: &[ColumnKey],
    read: Option<&ReducedBatch>,
    covered: &[Covered],
    decoded: &Decoded,
    wanted: Reductions,
) -> Result<ReducedBatch> {
    // (series, window, place among all summaries); what was read comes first, then the stretches source by source.
    let mut entries: Vec<(usize, i64, usize)> = Vec::new();
    if let Some(read) = read {
        let numbers: HashMap<&str, usize> = (0..job.keys.len()).map(|i| (job.keys.get(i).0, i)).collect();
        for (i, key) in read.series.iter().enumerate() {
            let series = numbers.get(key.0).copied().unwrap_or_default();
            entries.extend((read.offsets[i]..read.offsets[i + 1]).map(|row| (series, read.starts[row], row)));
        }
    }
    let mut sources: Vec<(usize, Vec<usize>)> = Vec::new();
    for (source, fields) in decoded.iter().enumerate() {
        if !fields.is_empty() {
            sources.push((source, Vec::new()));
        }
    }
    let mut next = entries.len();
    for (source, stretches) in &mut sources {
        for part in covered.iter().filter(|c| c.source == *source) {
            entries.push((part.series, part.start, next));
            stretches.push(part.stretch);
            next += 1;
        }
    }
    entries.sort_by_key(|(series, start, _)| (*series, *start));
    let order: Vec<usize> = entries.iter().map(|e| e.2).collect();
    let mut out = empty(job);
    let mut groups = Vec::new();
    let mut from = 0;
    for group in entries.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let key = job.keys.get(group[0].0);
        if out.series.is_empty() || out.series.get(out.series.len() - 1) != key {
            out.series.push(key);
            out.offsets.push(groups.len());
        }
        out.starts.push(group[0].1);
        groups.push(from..from + group.len());
        from += group.len();
        if let Some(end) = out.offsets.last_mut() {
            *end = groups.len();
        }
    }
    for (number, (name, ty)) in columns.iter().enumerate() {
        let mut parts: Vec<Part> = Vec::new();
        if let Some(read) = read {
            let field = read.fields.iter().find(|f| f.name == *name && f.ty == *ty);
            parts.push(Part { field: field.cloned(), length: read.rows() });
        }
        for (source, stretches) in &sources {
            let field = decoded[*source][number].as_ref().map(|field| chosen(field, stretches, wanted));
            parts.push(Part { field, length: stretches.len() });
        }
        if parts.iter().any(|p| p.field.is_some()) {
            let all = joined(name, *ty, &parts)?.combine(&order, &groups);
            if all.count.values().iter().any(|n| *n > 0) {
                out.fields.push(all);
            }
        }
    }
    Ok(out)
}

fn float_sums(parts: &[Part]) -> Option<Float64Array> {
    let mut out = Vec::new();
    for part in parts {
        match &part.field {
            None => out.extend(std::iter::repeat_n(None, part.length)),
            Some(field) => out.extend(field.float_sum.as_ref()?.iter()),
        }
    }
    Some(out.into())
}

/// The summaries of some stretches.
fn chosen(field: &ReducedField, stretches: &[usize], wanted: Reductions) -> ReducedField {
    let asked = |picked: &Option<Picked>, wanted: bool| picked.clone().filter(|_| wanted);
    let field = ReducedField {
        name: field.name.clone(),
        ty: field.ty,
        count: field.count.clone(),
        sum: field.sum.clone().filter(|_| wanted.sum),
        float_sum: field.float_sum.clone().filter(|_| wanted.float_sum),
        min: asked(&field.min, wanted.min),
        max: asked(&field.max, wanted.max),
        first: asked(&field.first, wanted.first),
        last: asked(&field.last, wanted.last),
    };
    field.take(stretches)
}

/// Some summaries of a field; `None` where it has no values.
struct Part {
    field: Option<ReducedField>,
    length: usize,
}

fn joined(name: &Arc<str>, ty: FieldType, parts: &[Part]) -> Result<ReducedField> {
    let data = match ty {
        FieldType::Float => DataType::Float64,
        FieldType::Integer => DataType::Int64,
        FieldType::Unsigned => DataType::UInt64,
        FieldType::Boolean => DataType::Boolean,
        FieldType::String => DataType::Utf8,
    };
    if let [Part { field: Some(only), .. }] = parts {
        return Ok(only.clone());
    }
    let column = |of: &dyn Fn(&ReducedField) -> Option<ArrayRef>| -> Result<Option<ArrayRef>> {
        // What one part was not asked for is not wanted: rollups tell more.
        if parts.iter().filter_map(|p| p.field.as_ref()).any(|f| of(f).is_none()) {
            return Ok(None);
        }
        let arrays: Vec<ArrayRef> = parts
            .iter()
            .map(|p| p.field.as_ref().and_then(of).unwrap_or_else(|| new_null_array(&data, p.length)))
            .collect();
        let all: Vec<&dyn arrow_array::Array> = arrays.iter().map(|a| &**a).collect();
        concat(&all).map(Some).map_err(|e| StoreError::Rows(e.to_string()))
    };
    let times = |of: &dyn Fn(&ReducedField) -> &Option<Picked>| -> Option<Int64Array> {
        let mut out = Vec::new();
        for part in parts {
            match &part.field {
                None => out.extend(std::iter::repeat_n(None, part.length)),
                Some(field) => out.extend(of(field).as_ref()?.times.as_ref()?.iter()),
            }
        }
        Some(out.into())
    };
    let picked = |of: &dyn Fn(&ReducedField) -> &Option<Picked>| -> Result<Option<Picked>> {
        let values = column(&|f| of(f).as_ref().map(|p| p.values.clone()))?;
        Ok(values.map(|values| Picked { values, times: times(of) }))
    };
    let mut count: Vec<u64> = Vec::new();
    for part in parts {
        match &part.field {
            None => count.resize(count.len() + part.length, 0),
            Some(field) => count.extend(field.count.values()),
        }
    }
    Ok(ReducedField {
        name: name.clone(),
        ty,
        count: UInt64Array::from(count),
        sum: column(&|f| f.sum.clone())?,
        float_sum: float_sums(parts),
        min: picked(&|f| &f.min)?,
        max: picked(&|f| &f.max)?,
        first: picked(&|f| &f.first)?,
        last: picked(&|f| &f.last)?,
    })
}
