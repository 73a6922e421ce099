use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use parking_lot::Mutex;
use weir_batch::{FieldType, FieldValues, Predicate, ScanRequest, Sequence, TimeRange, WriteBatch};
use weir_model::{ErrorCode, Id, Result};
use weir_proto::{
    ClaimedTypes, DeleteRequest, FieldClaim, FileIndexService, ScanService, ScanStream, ShardGroup,
    WriteRequest, WriteService,
};

use crate::placement::{Placement, SLOTS};
use crate::{Bucket, Error, IngesterHandle, Ingesters, Options, Precision, Router, WriteOutcome};

const SECOND: i64 = 1_000_000_000;
const T: i64 = 1_700_000_000;
const NOW: i64 = (T + 100) * SECOND;
const WEEK: i64 = 7 * 86_400 * SECOND;

fn id(n: u64) -> Id {
    Id::new(n).unwrap()
}

const fn bucket() -> u64 {
    0x1b
}

/// A file index in memory.
#[derive(Default)]
struct Index {
    groups: Mutex<BTreeMap<i64, ShardGroup>>,
    types: Mutex<HashMap<(i64, String, String), FieldType>>,
    version: AtomicUsize,
    asked: AtomicUsize,
    tombstones: Mutex<Vec<DeleteRequest>>,
}

#[async_trait]
impl FileIndexService for Index {
    async fn shard_group_for(&self, _: Id, time: i64) -> Result<ShardGroup> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let start = time.div_euclid(WEEK) * WEEK;
        let mut groups = self.groups.lock();
        let new = ShardGroup { id: groups.len() as i64 + 1, range: TimeRange { start, stop: start + WEEK } };
        Ok(*groups.entry(start).or_insert(new))
    }

    async fn shard_groups_in(&self, _: Id, range: TimeRange) -> Result<Vec<ShardGroup>> {
        let groups = self.groups.lock();
        Ok(groups.values().filter(|g| range.overlaps(g.range.start, g.range.stop - 1)).copied().collect())
    }

    async fn claim_field_types(&self, _: Id, group: i64, claims: &[FieldClaim]) -> Result<ClaimedTypes> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut types = self.types.lock();
        let claim = |c: &FieldClaim| {
            *types.entry((group, c.measurement.clone(), c.field.clone())).or_insert(c.field_type)
        };
        let types = claims.iter().map(claim).collect();
        Ok(ClaimedTypes { version: self.version.load(Ordering::SeqCst) as i64, types })
    }

    async fn field_types_version(&self, _: Id) -> Result<i64> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(self.version.load(Ordering::SeqCst) as i64)
    }

    async fn registered_measurements(&self, _: Id, group: i64) -> Result<Vec<String>> {
        let types = self.types.lock();
        let mut out: Vec<_> = types.keys().filter(|k| k.0 == group).map(|k| k.1.clone()).collect();
        out.sort();
        out.dedup();
        Ok(out)
    }

    async fn forget_field_types(&self, _: Id, group: i64, measurement: &str) -> Result<()> {
        self.types.lock().retain(|k, _| k.0 != group || k.1 != measurement);
        self.version.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn insert_tombstone(&self, delete: &DeleteRequest) -> Result<()> {
        self.tombstones.lock().push(delete.clone());
        Ok(())
    }
}

/// An ingester that remembers what it was told.
#[derive(Default)]
struct Ingester {
    writes: Mutex<Vec<WriteRequest>>,
    deletes: Mutex<Vec<DeleteRequest>>,
    clock: Mutex<Sequence>,
    down: AtomicBool,
}

impl Ingester {
    fn up(&self) -> Result<Sequence> {
        match self.down.load(Ordering::SeqCst) {
            true => Err(weir_model::Error::unavailable("the disk is full")),
            false => Ok(*self.clock.lock()),
        }
    }
}

#[async_trait]
impl WriteService for Ingester {
    async fn write(&self, request: WriteRequest) -> Result<Sequence> {
        let clock = self.up()?;
        request.shards.iter().for_each(|s| s.rows.check().unwrap());
        self.writes.lock().push(request);
        Ok(clock)
    }

    async fn delete(&self, request: DeleteRequest) -> Result<Sequence> {
        self.deletes.lock().push(request);
        self.up()
    }

    async fn drop_bucket(&self, _: Id) -> Result<()> {
        self.up().map(drop)
    }
}

struct Many(Arc<[IngesterHandle]>);

impl Ingesters for Many {
    fn current(&self) -> Arc<[IngesterHandle]> {
        Arc::clone(&self.0)
    }
}

