//! Scanning: segments and unflushed rows to a stream in which each point is once.
//!
//! The planner walks through the series of all sources in order and cuts them into jobs; jobs are fetched, decoded and
//! merged several at a time, and answered in order. Memory is bounded by the jobs in flight and the caches.

mod cursor;
mod ends;
mod filter;
mod gather;
mod job;
mod merge;
mod plan;
mod reduce;
mod rollup;
mod run;
mod series;
mod values;

use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use weir_batch::{ScanRequest, SeriesBatch};
use weir_proto::ScanStream;

use crate::error::{Result, StoreError};
use crate::index::Tombstone;
use crate::layout::SegmentMeta;
use crate::read::Reader;
use crate::store::StoreOptions;

pub(crate) use ends::ends;
pub(crate) use filter::{measurements, without_values};
pub(crate) use reduce::reduce;
pub(crate) use series::series;

/// Merges `segments` (by measurement) and the `live` scans, which must have begun before the segments were listed.
pub(crate) fn scan(
    reader: Arc<Reader>,
    request: ScanRequest,
    segments: Vec<Arc<SegmentMeta>>,
    tombstones: Vec<Tombstone>,
    live: Vec<ScanStream>,
    options: StoreOptions,
) -> ScanStream {
    let live = live.into_iter().map(cursor::LiveCursor::new).collect();
    let planner =
        plan::Planner::new(reader.clone(), request, segments, tombstones, live, options.batch_rows, false);
    batches(reader, planner, options).map_err(weir_model::Error::from).boxed()
}

/// What segments of one bucket hold once overlaps are merged and tombstones applied, with sequences: what compaction
/// writes anew.
pub(crate) fn compacted(
    reader: Arc<Reader>,
    request: ScanRequest,
    segments: Vec<Arc<SegmentMeta>>,
    tombstones: Vec<Tombstone>,
    options: StoreOptions,
) -> BoxStream<'static, Result<SeriesBatch>> {
    let planner = plan::Planner::new(
        reader.clone(),
        request,
        segments,
        tombstones,
        Vec::new(),
        options.batch_rows,
        true,
    );
    batches(reader, planner, options)
}

fn batches(
    reader: Arc<Reader>,
    planner: plan::Planner,
    options: StoreOptions,
) -> BoxStream<'static, Result<SeriesBatch>> {
    stream::try_unfold(planner, |mut planner| async move {
        Ok::<_, StoreError>(planner.next_job().await?.map(|job| (job, planner)))
    })
    .map_ok(move |job| {
        let reader = reader.clone();
        async move { run::run(&reader, job).await }
    })
    .try_buffered(options.parallel.max(1))
    .try_filter_map(|batch| async move { Ok(batch) })
    .boxed()
}
