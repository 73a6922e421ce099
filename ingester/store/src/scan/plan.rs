//! Planning: which rows of which sources belong together, series by series, cut into jobs.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use weir_batch::{ScanRequest, SeriesBatch, SeriesKey, SeriesKeys, TimeRange};

use super::cursor::{LiveCursor, LivePiece, SegmentCursor};
use super::filter::{MeasurementFilter, delete_matches};
use super::job::{Job, Piece, Source, Unit};
use crate::error::Result;
use crate::index::Tombstone;
use crate::layout::SegmentMeta;
use crate::read::{OpenSegment, Reader};

/// How many times as long as a job a series may be before it is cut where that is avoided.
const LONG_SERIES: u64 = 4;

/// Where a series of more rows than a job aims at is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Where the job is full.
    Anywhere,
    /// As [`Cut::Anywhere`], if it is very long.
    IfLong,
    /// Nowhere: a series is of one job, however long it is.
    Never,
}
/// How many tails are fetched at once.
const OPEN_AT_ONCE: usize = 16;

/// Cuts a scan into jobs.
pub(crate) struct Planner {
    pub(super) reader: Arc<Reader>,
    pub(super) request: ScanRequest,
    tombstones: Vec<Tombstone>,
    /// By measurement.
    segments: VecDeque<Arc<SegmentMeta>>,
    live: Vec<LiveCursor>,
    /// Rows a job aims at; a batch of the answer is about as long.
    job_rows: u64,
    keep_sequences: bool,
    cut: Cut,
    pub(super) current: Option<Current>,
}

/// The measurement at hand.
pub(super) struct Current {
    pub(super) measurement: Arc<str>,
    pub(super) filter: MeasurementFilter,
    pub(super) tombstones: Arc<[Tombstone]>,
    pub(super) cursors: Vec<SegmentCursor>,
    pub(super) pending: VecDeque<PendingUnit>,
}

pub(super) struct PendingUnit {
    pub(super) key: Arc<str>,
    pub(super) rest: u32,
    merge: bool,
    tombstones: Vec<usize>,
    pub(super) pieces: Vec<PendingPiece>,
}

#[derive(Clone)]
pub(super) struct PendingPiece {
    pub(super) source: PendingSource,
    pub(super) rows: Range<u64>,
    min_time: i64,
    max_time: i64,
    duplicates: bool,
}

#[derive(Clone)]
pub(super) enum PendingSource {
    /// A segment's cursor, and which fields the series has there.
    Cursor(usize, u32),
    Live(Arc<SeriesBatch>),
}

impl PendingUnit {
    fn rows(&self) -> u64 {
        self.pieces.iter().map(|p| p.rows.end - p.rows.start).sum()
    }
}

impl Planner {
    /// `segments` ordered by measurement; `live` are scans that began before the segments were listed.
    pub(crate) fn new(
        reader: Arc<Reader>,
        request: ScanRequest,
        segments: Vec<Arc<SegmentMeta>>,
        tombstones: Vec<Tombstone>,
        live: Vec<LiveCursor>,
        job_rows: usize,
        keep_sequences: bool,
    ) -> Self {
        Self {
            reader,
            request,
            tombstones,
            segments: segments.into(),
            live,
            job_rows: job_rows.max(1) as u64,
            keep_sequences,
            cut: Cut::Anywhere,
            current: None,
        }
    }