/// A reader of a bucket that holds nothing.
struct Nothing;

#[async_trait]
impl ScanService for Nothing {
    async fn scan(&self, _: ScanRequest) -> Result<ScanStream> {
        Ok(futures::stream::empty().boxed())
    }
}

struct Bench {
    index: Arc<Index>,
    ingesters: Vec<Arc<Ingester>>,
    router: Router,
}

fn bench(ingesters: usize, replication: usize) -> Bench {
    let index = Arc::new(Index::default());
    let ingesters: Vec<Arc<Ingester>> = (0..ingesters).map(|_| Arc::default()).collect();
    let handles = ingesters
        .iter()
        .enumerate()
        .map(|(n, i)| IngesterHandle {
            id: id(n as u64 + 1),
            service: Arc::clone(i) as Arc<dyn WriteService>,
        })
        .collect();
    let router = Router::new(
        Arc::clone(&index) as Arc<dyn FileIndexService>,
        Arc::new(Many(handles)),
        Some(Arc::new(Nothing)),
        Options { writer: 7, replication },
    );
    Bench { index, ingesters, router }
}

impl Bench {
    async fn put(&self, lines: &str) -> std::result::Result<WriteOutcome, Error> {
        self.put_for(lines, None).await
    }

    async fn put_for(&self, lines: &str, retention: Option<i64>) -> std::result::Result<WriteOutcome, Error> {
        let bucket = Bucket { id: id(bucket()), retention };
        self.router.write(&bucket, Bytes::copy_from_slice(lines.as_bytes()), Precision::Seconds, NOW).await
    }

    /// The message of a write that was partial.
    async fn partial(&self, lines: &str) -> String {
        let error = self.put(lines).await.unwrap().into_result().unwrap_err();
        assert_eq!(error.code, ErrorCode::UnprocessableEntity);
        error.message
    }

    /// All points that arrived: measurement, series, seconds, field, value.
    fn points(&self) -> Vec<String> {
        let mut out: Vec<String> = self
            .ingesters
            .iter()
            .flat_map(|i| i.writes.lock().iter().flat_map(texts).collect::<Vec<_>>())
            .collect();
        out.sort();
        out
    }
}

fn texts(request: &WriteRequest) -> Vec<String> {
    let mut out = Vec::new();
    for m in request.shards.iter().flat_map(|s| &s.rows.measurements) {
        for f in &m.fields {
            for i in 0..f.values.len() {
                let row = f.rows.as_ref().map_or(i, |rows| rows[i] as usize);
                let value = match &f.values {
                    FieldValues::Float(v) => format!("{:?}", v[i]),
                    FieldValues::Integer(v) => format!("{}i", v[i]),
                    FieldValues::Unsigned(v) => format!("{}u", v[i]),
                    FieldValues::Boolean(v) => v[i].to_string(),
                    FieldValues::String { .. } => format!("{:?}", f.values.string(i).unwrap()),
                };
                let series = m.series.get(m.row_series[row] as usize).0;
                out.push(format!(
                    "{},{series} {}={value} {}",
                    m.measurement,
                    f.name,
                    m.times[row] / SECOND - T
                ));
            }
        }
    }
    out
}

const CONFLICT: &str = "failure writing points to database: partial write: field type conflict: input field";

#[tokio::test]
async fn a_plain_write_goes_straight_and_asks_the_index_once() {
    let b = bench(1, 1);
    let outcome = b.put(&format!("m,t=a f=1,g=2i {T}\nm,t=b f=2 {}", T + 1)).await.unwrap();
    assert_eq!((outcome.written, outcome.partial), (2, None));
    assert_eq!(b.points(), ["m,t=a f=1.0 0", "m,t=a g=2i 0", "m,t=b f=2.0 1"]);
    let asked = b.index.asked.load(Ordering::SeqCst);
    assert!(b.put(&format!("m,t=c f=3 {T}")).await.unwrap().partial.is_none());
    assert_eq!(b.index.asked.load(Ordering::SeqCst), asked);
    let writes = b.ingesters[0].writes.lock();
    assert!(writes[0].sequence < writes[1].sequence);
    assert_eq!(writes[0].shards[0].shard_group, 1);
}

#[tokio::test]
async fn bad_lines_write_nothing() {
    let b = bench(1, 1);
    let error = b.put(&format!("m f=1 {T}\nbad\nm f=x")).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Invalid);
    assert_eq!(
        error.to_string(),
        "unable to parse 'bad': missing fields\nunable to parse 'm f=x': invalid boolean"
    );
    assert!(b.points().is_empty());
    assert_eq!(b.put("# nothing\n").await.unwrap(), WriteOutcome::default());
}

