//! Series of one source in order: of a segment, or of the rows a scan of unflushed rows answers.

use std::collections::VecDeque;
use std::sync::Arc;

use futures::StreamExt;
use weir_batch::{SeriesBatch, SeriesKey, TimeRange};
use weir_proto::ScanStream;

use crate::error::{Result, StoreError};
use crate::layout::{BlockInfo, SeriesBlock, SeriesEntry};
use crate::read::{OpenSegment, Reader};

/// Walks through the series of a segment that have rows in the range, and values of fields that are wanted.
pub(crate) struct SegmentCursor {
    pub(crate) segment: OpenSegment,
    /// For each field set of the segment: whether a wanted field is in it.
    wanted_sets: Vec<bool>,
    /// What every wanted series' key holds.
    pairs: Arc<[String]>,
    block_number: usize,
    block: Option<Arc<SeriesBlock>>,
    position: usize,
}

impl SegmentCursor {
    /// `wanted` says for each field of the segment whether it may be wanted.
    pub(crate) fn new(segment: OpenSegment, wanted: &[bool], pairs: Arc<[String]>) -> Self {
        let holds = |set: &Vec<u8>| {
            wanted
                .iter()
                .enumerate()
                .any(|(i, w)| *w && set.get(i / 8).is_some_and(|byte| byte >> (i % 8) & 1 == 1))
        };
        let wanted_sets = segment.tail.series.field_sets.iter().map(holds).collect();
        Self { segment, wanted_sets, pairs, block_number: 0, block: None, position: 0 }
    }

    /// Moves to the next series that matters, from the current one on.
    pub(crate) fn settle(&mut self, reader: &Reader, range: &TimeRange) -> Result<()> {
        loop {
            if let Some(block) = &self.block {
                if let Some(found) = self.find(block, range) {
                    self.position = found;
                    return Ok(());
                }
                self.block = None;
                self.block_number += 1;
            }
            let blocks = &self.segment.tail.series.blocks;
            let holds_none = |b: &BlockInfo| {
                !range.overlaps(b.min_time, b.max_time)
                    || self.pairs.iter().any(|pair| !b.bloom.may_hold(pair))
            };
            while blocks.get(self.block_number).is_some_and(holds_none) {
                self.block_number += 1;
            }
            if self.block_number >= blocks.len() {
                return Ok(());
            }
            self.block = Some(reader.block(&self.segment, self.block_number)?);
            self.position = 0;
        }
    }

    /// The next series of a block that matters, from the current position on.
    fn find(&self, block: &SeriesBlock, range: &TimeRange) -> Option<usize> {
        let mut position = self.position;
        loop {
            // Searching all keys as one text is much faster than looking at each.
            for pair in self.pairs.iter() {
                position = block.keys.find(position, pair)?;
            }
            let entry = block.entries.get(position)?;
            if range.overlaps(entry.min_time, entry.max_time) && self.wanted_sets[entry.field_set as usize] {
                return Some(position);
            }
            position += 1;
        }
    }

    /// The current series; `None` at the end.
    pub(crate) fn current(&self) -> Option<(SeriesKey<'_>, &SeriesEntry)> {
        let block = self.block.as_ref()?;
        let entry = block.entries.get(self.position)?;
        Some((block.keys.get(self.position), entry))
    }

    /// Leaves the current series.
    pub(crate) fn advance(&mut self, reader: &Reader, range: &TimeRange) -> Result<()> {
        self.position += 1;
        self.settle(reader, range)
    }
}

/// Consecutive rows of one series in a batch of unflushed rows.
#[derive(Debug, Clone)]
pub(crate) struct LivePiece {
    pub(crate) batch: Arc<SeriesBatch>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Walks through the series of a scan of unflushed rows.
pub(crate) struct LiveCursor {
    stream: ScanStream,
    ended: bool,
    /// The batches from the current one on; empty ones are never in it.
    batches: VecDeque<Arc<SeriesBatch>>,
    run: usize,
}

impl LiveCursor {
    pub(crate) fn new(stream: ScanStream) -> Self {
        Self { stream, ended: false, batches: VecDeque::new(), run: 0 }
    }

    async fn fill(&mut self, count: usize) -> Result<()> {
        while !self.ended && self.batches.len() < count {
            match self.stream.next().await {
                None => self.ended = true,
                Some(batch) => {
                    let batch = batch?;
                    if batch.rows() == 0 {
                        continue;
                    }
                    if batch.sequences.is_none() {
                        return Err(StoreError::Rows("unflushed rows come without sequences".to_owned()));
                    }
                    self.batches.push_back(Arc::new(batch));
                }
            }
        }
        Ok(())
    }

    /// Makes sure that the current batch is there, if there is one.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        self.fill(1).await
    }

    /// The current measurement; `None` at the end.
    pub(crate) fn measurement(&self) -> Option<&Arc<str>> {
        self.batches.front().map(|b| &b.measurement)
    }

    /// The current series, if it is one of the measurement.
    pub(crate) fn current(&self, measurement: &str) -> Option<SeriesKey<'_>> {
        self.batches.front().filter(|b| *b.measurement == *measurement).map(|b| b.series.get(self.run))
    }

    /// Leaves the current series and answers its rows, which may go on over several batches.
    pub(crate) async fn take(&mut self) -> Result<Vec<LivePiece>> {
        let mut pieces: Vec<LivePiece> = Vec::new();
        while let Some(batch) = self.batches.front().cloned() {
            if let Some(first) = pieces.first() {
                let same = first.batch.measurement == batch.measurement
                    && key_of(first).0 == batch.series.get(self.run).0;
                if !same {
                    break;
                }
            }
            let (start, end) = (batch.offsets[self.run], batch.offsets[self.run + 1]);
            let last = self.run + 1 == batch.series.len();
            pieces.push(LivePiece { batch, start, end });
            if !last {
                self.run += 1;
                break;
            }
            self.batches.pop_front();
            self.run = 0;
            self.fill(1).await?;
        }
        Ok(pieces)
    }
}

fn key_of(piece: &LivePiece) -> SeriesKey<'_> {
    let run = piece.batch.offsets.partition_point(|offset| *offset <= piece.start) - 1;
    piece.batch.series.get(run)
}
