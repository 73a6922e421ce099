//! A job: some consecutive series of one measurement, to be read and merged at once.

use std::ops::Range;
use std::sync::Arc;

use weir_batch::{FieldType, SeriesBatch, SeriesKeys, TimeRange};

use super::filter::MeasurementFilter;
use crate::index::Tombstone;
use crate::read::OpenSegment;

/// Rows of one series in one source.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Index into [`Job::sources`].
    pub(crate) source: usize,
    /// Which fields the series has there, in a segment: index into its series index's sets.
    pub(crate) fields: Option<u32>,
    /// Rows, counted as in the source.
    pub(crate) rows: Range<u64>,
    pub(crate) min_time: i64,
    pub(crate) max_time: i64,
}

/// Rows of one series whose times overlap no other unit's.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    /// Index into [`Job::keys`].
    pub(crate) series: usize,
    pub(crate) pieces: Range<usize>,
    /// Whether rows must be compared: pieces overlap, times repeat, or a tombstone may hide some.
    pub(crate) merge: bool,
    /// Number of the filter's rest for the series.
    pub(crate) rest: u32,
    /// Which tombstones may hide rows: indices into [`Job::tombstones`].
    pub(crate) tombstones: Vec<usize>,
}

/// Where rows come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Segment(OpenSegment),
    Live(Arc<SeriesBatch>),
}

/// What one blocking task does.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) measurement: Arc<str>,
    pub(crate) range: TimeRange,
    /// Whether the answer carries sequences, as compaction wants them.
    pub(crate) keep_sequences: bool,
    pub(crate) filter: Arc<MeasurementFilter>,
    pub(crate) tombstones: Arc<[Tombstone]>,
    pub(crate) sources: Vec<Source>,
    pub(crate) keys: SeriesKeys,
    pub(crate) units: Vec<Unit>,
    pub(crate) pieces: Vec<Piece>,
}

/// A column of the answer.
pub(crate) type ColumnKey = (Arc<str>, FieldType);

impl Job {
    /// A job of other units, of the same series and sources.
    pub(crate) fn with(&self, units: Vec<Unit>, pieces: Vec<Piece>) -> Self {
        Self {
            measurement: self.measurement.clone(),
            range: self.range,
            keep_sequences: self.keep_sequences,
            filter: self.filter.clone(),
            tombstones: self.tombstones.clone(),
            sources: self.sources.clone(),
            keys: self.keys.clone(),
            units,
            pieces,
        }
    }

    /// The columns of the answer: every field some source has and some series may want, by name and type.
    pub(crate) fn columns(&self) -> Vec<ColumnKey> {
        let mut columns: Vec<ColumnKey> = Vec::new();
        let mut add = |name: &Arc<str>, ty: FieldType| {
            if self.filter.may_want_field(name) {
                columns.push((name.clone(), ty));
            }
        };
        for source in &self.sources {
            match source {
                Source::Segment(segment) => segment.meta.fields.iter().for_each(|(name, ty)| add(name, *ty)),
                Source::Live(batch) => batch.fields.iter().for_each(|f| {
                    if let Some(ty) = f.field_type() {
                        add(&f.name, ty);
                    }
                }),
            }
        }
        columns.sort();
        columns.dedup();
        columns
    }

    /// The row ranges of a segment source that the job reads; ascending, small gaps closed, since skipping a few rows
    /// costs more than decoding them.
    pub(crate) fn spans(&self, source: usize) -> Vec<Range<u64>> {
        spans(self.pieces.iter().filter(|p| p.source == source).map(|p| p.rows.clone()))
    }

    /// Whether the rows' sequences of a source are needed.
    pub(crate) fn needs_sequences(&self, source: usize) -> bool {
        self.keep_sequences
            || self
                .units
                .iter()
                .any(|u| u.merge && self.pieces[u.pieces.clone()].iter().any(|p| p.source == source))
    }
}

const SMALL_GAP: u64 = 512;

/// Joins ascending ranges that are near each other.
pub(crate) fn spans(ranges: impl Iterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut spans: Vec<Range<u64>> = Vec::new();
    for range in ranges.filter(|r| r.start < r.end) {
        match spans.last_mut() {
            Some(last) if range.start >= last.start && range.start <= last.end + SMALL_GAP => {
                last.end = last.end.max(range.end);
            }
            _ => spans.push(range),
        }
    }
    spans
}
