//! Running a job: fetch what it reads, decode, merge, apply what is left of the predicate.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt64Type};
use arrow_array::{ArrayRef, Int64Array, UInt64Array};
use bytes::Bytes;
use futures::future::try_join_all;
use weir_batch::{FieldType, SeriesBatch};

use super::gather::{Gather, gather};
use super::job::{ColumnKey, Job, Source, spans};
use super::merge::{Resolved, merge_unit};
use super::values::finish;
use crate::error::{Result, StoreError};
use crate::read::{OpenSegment, Reader, decode};

/// Fewer values than this are decoded in less time than it takes to wake another thread for it and to be woken again.
const INLINE: u64 = 20_000;

/// The bytes of column chunks by (row group, column).
type Chunks = HashMap<(usize, usize), Bytes>;

/// Runs a job; the decoding happens on a blocking thread. `None` if no row is left.
pub(crate) async fn run(reader: &Reader, job: Job) -> Result<Option<SeriesBatch>> {
    let columns = job.columns();
    run_then(reader, job, columns, |_, rows| Ok(rows)).await
}

/// Runs a job, and what comes `then` of its rows on the same thread.
pub(crate) async fn run_then<T: Send + 'static>(
    reader: &Reader,
    job: Job,
    columns: Vec<ColumnKey>,
    then: impl FnOnce(&Job, Option<SeriesBatch>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let cells =
        job.pieces.iter().map(|p| p.rows.end - p.rows.start).sum::<u64>() * (1 + columns.len() as u64);
    let fetches =
        job.sources.iter().enumerate().map(|(number, source)| fetch(reader, &job, number, source, &columns));
    let chunks = try_join_all(fetches).await?;
    let work = move || {
        let rows = execute(&job, &columns, &chunks)?;
        then(&job, rows)
    };
    if cells < INLINE { work() } else { tokio::task::spawn_blocking(work).await? }
}

async fn fetch(
    reader: &Reader,
    job: &Job,
    number: usize,
    source: &Source,
    columns: &[ColumnKey],
) -> Result<Chunks> {
    let Source::Segment(segment) = source else { return Ok(Chunks::new()) };
    let mut leaves = vec![segment.tail.time.number];
    if job.needs_sequences(number) {
        leaves.push(segment.tail.sequence.number);
    }
    leaves.extend(columns.iter().filter_map(|c| leaf_of(segment, c)).map(|leaf| leaf.number));
    reader.chunks(segment, &leaves, &job.spans(number)).await
}

fn leaf_of(segment: &OpenSegment, column: &ColumnKey) -> Option<crate::read::Leaf> {
    let number = segment.meta.fields.iter().position(|field| field == column)?;
    segment.tail.fields.get(number).copied()
}

/// A source's times and sequences, decoded.
struct Clock {
    /// Which rows of a segment were decoded; empty for live rows, which are all there.
    spans: Vec<Range<u64>>,
    times: Int64Array,
    sequences: Option<UInt64Array>,
}

/// Where row `row` is in the concatenation of `spans`.
fn place(spans: &[Range<u64>], row: u64) -> usize {
    let mut before = 0;
    for span in spans {
        if row < span.end {
            return before + (row - span.start) as usize;
        }
        before += (span.end - span.start) as usize;
    }
    before
}

/// Answers [`place`]s of ascending rows without starting over each time.
struct Places<'a> {
    spans: &'a [Range<u64>],
    number: usize,
    before: usize,
}

impl<'a> Places<'a> {
    fn new(spans: &'a [Range<u64>]) -> Self {
        Self { spans, number: 0, before: 0 }
    }

    fn of(&mut self, row: u64) -> usize {
        if self.spans.get(self.number).is_some_and(|span| row < span.start) {
            return place(self.spans, row);
        }
        while let Some(span) = self.spans.get(self.number).filter(|span| row >= span.end) {
            self.before += (span.end - span.start) as usize;
            self.number += 1;
        }
        self.spans.get(self.number).map_or(self.before, |span| self.before + (row - span.start) as usize)
    }
}

fn bytes_of<'a>(
    segment: &'a OpenSegment,
    chunks: &'a Chunks,
    leaf: crate::read::Leaf,
) -> impl Fn(usize) -> Result<Bytes> + 'a {
    move |group| {
        chunks
            .get(&(group, leaf.number))
            .cloned()
            .ok_or_else(|| StoreError::corrupt(&segment.meta.object, "a column chunk was not fetched"))
    }
}

fn clock(job: &Job, number: usize, chunks: &Chunks) -> Result<Clock> {
    match &job.sources[number] {
        Source::Live(batch) => {
            Ok(Clock { spans: Vec::new(), times: batch.times.clone(), sequences: batch.sequences.clone() })
        }
        Source::Segment(segment) => {
            let spans = job.spans(number);
            let tail = &segment.tail;
            let times = decode(tail, tail.time, &spans, &bytes_of(segment, chunks, tail.time))?;
            let sequences = if job.needs_sequences(number) {
                let array = decode(tail, tail.sequence, &spans, &bytes_of(segment, chunks, tail.sequence))?;
                Some(array.as_primitive::<UInt64Type>().clone())
            } else {
                None
            };
            Ok(Clock { spans, times: times.as_primitive::<Int64Type>().clone(), sequences })
        }
    }
}

