//! Scans of which few rows of each series are enough: the first, or the last.
//!
//! Which rows have values is not known before they are read. So a job reads a little of each series at first. If that
//! has enough values of every field that the rest may have values of, the rest is not read; else all is.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::Array;
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use weir_batch::{Ends, Predicate, ScanRequest, SeriesBatch, TimeRange};
use weir_proto::ScanStream;

use super::cursor::LiveCursor;
use super::job::{ColumnKey, Job, Piece, Source, Unit};
use super::plan::{Cut, Planner};
use super::run::run;
use crate::error::{Result, StoreError};
use crate::index::Tombstone;
use crate::layout::{SegmentMeta, Stretches};
use crate::read::Reader;
use crate::store::StoreOptions;

/// Fewer rows of a series are not worth cutting: a page has to be decoded as a whole.
const FEWEST: u64 = 256;

/// How many times the rows that are wanted are read before all are.
const GENEROUS: [u64; 2] = [1, 16];

/// Rows of `segments` merged with the `live` scans, as [`super::scan`] answers them, that hold the wanted ones.
pub(crate) fn ends(
    reader: Arc<Reader>,
    request: ScanRequest,
    ends: Ends,
    segments: Vec<Arc<SegmentMeta>>,
    tombstones: Vec<Tombstone>,
    live: Vec<ScanStream>,
    options: StoreOptions,
) -> ScanStream {
    let live = live.into_iter().map(LiveCursor::new).collect();
    let planner =
        Planner::new(reader.clone(), request, segments, tombstones, live, options.batch_rows, false)
            .cutting(Cut::Never);
    stream::try_unfold(planner, |mut planner| async move {
        Ok::<_, StoreError>(planner.next_job().await?.map(|job| (job, planner)))
    })
    .map_ok(move |job| few_or_all(reader.clone(), job, ends, options))
    .try_buffered(options.parallel.max(1))
    .try_flatten()
    .map_err(weir_model::Error::from)
    .boxed()
}

async fn few_or_all(
    reader: Arc<Reader>,
    job: Job,
    ends: Ends,
    options: StoreOptions,
) -> Result<BoxStream<'static, Result<SeriesBatch>>> {
    for generous in GENEROUS {
        let few = Few::of(&job, ends.last, ends.rows.max(FEWEST).saturating_mul(generous));
        if few.rows() > job_rows(&job.pieces) / 2 {
            break;
        }
        let read = run(&reader, job.with(few.units, few.pieces)).await?;
        if is_enough(&job, &few.left_out, read.as_ref(), ends.rows) {
            return Ok(stream::iter(read.map(Ok)).boxed());
        }
    }
    let parts = parts(&job, options.batch_rows.max(1) as u64);
    let read = stream::iter(parts).map(move |part| {
        let reader = reader.clone();
        async move { run(&reader, part).await }
    });
    Ok(read.buffered(options.parallel.max(1)).try_filter_map(|batch| async move { Ok(batch) }).boxed())
}

fn job_rows(pieces: &[Piece]) -> u64 {
    pieces.iter().map(|p| p.rows.end - p.rows.start).sum()
}

/// A little of each series of a job.
struct Few {
    units: Vec<Unit>,
    pieces: Vec<Piece>,
    /// Pieces of which rows were left out, by series.
    left_out: Vec<Vec<Piece>>,
}

impl Few {
    /// About so many rows of each series.
    fn of(job: &Job, last: bool, rows: u64) -> Self {
        let mut few = Self {
            units: Vec::new(),
            pieces: Vec::new(),
            left_out: job.keys.iter().map(|_| Vec::new()).collect(),
        };
        for units in job.units.chunk_by(|a, b| a.series == b.series) {
            let mut in_order: Vec<&Unit> = units.iter().collect();
            if last {
                in_order.reverse();
            }
            let mut own = few.take(job, &in_order, last, rows);
            if last {
                own.reverse();
            }
            for (unit, pieces) in own {
                let start = few.pieces.len();
                few.pieces.extend(pieces);
                few.units.push(Unit { pieces: start..few.pieces.len(), ..unit.clone() });
            }
        }
        few
    }

