//! Objects: what they hold, and what happens when the object store fails.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt,
    PutMultipartOptions, PutOptions, PutPayload, PutResult,
};
use weir_batch::{Literal, Predicate, ScanRequest, TimeRange};
use weir_model::ErrorCode;

use super::support::{batches, bucket, flush, points, row, shard_group, store_over};
use crate::{StoreOptions, read_footer};

fn request() -> ScanRequest {
    ScanRequest { bucket: bucket(), range: TimeRange::ALL, predicate: Predicate::TRUE }
}

fn some_rows() -> Vec<super::support::Row> {
    let fields = |v: i64| {
        vec![
            ("float", Literal::Float(v as f64 / 100.0)),
            ("full", Literal::Float((v as f64 + 0.5).sqrt())),
            ("integer", Literal::Integer(-v)),
            ("unsigned", Literal::Unsigned(u64::MAX - v as u64)),
            ("boolean", Literal::Boolean(v % 2 == 0)),
            ("string", Literal::String(format!("text {}, \"quoted\" é", v % 3))),
        ]
    };
    let mut rows = Vec::new();
    for v in 0..40 {
        let all = fields(v);
        let some = &all[..if v % 5 == 0 { 2 } else { 6 }];
        rows.push(row(
            "weather",
            &format!("city=c\\ {},zone=z", v % 4),
            1_700_000_000_000_000_000 + v,
            500 + v as u64,
            some,
        ));
        rows.push(row("plain", "", v - 20, 500 + v as u64, &all[2..3]));
    }
    rows
}

/// An object written by version 1 of the format. It stays readable; regenerate only with a new version beside it.
const VERSION_1: &[u8] = include_bytes!("object-v1.weir");

#[tokio::test]
async fn an_object_of_version_1_stays_readable() {
    let objects = Arc::new(InMemory::new());
    let store = store_over(objects.clone(), StoreOptions::default()).await;
    let group = shard_group(&store).await;
    let path = Path::from("old");
    objects.put(&path, PutPayload::from_static(VERSION_1)).await.unwrap();
    let mut segments = read_footer("old", VERSION_1).unwrap();
    segments.iter_mut().for_each(|s| s.shard_group = group);
    store.commit(&segments).await.unwrap();
    let old = points(store.scan(request()).await.unwrap()).await;

    let fresh = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    flush(&fresh, &some_rows(), 7).await;
    assert_eq!(old, points(fresh.scan(request()).await.unwrap()).await);
    assert_eq!(old.len(), 80);
}

#[tokio::test]
async fn the_footer_tells_what_the_file_index_knows_and_a_replay_changes_nothing() {
    let objects = Arc::new(InMemory::new());
    let store = store_over(objects.clone(), StoreOptions::default()).await;
    let group = shard_group(&store).await;
    let first = store.write_segments(bucket(), group, batches(&some_rows(), 9), 5).await.unwrap();
    let again = store.write_segments(bucket(), group, batches(&some_rows(), 9), 5).await.unwrap();
    assert_eq!(first, again);
    store.commit(&first).await.unwrap();
    store.commit(&again).await.unwrap();
    let listed: Vec<_> = objects.list(None).try_collect().await.unwrap();
    assert_eq!(listed.len(), 1);
    let bytes = objects.get(&listed[0].location).await.unwrap().bytes().await.unwrap();
    assert_eq!(read_footer(&first[0].object, &bytes).unwrap(), first);
    assert_eq!(store.index().segments(bucket(), TimeRange::ALL, None).await.unwrap(), first);
    assert_eq!(points(store.scan(request()).await.unwrap()).await.len(), 80);
    for cut in [0, 7, 16, 60, bytes.len() - 1] {
        assert!(read_footer("cut", &bytes[..cut]).is_err());
    }
    // To make the file of the test above: std::fs::write("src/tests/object-v1.weir", &bytes).
    if std::env::var_os("WEIR_WRITE_FIXTURE").is_some() {
        std::fs::write("src/tests/object-v1.weir", &bytes).unwrap();
    }
}