    /// The same, which cuts series elsewhere.
    pub(super) fn cutting(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    /// The next job; `None` at the end.
    pub(crate) async fn next_job(&mut self) -> Result<Option<Job>> {
        loop {
            let mut current = match self.current.take() {
                Some(current) => current,
                None => match self.next_measurement().await? {
                    Some(current) => current,
                    None => return Ok(None),
                },
            };
            let mut builder = JobBuilder {
                room: self.job_rows,
                longest: match self.cut {
                    Cut::Anywhere => 0,
                    Cut::IfLong => self.job_rows * LONG_SERIES,
                    Cut::Never => u64::MAX,
                },
                ..JobBuilder::default()
            };
            let mut ended = false;
            while builder.room > 0 || self.cut == Cut::Never && builder.goes_on_with(current.pending.front())
            {
                match current.pending.pop_front() {
                    Some(unit) => {
                        if let Some(rest) = builder.push(unit, &current.cursors) {
                            current.pending.push_front(rest);
                        }
                    }
                    None => {
                        if !self.next_series(&mut current).await? {
                            ended = true;
                            break;
                        }
                    }
                }
            }
            let job = builder.finish(&current, self.request.range, self.keep_sequences);
            if !ended {
                self.current = Some(current);
            }
            if let Some(job) = job {
                return Ok(Some(job));
            }
        }
    }

    /// Opens the next measurement of which anything may be wanted.
    pub(super) async fn next_measurement(&mut self) -> Result<Option<Current>> {
        loop {
            for live in &mut self.live {
                live.settle().await?;
            }
            let names = self.live.iter().filter_map(LiveCursor::measurement);
            let names = names.chain(self.segments.front().map(|s| &s.measurement));
            let Some(measurement) = names.min().cloned() else { return Ok(None) };
            let mut metas = Vec::new();
            while self.segments.front().is_some_and(|s| s.measurement == measurement) {
                metas.extend(self.segments.pop_front());
            }
            let Some(filter) = MeasurementFilter::new(&self.request.predicate, &measurement) else {
                for live in &mut self.live {
                    while live.current(&measurement).is_some() {
                        live.take().await?;
                    }
                }
                continue;
            };
            metas.retain(|meta| meta.fields.iter().any(|(name, _)| filter.may_want_field(name)));
            let reader = &self.reader;
            let opened: Vec<OpenSegment> = stream::iter(metas)
                .map(|meta| reader.open(meta))
                .buffered(OPEN_AT_ONCE)
                .try_collect()
                .await?;
            let pairs: Arc<[String]> = filter.pairs().into();
            let mut cursors = Vec::with_capacity(opened.len());
            for segment in opened {
                let wanted: Vec<bool> =
                    segment.meta.fields.iter().map(|(f, _)| filter.may_want_field(f)).collect();
                let mut cursor = SegmentCursor::new(segment, &wanted, pairs.clone());
                cursor.settle(&self.reader, &self.request.range)?;
                cursors.push(cursor);
            }
            let tombstones = self
                .tombstones
                .iter()
                .filter(|t| MeasurementFilter::new(&t.predicate, &measurement).is_some())
                .cloned()
                .collect();
            return Ok(Some(Current { measurement, filter, tombstones, cursors, pending: VecDeque::new() }));
        }
    }

    /// Takes the next series from all sources that have it, and puts its units into `pending`; false at the end.
    pub(super) async fn next_series(&mut self, current: &mut Current) -> Result<bool> {
        let Some(key) = self.least(current).map(|key| Arc::<str>::from(key.0)) else { return Ok(false) };
        let rest = current.filter.series(SeriesKey(&key));
        let mut pieces = Vec::new();
        for (number, cursor) in current.cursors.iter_mut().enumerate() {
            let Some((_, entry)) = cursor.current().filter(|(k, _)| k.0 == &*key) else { continue };
            if rest.is_some() {
                pieces.push(PendingPiece {
                    source: PendingSource::Cursor(number, entry.field_set),
                    rows: entry.first_row..entry.first_row + entry.rows,
                    min_time: entry.min_time,
                    max_time: entry.max_time,
                    duplicates: entry.duplicates,
                });
            }
            cursor.advance(&self.reader, &self.request.range)?;
        }
        let live = self.live_pieces(current, &key).await?;
        if let Some(rest) = rest {
            pieces.extend(live);
            current.add_units(key, rest, pieces);
        }
        Ok(true)
    }

    /// The key of the next series of any source.
    pub(super) fn least<'a>(&'a self, current: &'a Current) -> Option<SeriesKey<'a>> {
        let keys = current.cursors.iter().filter_map(|c| c.current().map(|(key, _)| key));
        keys.chain(self.live.iter().filter_map(|l| l.current(&current.measurement))).min()
    }

    /// Takes the unflushed rows of a series.
    pub(super) async fn live_pieces(&mut self, current: &Current, key: &str) -> Result<Vec<PendingPiece>> {
        let mut pieces = Vec::new();
        for live in &mut self.live {
            if live.current(&current.measurement).is_some_and(|k| k.0 == key) {
                let taken = live.take().await?;
                pieces.extend(taken.into_iter().filter_map(|p| live_piece(p, &self.request.range)));
            }
        }
        Ok(pieces)
    }
}

/// A piece of the rows of a live run that lie in the range.
fn live_piece(piece: LivePiece, range: &TimeRange) -> Option<PendingPiece> {
    let times = &piece.batch.times.values()[piece.start..piece.end];
    let first = times.partition_point(|t| *t < range.start);
    let last = if range.stop == i64::MAX { times.len() } else { times.partition_point(|t| *t < range.stop) };
    let times = times.get(first..last).filter(|t| !t.is_empty())?;
    Some(PendingPiece {
        rows: (piece.start + first) as u64..(piece.start + last) as u64,
        min_time: times[0],
        max_time: times[times.len() - 1],
        duplicates: times.windows(2).any(|w| w[0] == w[1]),
        source: PendingSource::Live(piece.batch),
    })
}

impl Current {
    /// Cuts the pieces of a series into units that do not overlap in time.
    fn add_units(&mut self, key: Arc<str>, rest: u32, mut pieces: Vec<PendingPiece>) {
        let mut deleted: Vec<usize> = Vec::new();
        for (number, tombstone) in self.tombstones.iter().enumerate() {
            let touched = |p: &PendingPiece| {
                tombstone.range.overlaps(p.min_time, p.max_time) && self.may_hide(tombstone, p)
            };
            if pieces.iter().any(touched)
                && delete_matches(&tombstone.predicate, &self.measurement, SeriesKey(&key))
            {
                // Hidden as a whole, a piece need not be read.
                let hidden = |p: &PendingPiece| {
                    tombstone.range.contains(p.min_time)
                        && tombstone.range.contains(p.max_time)
                        && self.may_hide(tombstone, p)
                        && self.highest_sequence(p) < tombstone.sequence
                };
                pieces.retain(|p| !hidden(p));
                deleted.push(number);
            }
        }
        pieces.sort_by_key(|p| p.min_time);
        let mut pieces = pieces.into_iter().peekable();
        while let Some(piece) = pieces.next() {
            let (mut start, mut end) = (piece.min_time, piece.max_time);
            let mut unit = PendingUnit {
                key: key.clone(),
                rest,
                merge: piece.duplicates,
                tombstones: Vec::new(),
                pieces: vec![piece],
            };
            while let Some(next) = pieces.next_if(|next| next.min_time <= end) {
                start = start.min(next.min_time);
                end = end.max(next.max_time);
                unit.merge = true;
                unit.pieces.push(next);
            }
            unit.tombstones
                .extend(deleted.iter().filter(|t| self.tombstones[**t].range.overlaps(start, end)));
            unit.merge |= !unit.tombstones.is_empty();
            self.pending.push_back(unit);
        }
    }