    /// Takes units of one series until there are enough rows.
    fn take<'a>(
        &mut self,
        job: &Job,
        units: &[&'a Unit],
        last: bool,
        mut wanted: u64,
    ) -> Vec<(&'a Unit, Vec<Piece>)> {
        let mut taken = Vec::new();
        for &unit in units {
            let own = &job.pieces[unit.pieces.clone()];
            let left_out = &mut self.left_out[unit.series];
            if wanted == 0 {
                left_out.extend_from_slice(own);
                continue;
            }
            let own = match own {
                [piece] if !unit.merge => {
                    let (rows, all) = shortened(job, piece, last, wanted);
                    if !all {
                        left_out.push(piece.clone());
                    }
                    vec![Piece { rows, ..piece.clone() }]
                }
                // Rows of these have to be compared.
                others => others.to_vec(),
            };
            wanted = wanted.saturating_sub(job_rows(&own));
            taken.push((unit, own));
        }
        taken
    }

    fn rows(&self) -> u64 {
        job_rows(&self.pieces)
    }
}

/// The first or last rows of a piece, and whether these are all that may lie in the range.
fn shortened(job: &Job, piece: &Piece, last: bool, wanted: u64) -> (Range<u64>, bool) {
    let mut rows = piece.rows.clone();
    let beyond = !job.range.contains(if last { piece.max_time } else { piece.min_time });
    // Rows that are not of the range come first.
    let mut outside = 0;
    if beyond {
        let mut edge =
            Edge { rows: rows.end - rows.start, min_time: piece.min_time, max_time: piece.max_time };
        if let Source::Segment(segment) = &job.sources[piece.source]
            && let Some(rollups) = &segment.tail.series.rollups
        {
            edge = edge.narrowed(&rollups.stretches, &job.range, last, &mut rows);
        }
        outside = edge.outside(&job.range, last);
    }
    let all = rows.clone();
    let wanted = wanted.saturating_add(outside);
    if last {
        rows.start = rows.start.max(rows.end.saturating_sub(wanted));
    } else {
        rows.end = rows.end.min(rows.start.saturating_add(wanted));
    }
    (rows.clone(), rows == all)
}

/// Rows of which some lie before the range's start, or behind its stop.
struct Edge {
    rows: u64,
    min_time: i64,
    max_time: i64,
}

impl Edge {
    /// The stretch of rollups in which the range starts or stops; `rows` loses those that lie outside as a whole.
    fn narrowed(self, stretches: &Stretches, range: &TimeRange, last: bool, rows: &mut Range<u64>) -> Self {
        let within = stretches.within(rows);
        let at = if last {
            let outside =
                within.start + stretches.min_time[within.clone()].partition_point(|t| *t < range.stop);
            if outside < within.end {
                rows.end = stretches.first_row[outside];
            }
            outside.checked_sub(1).filter(|at| *at >= within.start)
        } else {
            let inside =
                within.start + stretches.max_time[within.clone()].partition_point(|t| *t < range.start);
            if inside > within.start {
                rows.start = stretches.first_row[inside - 1] + stretches.rows[inside - 1];
            }
            Some(inside).filter(|at| *at < within.end)
        };
        at.map_or(self, |at| Self {
            rows: stretches.rows[at],
            min_time: stretches.min_time[at],
            max_time: stretches.max_time[at],
        })
    }

    /// About how many of the rows lie outside, if they come at even distances.
    fn outside(&self, range: &TimeRange, last: bool) -> u64 {
        let (min, max) = (i128::from(self.min_time), i128::from(self.max_time));
        let before = if last { max - i128::from(range.stop) } else { i128::from(range.start) - min };
        let length = (max - min).max(1);
        let outside = i128::from(self.rows) * before.clamp(0, length) / length;
        u64::try_from(outside + outside / 8).unwrap_or(self.rows).min(self.rows)
    }
}