#[tokio::test]
async fn rows_that_break_the_contract_are_refused() {
    let store = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    let good = batches(&some_rows(), 100);
    let mut no_sequences = good.clone();
    no_sequences[0].sequences = None;
    let mut bad_offsets = good.clone();
    bad_offsets[0].offsets[0] = 1;
    let mut backwards = batches(&[row("m", "a=1", 1, 1, &[("f", Literal::Integer(1))])], 10);
    backwards.extend(batches(&[row("m", "a=0", 1, 1, &[("f", Literal::Integer(1))])], 10));
    for bad in [no_sequences, bad_offsets, backwards] {
        let error = store.write_segments(bucket(), 1, bad, 1).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::Internal, "{error}");
    }
}

/// An object store in memory that fails when told to.
#[derive(Debug, Default)]
struct Failing {
    inner: InMemory,
    puts: AtomicBool,
    gets: AtomicBool,
}

impl fmt::Display for Failing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("failing")
    }
}

fn refused<T>(fails: &AtomicBool) -> Option<object_store::Result<T>> {
    let error = || object_store::Error::Generic { store: "failing", source: "told to fail".into() };
    fails.load(Ordering::SeqCst).then(|| Err(error()))
}

#[async_trait]
impl ObjectStore for Failing {
    async fn put_opts(
        &self,
        at: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> object_store::Result<PutResult> {
        match refused(&self.puts) {
            Some(error) => error,
            None => self.inner.put_opts(at, payload, options).await,
        }
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> object_store::Result<GetResult> {
        match refused(&self.gets) {
            Some(error) => error,
            None => self.inner.get_opts(at, options).await,
        }
    }

    async fn get_ranges(&self, at: &Path, ranges: &[Range<u64>]) -> object_store::Result<Vec<Bytes>> {
        match refused(&self.gets) {
            Some(error) => error,
            None => self.inner.get_ranges(at, ranges).await,
        }
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, object_store::Result<Path>>,
    ) -> BoxStream<'static, object_store::Result<Path>> {
        self.inner.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> object_store::Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> object_store::Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_committed_and_what_cannot_be_read_is_an_error() {
    let objects = Arc::new(Failing::default());
    let store = store_over(objects.clone(), StoreOptions::default()).await;
    let group = shard_group(&store).await;
    objects.puts.store(true, Ordering::SeqCst);
    let error = store.write_segments(bucket(), group, batches(&some_rows(), 9), 5).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unavailable);
    assert!(store.index().segments(bucket(), TimeRange::ALL, None).await.unwrap().is_empty());

    objects.puts.store(false, Ordering::SeqCst);
    flush(&store, &some_rows(), 9).await;
    objects.gets.store(true, Ordering::SeqCst);
    let answer: weir_model::Result<Vec<_>> = store.scan(request()).await.unwrap().try_collect().await;
    assert_eq!(answer.unwrap_err().code, ErrorCode::Unavailable);
    objects.gets.store(false, Ordering::SeqCst);
    assert_eq!(points(store.scan(request()).await.unwrap()).await.len(), 80);
}

#[tokio::test]
async fn dropped_data_is_deleted_once_nobody_can_read_it() {
    let objects = Arc::new(InMemory::new());
    let store = store_over(objects.clone(), StoreOptions::default()).await;
    flush(&store, &some_rows(), 9).await;
    store.index().drop_bucket(bucket(), 1000).await.unwrap();
    assert!(points(store.scan(request()).await.unwrap()).await.is_empty());
    assert_eq!(store.collect_garbage(999).await.unwrap(), 0);
    assert_eq!(store.collect_garbage(1000).await.unwrap(), 1);
    assert_eq!(store.collect_garbage(1000).await.unwrap(), 0);
    assert!(objects.list(None).try_collect::<Vec<_>>().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_crash_left_is_found() {
    let objects = Arc::new(InMemory::new());
    let store = store_over(objects.clone(), StoreOptions::default()).await;
    let group = shard_group(&store).await;
    flush(&store, &some_rows(), 9).await;
    let left = store.write_segments(bucket(), group, batches(&some_rows()[..1], 9), 5).await.unwrap();
    assert_eq!(store.collect_orphans(0).await.unwrap(), 0, "it may yet be committed");
    assert_eq!(store.collect_orphans(i64::MAX).await.unwrap(), 1);
    assert!(objects.head(&Path::from(&*left[0].object)).await.is_err());
    assert_eq!(points(store.scan(request()).await.unwrap()).await.len(), 80);
}