    /// Whether a tombstone is newer than some row of a piece, and has not been applied to it for good.
    fn may_hide(&self, tombstone: &Tombstone, piece: &PendingPiece) -> bool {
        match &piece.source {
            PendingSource::Cursor(number, _) => {
                let meta = &self.cursors[*number].segment.meta;
                meta.min_sequence < tombstone.sequence && meta.deletes_applied < tombstone.sequence
            }
            PendingSource::Live(_) => true,
        }
    }

    fn highest_sequence(&self, piece: &PendingPiece) -> u64 {
        match &piece.source {
            PendingSource::Cursor(number, _) => self.cursors[*number].segment.meta.max_sequence,
            PendingSource::Live(_) => u64::MAX,
        }
    }
}

/// Collects the units of a job.
#[derive(Default)]
struct JobBuilder {
    /// How many more rows fit.
    room: u64,
    /// Units of up to so many rows are not cut.
    longest: u64,
    sources: Vec<Source>,
    /// The source's number of each cursor, once it is used.
    cursors: Vec<Option<usize>>,
    keys: SeriesKeys,
    units: Vec<Unit>,
    pieces: Vec<Piece>,
}

impl JobBuilder {
    /// Takes a unit, or its first rows: the answer is what was left over.
    fn push(&mut self, mut unit: PendingUnit, cursors: &[SegmentCursor]) -> Option<PendingUnit> {
        let room = self.room;
        let mut left = None;
        if unit.rows() > room && unit.rows() > self.longest {
            match unit.pieces.as_mut_slice() {
                // Rows of one piece need no others: the piece can be cut anywhere.
                [piece] if !unit.merge => {
                    let middle = piece.rows.start + room;
                    let mut tail = piece.clone();
                    tail.rows.start = middle;
                    piece.rows.end = middle;
                    left = Some(PendingUnit {
                        key: unit.key.clone(),
                        rest: unit.rest,
                        merge: false,
                        tombstones: Vec::new(),
                        pieces: vec![tail],
                    });
                }
                // What must be merged stays together, in a job of its own if it is long.
                _ if !self.units.is_empty() => {
                    self.room = 0;
                    return Some(unit);
                }
                _ => {}
            }
        }
        self.room = room.saturating_sub(unit.rows());
        if self.keys.is_empty() || self.keys.get(self.keys.len() - 1).0 != &*unit.key {
            self.keys.push(SeriesKey(&unit.key));
        }
        let start = self.pieces.len();
        for piece in unit.pieces {
            let fields = match &piece.source {
                PendingSource::Cursor(_, fields) => Some(*fields),
                PendingSource::Live(_) => None,
            };
            let source = self.source(piece.source, cursors);
            self.pieces.push(Piece {
                source,
                fields,
                rows: piece.rows,
                min_time: piece.min_time,
                max_time: piece.max_time,
            });
        }
        self.units.push(Unit {
            series: self.keys.len() - 1,
            pieces: start..self.pieces.len(),
            merge: unit.merge,
            rest: unit.rest,
            tombstones: unit.tombstones,
        });
        left
    }