#[tokio::test]
async fn a_type_conflict_drops_whole_points_and_keeps_the_others() {
    let b = bench(1, 1);
    b.put(&format!("m f=1 {T}")).await.unwrap().into_result().unwrap();
    let message = b.partial(&format!("m f=2i,g=3 {}\nm g=4 {}", T + 1, T + 2)).await;
    assert_eq!(
        message,
        format!(
            "{CONFLICT} \"f\" on measurement \"m\" is type integer, already exists as type float dropped=1"
        )
    );
    assert_eq!(b.points(), ["m, f=1.0 0", "m, g=4.0 2"]);
    // Another measurement is another matter.
    assert!(b.put(&format!("other f=1i {T}")).await.unwrap().partial.is_none());
}

#[tokio::test]
async fn within_a_batch_the_first_type_wins() {
    let b = bench(1, 1);
    let message = b.partial(&format!("m f=1 {T}\nm f=2i {}\nm f=3 {}\nm g=4i {}", T + 1, T + 2, T + 3)).await;
    assert_eq!(
        message,
        format!(
            "{CONFLICT} \"f\" on measurement \"m\" is type integer, already exists as type float dropped=1"
        )
    );
    assert_eq!(b.points(), ["m, f=1.0 0", "m, f=3.0 2", "m, g=4i 3"]);
    // A type that is registered wins over the first in the batch.
    let message = b.partial(&format!("m f=true {T}\nm f=\"x\" {T}\nm f=9 {T}\nm,t=x f=1,f=2i {T}")).await;
    assert_eq!(
        message,
        format!(
            "{CONFLICT} \"f\" on measurement \"m\" is type boolean, already exists as type float dropped=3"
        )
    );
}

#[tokio::test]
async fn types_are_per_shard_group() {
    let b = bench(1, 1);
    let later = T + 30 * 86_400;
    let outcome = b.put(&format!("m f=1 {T}\nm f=2i {later}")).await.unwrap();
    assert_eq!(outcome.partial, None);
    let writes = b.ingesters[0].writes.lock();
    assert_eq!(writes[0].shards.len(), 2);
    assert_ne!(writes[0].shards[0].shard_group, writes[0].shards[1].shard_group);
}

#[tokio::test]
async fn points_outside_retention_are_told_of() {
    let b = bench(1, 1);
    let hour = Some(3600 * SECOND);
    let outcome =
        b.put_for(&format!("m,t=a f=1 {}\nm,t=b f=2 {}\nm f=3", T - 9000, T - 8000), hour).await.unwrap();
    assert_eq!(outcome.written, 1);
    let error = outcome.into_result().unwrap_err();
    assert_eq!(
        error.message,
        "failure writing points to database: partial write: dropped 2 points outside retention policy of duration 1h0m0s \
         - oldest point m,t=a at 2023-11-14T19:43:20Z dropped because it violates a Retention Policy Lower Bound at 2023-11-14T21:15:00Z, \
         newest point m,t=b at 2023-11-14T20:00:00Z dropped because it violates a Retention Policy Lower Bound at 2023-11-14T21:15:00Z \
         dropped=2 for database: 000000000000001b for retention policy: autogen"
    );
    // A conflict is told of before retention.
    let outcome = b.put_for(&format!("m f=1i {T}\nm f=1 5"), hour).await.unwrap();
    assert!(outcome.partial.unwrap().reason.starts_with("field type conflict"));
}

#[tokio::test]
async fn what_is_called_time_is_left_out() {
    let b = bench(1, 1);
    let message = b.partial(&format!("m time=1,f=2 {T}")).await;
    assert_eq!(
        message,
        "failure writing points to database: partial write: invalid field name: input field \"time\" on measurement \"m\" \
         is invalid. Field \"time\" has been stripped from point. dropped=0 for database: 000000000000001b for retention policy: autogen"
    );
    let message = b.partial(&format!("m time=1,f=2 {T}\nm time=1 {T}")).await;
    assert_eq!(
        message,
        "failure writing points to database: partial write: invalid field name: input field \"time\" on measurement \"m\" \
         is invalid dropped=1"
    );
    assert_eq!(b.points(), ["m, f=2.0 0", "m, f=2.0 0"]);
}

