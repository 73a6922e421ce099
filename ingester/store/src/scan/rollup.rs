//! What of a job's rows rollups tell, so that these rows need not be read.

use std::ops::Range;
use std::sync::Arc;

use weir_batch::{Predicate, ReduceRequest, ReducedField};

use super::job::{ColumnKey, Job, Piece, Source, Unit};
use crate::error::Result;
use crate::read::{OpenSegment, Reader};

/// Rows that are summed up already.
#[derive(Debug)]
pub(crate) struct Covered {
    /// Index into the job's series.
    pub(crate) series: usize,
    /// Index into the job's sources.
    pub(crate) source: usize,
    /// The start of the window they lie in.
    pub(crate) start: i64,
    /// Which stretch of the source's rollups.
    pub(crate) stretch: usize,
}

/// Decoded rollups of the columns of a job: for each source and column.
pub(crate) type Decoded = Vec<Vec<Option<Arc<ReducedField>>>>;

/// Takes rows out of the job that rollups answer. What a rollup cannot answer (times of extremes, values that are to be
/// compared, rows that overlap others) stays.
pub(crate) fn cover(
    reader: &Reader,
    job: &mut Job,
    columns: &[ColumnKey],
    request: &ReduceRequest,
) -> Result<(Vec<Covered>, Decoded)> {
    let mut covered = Vec::new();
    if request.wanted.times && (request.wanted.min || request.wanted.max) {
        return Ok((covered, Vec::new()));
    }
    let usable: Vec<bool> = job
        .sources
        .iter()
        .map(|source| match source {
            Source::Live(_) => false,
            Source::Segment(segment) => is_usable(segment, columns),
        })
        .collect();
    let mut pieces: Vec<Piece> = Vec::with_capacity(job.pieces.len());
    for unit in &mut job.units {
        let own = unit.pieces.clone();
        let start = pieces.len();
        match &job.pieces[own.clone()] {
            [piece]
                if !unit.merge
                    && usable[piece.source]
                    && columns.iter().all(|(name, _)| plain(job.filter.rest(unit.rest), name)) =>
            {
                let Source::Segment(segment) = &job.sources[piece.source] else { continue };
                take_out(segment, unit, piece, job.range, request, &mut covered, &mut pieces);
            }
            others => pieces.extend_from_slice(others),
        }
        unit.pieces = start..pieces.len();
    }
    job.pieces = pieces;
    let mut decoded: Decoded = vec![Vec::new(); job.sources.len()];
    for (number, source) in job.sources.iter().enumerate() {
        let Source::Segment(segment) = source else { continue };
        if covered.iter().any(|c| c.source == number) {
            for column in columns {
                let field = segment.meta.fields.iter().position(|f| f == column);
                decoded[number].push(field.map_or(Ok(None), |field| reader.rollups(segment, field))?);
            }
        }
    }
    Ok((covered, decoded))
}

/// Whether the rollups of a segment tell all that is wanted.
fn is_usable(segment: &OpenSegment, columns: &[ColumnKey]) -> bool {
    let Some(rollups) = &segment.tail.series.rollups else { return false };
    let told = |column: &ColumnKey| match segment.meta.fields.iter().position(|f| f == column) {
        None => true,
        Some(field) => rollups.has(field),
    };
    columns.iter().all(told)
}

/// Whether all values of a field are wanted, or none.
fn plain(rest: &Predicate, field: &str) -> bool {
    matches!(rest.for_field(field), Predicate::Constant(_))
}

fn take_out(
    segment: &OpenSegment,
    unit: &Unit,
    piece: &Piece,
    range: weir_batch::TimeRange,
    request: &ReduceRequest,
    covered: &mut Vec<Covered>,
    left: &mut Vec<Piece>,
) {
    let Some(rollups) = &segment.tail.series.rollups else { return left.push(piece.clone()) };
    let stretches = &rollups.stretches;
    let mut next = piece.rows.start;
    let mut keep = |rows: Range<u64>| {
        if rows.start < rows.end {
            left.push(Piece { rows, ..piece.clone() });
        }
    };
    for stretch in stretches.within(&piece.rows) {
        let (min, max) = (stretches.min_time[stretch], stretches.max_time[stretch]);
        if !range.overlaps(min, max) {
            // Not wanted at all: neither told nor read.
            keep(next..stretches.first_row[stretch]);
            next = stretches.first_row[stretch] + stretches.rows[stretch];
            continue;
        }
        let Some((start, stop)) = request.windows.around(min) else { continue };
        let inside = range.contains(min) && range.contains(max) && (max < stop || stop == i64::MAX);
        if inside {
            keep(next..stretches.first_row[stretch]);
            next = stretches.first_row[stretch] + stretches.rows[stretch];
            covered.push(Covered { series: unit.series, source: piece.source, start, stretch });
        }
    }
    keep(next..piece.rows.end);
}