    /// Whether the unit is of the series that the job has last.
    fn goes_on_with(&self, unit: Option<&PendingUnit>) -> bool {
        let last = self.keys.len().checked_sub(1).map(|last| self.keys.get(last));
        unit.zip(last).is_some_and(|(unit, last)| *unit.key == *last.0)
    }

    fn source(&mut self, source: PendingSource, cursors: &[SegmentCursor]) -> usize {
        match source {
            PendingSource::Cursor(number, _) => {
                self.cursors.resize(cursors.len(), None);
                if let Some(known) = self.cursors[number] {
                    return known;
                }
                self.cursors[number] = Some(self.sources.len());
                self.sources.push(Source::Segment(cursors[number].segment.clone()));
            }
            PendingSource::Live(batch) => {
                let same = |s: &Source| matches!(s, Source::Live(known) if Arc::ptr_eq(known, &batch));
                if let Some(known) = self.sources.iter().rposition(same) {
                    return known;
                }
                self.sources.push(Source::Live(batch));
            }
        }
        self.sources.len() - 1
    }

    fn finish(self, current: &Current, range: TimeRange, keep_sequences: bool) -> Option<Job> {
        (!self.units.is_empty()).then(|| Job {
            measurement: current.measurement.clone(),
            range,
            keep_sequences,
            filter: Arc::new(current.filter.clone()),
            tombstones: current.tombstones.clone(),
            sources: self.sources,
            keys: self.keys,
            units: self.units,
            pieces: self.pieces,
        })
    }
}