#[tokio::test]
async fn series_are_spread_and_stay_where_they_are() {
    let b = bench(3, 1);
    let lines: String = (0..300).map(|n| format!("m,t={n} f={n}i {T}\n")).collect();
    b.put(&lines).await.unwrap().into_result().unwrap();
    let counts: Vec<usize> =
        b.ingesters.iter().map(|i| i.writes.lock().iter().map(|w| texts(w).len()).sum()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 300);
    assert!(counts.iter().all(|&n| n > 40), "{counts:?}");
    let first = b.ingesters[0].writes.lock().len();
    b.put(&lines).await.unwrap().into_result().unwrap();
    let writes = b.ingesters[0].writes.lock();
    assert_eq!(texts(&writes[first - 1]), texts(&writes[first]));
}

#[test]
fn only_the_slots_of_a_lost_ingester_move() {
    let handles = |ids: &[u64]| -> Arc<[IngesterHandle]> {
        let handle = |n: &u64| IngesterHandle { id: id(*n), service: Arc::new(Ingester::default()) };
        ids.iter().map(handle).collect()
    };
    let of = |p: &Placement, slot: usize| p.ingesters[p.replicas[slot][0]].id;
    let (three, two) = (Placement::new(handles(&[1, 2, 3]), 1), Placement::new(handles(&[1, 3]), 1));
    for slot in 0..SLOTS {
        assert!(of(&three, slot) == of(&two, slot) || of(&three, slot) == id(2));
    }
}

#[tokio::test]
async fn a_lost_ingester_fails_the_write_unless_a_quorum_has_it() {
    let b = bench(1, 1);
    b.ingesters[0].down.store(true, Ordering::SeqCst);
    let error = b.put(&format!("m f=1 {T}")).await.unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (ErrorCode::Unavailable, "the disk is full"));
    let lines: String = (0..50).map(|n| format!("m,t={n} f={n}i {T}\n")).collect();
    let b = bench(2, 1);
    b.ingesters[1].down.store(true, Ordering::SeqCst);
    assert_eq!(b.put(&lines).await.unwrap_err().code(), ErrorCode::Unavailable);
    let b = bench(5, 3);
    b.ingesters[1].down.store(true, Ordering::SeqCst);
    b.put(&lines).await.unwrap().into_result().unwrap();
    b.ingesters[2].down.store(true, Ordering::SeqCst);
    assert_eq!(b.put(&lines).await.unwrap_err().code(), ErrorCode::Unavailable);
    let b = bench(0, 1);
    assert_eq!(b.put(&lines).await.unwrap_err(), Error::NoIngester);
    // The quorum is that of all there should be.
    let b = bench(1, 3);
    assert_eq!(b.put(&lines).await.unwrap_err(), Error::TooFew { running: 1, needed: 2 });
}

#[tokio::test]
async fn a_delete_comes_after_all_that_was_acknowledged_and_frees_types() {
    let b = bench(2, 1);
    b.put(&format!("m f=1 {T}")).await.unwrap().into_result().unwrap();
    let ahead = Sequence::new(NOW as u64 / 1_000_000 + 5000, 1, 3);
    *b.ingesters[1].clock.lock() = ahead;
    b.router.delete(id(bucket()), TimeRange::ALL, Predicate::TRUE, NOW).await.unwrap();
    let sequence = b.index.tombstones.lock()[0].sequence;
    assert!(sequence > ahead);
    assert!(b.ingesters.iter().all(|i| i.deletes.lock()[0].sequence == sequence));
    assert!(b.put(&format!("m f=1i {T}")).await.unwrap().partial.is_none());
}

#[tokio::test]
async fn types_freed_elsewhere_are_noticed_before_a_conflict_is_told() {
    let b = bench(1, 1);
    b.put(&format!("m f=1 {T}")).await.unwrap().into_result().unwrap();
    b.index.forget_field_types(id(bucket()), 1, "m").await.unwrap();
    assert!(b.put(&format!("m f=1i {T}")).await.unwrap().partial.is_none());
}

#[tokio::test]
async fn rows_from_queries_take_the_same_way() {
    let b = bench(1, 1);
    let parsed = weir_line_protocol::Parser::new().parse(
        format!("m f=1 {T}\nm f=2i {T}").as_bytes(),
        Precision::Seconds,
        NOW,
    );
    let bucket = Bucket { id: id(bucket()), retention: None };
    let outcome = b.router.write_rows(&bucket, parsed.batch, NOW).await.unwrap();
    assert_eq!((outcome.written, outcome.partial.unwrap().dropped), (1, 1));
    let mut broken = WriteBatch { measurements: vec![weir_batch::MeasurementRows::new("m")] };
    broken.measurements[0].times.push(1);
    assert!(matches!(b.router.write_rows(&bucket, broken, NOW).await, Err(Error::Malformed(_))));
}
