//! A querier over a real catalog, rows that are made up as they are read, and an ingester that only remembers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::{Float64Array, Int64Array};
use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt, stream};
use parking_lot::Mutex;
use weir_batch::{FieldArray, ScanRequest, Sequence, SeriesBatch, SeriesKey, SeriesKeys};
use weir_catalog::{Bucket, Catalog, NewBucket, NewOrg, Org, System};
use weir_database::Database;
use weir_model::{Error, Id, Permission, Result};
use weir_proto::{
    Caller, CsvDialect, DeleteRequest, QueryLanguage, QueryRequest, QueryService, QueryText, ScanService,
    ScanStream, WriteRequest, WriteService,
};
use weir_router::{OneIngester, Router};
use weir_store::{Buckets, FileIndex};

use crate::{Options, Querier, World};

/// Answers as many series as it was told, then an error if it was told to; knows whether somebody still reads.
pub(super) struct Rows {
    pub(super) series: usize,
    pub(super) fails: bool,
    pub(super) asked: Mutex<Vec<ScanRequest>>,
    pub(super) reading: Arc<AtomicBool>,
}

struct Reading(Arc<AtomicBool>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

/// Rows of a series: enough of them to fill a piece of an answer.
const ROWS: usize = 2000;

fn series(number: usize) -> SeriesBatch {
    let mut series = SeriesKeys::new();
    series.push(SeriesKey(&format!("host={number:08}")));
    SeriesBatch {
        measurement: "cpu".into(),
        series,
        offsets: vec![0, ROWS],
        times: Int64Array::from_iter_values((0..ROWS as i64).map(|i| i * 1_000_000_000)),
        sequences: None,
        fields: vec![FieldArray {
            name: "usage".into(),
            values: Arc::new(Float64Array::from_iter_values((0..ROWS).map(|i| i as f64))),
        }],
    }
}

#[async_trait]
impl ScanService for Rows {
    async fn scan(&self, request: ScanRequest) -> Result<ScanStream> {
        self.asked.lock().push(request);
        self.reading.store(true, Ordering::SeqCst);
        let reading = Reading(Arc::clone(&self.reading));
        let rows = stream::iter(0..self.series).map(move |number| {
            let _held = &reading;
            Ok(series(number))
        });
        let end = stream::iter(self.fails.then(|| Err(Error::unavailable("an ingester is gone"))));
        Ok(rows.chain(end).boxed())
    }
}

/// Remembers what was written.
#[derive(Default)]
pub(super) struct Ingester(pub(super) Mutex<Vec<WriteRequest>>);

#[async_trait]
impl WriteService for Ingester {
    async fn write(&self, request: WriteRequest) -> Result<Sequence> {
        let sequence = request.sequence;
        self.0.lock().push(request);
        Ok(sequence)
    }

    async fn delete(&self, request: DeleteRequest) -> Result<Sequence> {
        Ok(request.sequence)
    }

    async fn drop_bucket(&self, _: Id) -> Result<()> {
        Ok(())
    }
}

struct Days;

#[async_trait]
impl Buckets for Days {
    async fn shard_group_duration(&self, _: Id) -> Result<Option<i64>> {
        Ok(Some(86_400_000_000_000))
    }
}

/// All of it.
pub(super) struct Setting {
    pub(super) querier: Querier,
    pub(super) rows: Arc<Rows>,
    pub(super) ingester: Arc<Ingester>,
    pub(super) org: Org,
    pub(super) bucket: Bucket,
    _folder: tempfile::TempDir,
}

impl Setting {
    pub(super) async fn new(series: usize, fails: bool, options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("catalog.sqlite").display());
        let database = Database::connect(&url, &weir_database::Options::default()).await.unwrap();
        let catalog = Catalog::open(database.clone(), Arc::new(System)).await.unwrap();
        let org = NewOrg { name: "o".into(), description: String::new() };
        let org = catalog.create_org(org, None).await.unwrap();
        let bucket = NewBucket {
            org_id: org.id,
            name: "b".into(),
            description: String::new(),
            rp: String::new(),
            retention_rules: Vec::new(),
        };
        let bucket = catalog.create_bucket(bucket).await.unwrap();
        let index = FileIndex::open(database, Arc::new(Days)).await.unwrap();
        let ingester = Arc::new(Ingester::default());
        let service: Arc<dyn WriteService> = ingester.clone();
        let ingesters = Arc::new(OneIngester::new(Id::new(1).unwrap(), service));
        let routing = weir_router::Options { writer: 1, replication: 1 };
        let writer = Arc::new(Router::new(Arc::new(index), ingesters, None, routing));
        let rows = Arc::new(Rows {
            series,
            fails,
            asked: Mutex::default(),
            reading: Arc::new(AtomicBool::new(false)),
        });
        let reader: Arc<dyn ScanService> = rows.clone();
        let querier = Querier::new(World { catalog, reader, writer }, options);
        Self { querier, rows, ingester, org, bucket, _folder: folder }
    }

    pub(super) fn request(&self, text: &str, held: &[Permission]) -> QueryRequest {
        QueryRequest {
            org: self.org.id,
            caller: Caller { user: None, permissions_json: serde_json::to_string(held).unwrap() },
            language: QueryLanguage::Flux,
            text: QueryText::Source(text.to_owned()),
            extern_ast: None,
            now: None,
            dialect: CsvDialect::default(),
            discard: false,
        }
    }

    /// The whole answer to a caller who may do everything.
    pub(super) async fn ask(&self, text: &str) -> Result<String> {
        self.answer(self.request(text, &Permission::operator())).await
    }

    pub(super) async fn answer(&self, request: QueryRequest) -> Result<String> {
        let pieces: Vec<bytes::Bytes> = self.querier.query(request).await?.try_collect().await?;
        Ok(String::from_utf8(pieces.concat()).unwrap())
    }
}