/// The pieces with their places in the decoded arrays, cut to the range of the scan.
fn resolve(job: &Job, clocks: &[Clock]) -> Vec<Resolved> {
    let mut places: Vec<Places<'_>> = clocks.iter().map(|c| Places::new(&c.spans)).collect();
    job.pieces
        .iter()
        .map(|piece| {
            let clock = &clocks[piece.source];
            let mut rows = piece.rows.clone();
            let mut at = match &job.sources[piece.source] {
                Source::Live(_) => rows.start as usize,
                Source::Segment(_) => places[piece.source].of(rows.start),
            };
            let times = &clock.times.values()[at..at + (rows.end - rows.start) as usize];
            if !job.range.contains(piece.min_time) {
                let skip = times.partition_point(|t| *t < job.range.start);
                at += skip;
                rows.start += skip as u64;
            }
            if !job.range.contains(piece.max_time) {
                rows.end -= (times.len() - times.partition_point(|t| *t < job.range.stop)) as u64;
            }
            rows.end = rows.end.max(rows.start);
            Resolved { source: piece.source, rows, clock_at: at, values_at: 0 }
        })
        .collect()
}

fn execute(job: &Job, columns: &[ColumnKey], chunks: &[Chunks]) -> Result<Option<SeriesBatch>> {
    let clocks = (0..job.sources.len()).map(|n| clock(job, n, &chunks[n])).collect::<Result<Vec<_>>>()?;
    let mut pieces = resolve(job, &clocks);

    // The values of the rows that are left, for each source and column.
    let mut values: Vec<Vec<Option<ArrayRef>>> = Vec::with_capacity(job.sources.len());
    for (number, source) in job.sources.iter().enumerate() {
        match source {
            Source::Live(batch) => {
                for piece in pieces.iter_mut().filter(|p| p.source == number) {
                    piece.values_at = piece.clock_at;
                }
                let of = |(name, ty): &ColumnKey| {
                    let field =
                        batch.fields.iter().find(|f| f.name == *name && f.field_type() == Some(*ty))?;
                    Some(field.values.clone())
                };
                let mut of_source: Vec<Option<ArrayRef>> = columns.iter().map(of).collect();
                if job.keep_sequences {
                    of_source.push(batch.sequences.clone().map(|s| Arc::new(s) as ArrayRef));
                }
                values.push(of_source);
            }
            Source::Segment(segment) => {
                let wanted = spans(pieces.iter().filter(|p| p.source == number).map(|p| p.rows.clone()));
                let mut places = Places::new(&wanted);
                for piece in pieces.iter_mut().filter(|p| p.source == number && p.rows.start < p.rows.end) {
                    piece.values_at = places.of(piece.rows.start);
                }
                let of = |column: &ColumnKey| {
                    leaf_of(segment, column)
                        .map(|leaf| {
                            decode(&segment.tail, leaf, &wanted, &bytes_of(segment, &chunks[number], leaf))
                        })
                        .transpose()
                };
                let mut of_source = columns.iter().map(of).collect::<Result<Vec<_>>>()?;
                if job.keep_sequences {
                    // Once more, for the places of values differ from those of times.
                    let leaf = segment.tail.sequence;
                    let bytes = bytes_of(segment, &chunks[number], leaf);
                    of_source.push(Some(decode(&segment.tail, leaf, &wanted, &bytes)?));
                }
                values.push(of_source);
            }
        }
    }

    let mut out = Gather::default();
    let mut ends = Vec::with_capacity(job.units.len());
    for unit in &job.units {
        let pieces = &pieces[unit.pieces.clone()];
        if unit.merge {
            let hidden: Vec<_> = unit.tombstones.iter().map(|t| &job.tombstones[*t]).collect();
            let of = |n: usize| {
                let clock = &clocks[n];
                let sequences = clock.sequences.as_ref().map_or(&[][..], |s| s.values().as_ref());
                (clock.times.values().as_ref(), sequences)
            };
            merge_unit(pieces, &of, &hidden, &mut out);
        } else {
            for piece in pieces {
                let length = (piece.rows.end - piece.rows.start) as usize;
                let times = &clocks[piece.source].times.values()[piece.clock_at..piece.clock_at + length];
                out.copy(piece.source, piece.values_at, times);
            }
        }
        ends.push(out.rows());
    }
    if out.rows() == 0 {
        return Ok(None);
    }
    let column = |number: usize, ty| {
        let sources: Vec<Option<ArrayRef>> = values.iter().map(|v| v[number].clone()).collect();
        gather(&out, ty, &sources)
    };
    let arrays = columns
        .iter()
        .enumerate()
        .map(|(number, (_, ty))| column(number, *ty))
        .collect::<Result<Vec<_>>>()?;
    // A row made of several takes the sequence of the newest.
    let sequences = if job.keep_sequences { Some(column(columns.len(), FieldType::Unsigned)?) } else { None };
    finish(job, columns, arrays, sequences, Int64Array::from(out.into_times()), &ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_spans() {
        let spans = [10..20, 30..31, 40..50];
        let mut places = Places::new(&spans);
        let got: Vec<usize> = [10, 19, 30, 40, 49].into_iter().map(|row| places.of(row)).collect();
        assert_eq!(got, [0, 9, 10, 11, 20]);
        assert_eq!(places.of(12), 2, "rows that go back are found too");
    }
}
