//! The store: writes flushed rows as objects, makes them visible, reads them.

use std::sync::Arc;

use futures::TryStreamExt;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use weir_batch::{Ends, ReduceRequest, ScanRequest, SeriesBatch};
use weir_model::Id;
use weir_proto::{ReduceStream, ScanStream, SeriesStream};

use crate::error::{Result, StoreError};
use crate::index::{FileIndex, Tombstone};
use crate::layout::{EncodedSegment, SegmentMeta, assemble, encode_segment};
use crate::read::{CacheSizes, Reader, path};
use crate::scan;

/// How a store behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreOptions {
    /// The caches' sizes.
    pub caches: CacheSizes,
    /// How many parts of a scan are decoded at once.
    pub parallel: usize,
    /// How many rows a batch of a scan's answer has, about.
    pub batch_rows: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { caches: CacheSizes::default(), parallel: cores, batch_rows: 64 * 1024 }
    }
}

/// Parquet on an object store, with its file index. A clone shares everything.
#[derive(Debug, Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    index: FileIndex,
    reader: Arc<Reader>,
    options: StoreOptions,
}

impl Store {
    /// A store over `objects`. A local folder must be one that syncs files and directories before it answers a put.
    pub fn new(objects: Arc<dyn ObjectStore>, index: FileIndex, options: StoreOptions) -> Self {
        let reader = Arc::new(Reader::new(objects.clone(), options.caches));
        Self { objects, index, reader, options }
    }

    /// The file index.
    pub fn index(&self) -> &FileIndex {
        &self.index
    }

    /// Writes rows of one shard group as one object, and answers its segments. Nothing is visible until they are
    /// committed. Batches of one measurement follow each other, sorted as [`SeriesBatch`] says, with sequences; the
    /// measurements may come in any order. The same rows make the same object, so a replay is harmless.
    ///
    /// # Errors
    /// Refuses rows that break the contract; otherwise the object store's. Then there is no object, or one that
    /// nothing refers to.
    pub async fn write_segments(
        &self,
        bucket: Id,
        shard_group: i64,
        batches: Vec<SeriesBatch>,
        now_millis: i64,
    ) -> Result<Vec<SegmentMeta>> {
        let encode = move || {
            let mut encoded = Vec::new();
            for rows in batches.chunk_by(|a, b| a.measurement == b.measurement) {
                if rows.iter().any(|batch| batch.rows() > 0) {
                    encoded.push(encode_segment(rows)?);
                }
            }
            Ok::<_, StoreError>(encoded)
        };
        let encoded = tokio::task::spawn_blocking(encode).await??;
        self.put(bucket, shard_group, now_millis, 0, encoded).await
    }

    /// Lays segments into an object and puts it.
    pub(crate) async fn put(
        &self,
        bucket: Id,
        shard_group: i64,
        now_millis: i64,
        deletes_applied: u64,
        encoded: Vec<EncodedSegment>,
    ) -> Result<Vec<SegmentMeta>> {
        let (bytes, segments) = assemble(bucket, shard_group, now_millis, deletes_applied, encoded)?;
        let Some(first) = segments.first() else { return Ok(segments) };
        self.objects.put(&path(&first.object)?, PutPayload::from(bytes)).await?;
        Ok(segments)
    }

    /// Makes written segments visible, all at once; harmless when repeated.
    ///
    /// # Errors
    /// The database's; then none is visible.
    pub async fn commit(&self, segments: &[SegmentMeta]) -> Result<()> {
        self.index.commit_segments(segments).await
    }

    /// Scans flushed rows: each point once, without sequences.
    ///
    /// # Errors
    /// The database's; what goes wrong later comes in the stream.
    pub async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        self.scan_with(request, Vec::new()).await
    }

    /// Scans flushed rows merged with `live` ones: scans of unflushed rows that began before this call.
    pub(crate) async fn scan_with(&self, request: ScanRequest, live: Vec<ScanStream>) -> Result<ScanStream> {
        let (segments, tombstones) = self.listed(&request).await?;
        Ok(scan::scan(self.reader.clone(), request, segments, tombstones, live, self.options))
    }

    /// The first or last flushed rows of each series, merged with `live` ones, which began before this call.
    pub(crate) async fn ends_with(
        &self,
        request: ScanRequest,
        ends: Ends,
        live: Vec<ScanStream>,
    ) -> Result<ScanStream> {
        let (segments, tombstones) = self.listed(&request).await?;
        Ok(scan::ends(self.reader.clone(), request, ends, segments, tombstones, live, self.options))
    }

    /// Summaries of flushed rows merged with `live` ones, which began before this call.
    pub(crate) async fn reduce_with(
        &self,
        request: ReduceRequest,
        live: Vec<ScanStream>,
    ) -> Result<ReduceStream> {
        let (segments, tombstones) = self.listed(&request.scan).await?;
        Ok(scan::reduce(self.reader.clone(), request, segments, tombstones, live, self.options))
    }

    /// The series and fields of flushed rows, told without reading the rows.
    ///
    /// # Errors
    /// The database's; what goes wrong later comes in the stream.
    pub async fn series(&self, request: ScanRequest) -> Result<SeriesStream> {
        self.series_with(request, Vec::new()).await
    }

    pub(crate) async fn series_with(
        &self,
        request: ScanRequest,
        live: Vec<ScanStream>,
    ) -> Result<SeriesStream> {
        let (segments, tombstones) = self.listed(&request).await?;
        Ok(scan::series(self.reader.clone(), request, segments, tombstones, live))
    }

    /// The rows of some segments as compaction writes them anew.
    pub(crate) fn compacted(
        &self,
        request: ScanRequest,
        segments: Vec<Arc<SegmentMeta>>,
        tombstones: Vec<Tombstone>,
    ) -> BoxStream<'static, Result<SeriesBatch>> {
        scan::compacted(self.reader.clone(), request, segments, tombstones, self.options)
    }

    /// The segments and tombstones that concern a request.
    async fn listed(&self, request: &ScanRequest) -> Result<(Vec<Arc<SegmentMeta>>, Vec<Tombstone>)> {
        let names = scan::measurements(&request.predicate).map(|names| names.into_iter().collect::<Vec<_>>());
        let listing = self.index.listing(request.bucket).await?;
        let segments = listing.segments(&request.range, names.as_deref());
        let tombstones = listing.tombstones(&request.range);
        Ok((segments, tombstones))
    }

    /// Deletes objects older than `before_millis` that nothing refers to: what a crash between writing and committing
    /// has left. It lists all objects, so it is for once a day; `before_millis` is at least an hour ago.
    ///
    /// # Errors
    /// The database's and the object store's; what is left is deleted the next time.
    pub async fn collect_orphans(&self, before_millis: i64) -> Result<usize> {
        let mut listed = self.objects.list(Some(&Path::from("data")));
        let mut deleted = 0;
        while let Some(object) = listed.try_next().await? {
            let old = object.last_modified.timestamp_millis() < before_millis;
            if old && !self.index.knows_object(object.location.as_ref()).await? {
                self.objects.delete(&object.location).await?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// Deletes objects that have had no segment since `before_millis` or longer; answers how many. No query that
    /// began before then may still run.
    ///
    /// # Errors
    /// The database's and the object store's; what is left is deleted the next time.
    pub async fn collect_garbage(&self, before_millis: i64) -> Result<usize> {
        let garbage = self.index.garbage(before_millis).await?;
        for object in &garbage {
            match self.objects.delete(&Path::from(object.as_str())).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {
                    self.index.forget_garbage(object).await?
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(garbage.len())
    }
}