/// Whether what was read has so many values of each field that the series may have more of.
fn is_enough(job: &Job, left_out: &[Vec<Piece>], read: Option<&SeriesBatch>, wanted: u64) -> bool {
    let columns = job.columns();
    let rests = rests(job);
    // Both ascend.
    let mut next = 0;
    for (series, left_out) in left_out.iter().enumerate() {
        let key = job.keys.get(series);
        let mut place = None;
        if let Some(read) = read {
            while next < read.series.len() && read.series.get(next) < key {
                next += 1;
            }
            place = (next < read.series.len() && read.series.get(next) == key)
                .then(|| read.offsets[next]..read.offsets[next + 1]);
        }
        for column in &columns {
            let wants =
                rests[series].is_none_or(|rest| rest.for_field(&column.0) != Predicate::Constant(false));
            if !wants || !left_out.iter().any(|piece| may_have(job, piece, column)) {
                continue;
            }
            let values = read.zip(place.clone()).map_or(0, |(read, rows)| values(read, column, rows));
            if (values as u64) < wanted {
                return false;
            }
        }
    }
    true
}

/// What is left to decide of each series' fields and values.
fn rests(job: &Job) -> Vec<Option<&Predicate>> {
    let mut rests = vec![None; job.keys.len()];
    for unit in &job.units {
        rests[unit.series] = Some(job.filter.rest(unit.rest));
    }
    rests
}

/// Whether the series may have values of a field in a piece.
fn may_have(job: &Job, piece: &Piece, column: &ColumnKey) -> bool {
    match &job.sources[piece.source] {
        Source::Live(batch) => {
            batch.fields.iter().any(|f| f.name == column.0 && f.field_type() == Some(column.1))
        }
        Source::Segment(segment) => {
            let Some(field) = segment.meta.fields.iter().position(|f| f == column) else { return false };
            let set = piece.fields.and_then(|set| segment.tail.series.field_sets.get(set as usize));
            set.is_none_or(|set| set.get(field / 8).is_some_and(|bits| bits >> (field % 8) & 1 == 1))
        }
    }
}

/// How many values of a field some rows have.
fn values(batch: &SeriesBatch, column: &ColumnKey, rows: Range<usize>) -> usize {
    let field = batch.fields.iter().find(|f| f.name == column.0 && f.field_type() == Some(column.1));
    field.map_or(0, |f| rows.len() - f.values.slice(rows.start, rows.len()).null_count())
}

/// The job in parts of about so many rows.
fn parts(job: &Job, rows: u64) -> Vec<Job> {
    let mut parts = Vec::new();
    let (mut units, mut pieces): (Vec<Unit>, Vec<Piece>) = (Vec::new(), Vec::new());
    for unit in &job.units {
        let slices = match &job.pieces[unit.pieces.clone()] {
            // Rows of one piece need no others.
            [piece] if !unit.merge => {
                let starts =
                    (piece.rows.start..piece.rows.end).step_by(usize::try_from(rows).unwrap_or(usize::MAX));
                starts
                    .map(|start| {
                        vec![Piece { rows: start..piece.rows.end.min(start + rows), ..piece.clone() }]
                    })
                    .collect()
            }
            own => vec![own.to_vec()],
        };
        for slice in slices {
            if !units.is_empty() && job_rows(&pieces) + job_rows(&slice) > rows {
                parts.push(job.with(std::mem::take(&mut units), std::mem::take(&mut pieces)));
            }
            let start = pieces.len();
            pieces.extend(slice);
            units.push(Unit { pieces: start..pieces.len(), ..unit.clone() });
        }
    }
    if !units.is_empty() {
        parts.push(job.with(units, pieces));
    }
    parts
}
