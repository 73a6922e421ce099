//! The ingester against a simple model, through restarts and a store that fails.

mod log;
mod model;
mod stack;
mod store;

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;
use weir_batch::{ColumnRef, Predicate, ScanRequest, TimeRange};
use weir_model::{ErrorCode, Id};
use weir_proto::{DeleteRequest, ScanService, ShardWrite, WriteRequest, WriteService};

use crate::clock::{Clock, wall_clock};
use crate::wal_log::WalLog;
use crate::{Ingester, Options};
use log::Logs;
use model::{Model, Point, batch, key, merged};
use store::{Handle, Store};

fn bucket() -> Id {
    Id::new(7).unwrap()
}

fn options() -> Options {
    Options {
        retry_least: Duration::from_millis(1),
        retry_most: Duration::from_millis(5),
        ..Options::new("unused")
    }
}

/// Where the log lies.
enum Place {
    Memory(Logs),
    Disk(TempDir),
}

impl Place {
    fn disk() -> Self {
        Self::Disk(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> (Box<dyn crate::log::Log>, crate::log::Replay) {
        match self {
            Self::Memory(logs) => logs.open(),
            Self::Disk(folder) => WalLog::open(&Options::new(folder.path())).unwrap(),
        }
    }

    /// Whether the log has no records.
    fn is_empty(&self) -> bool {
        match self {
            Self::Memory(logs) => logs.len() == 0,
            Self::Disk(folder) => std::fs::read_dir(folder.path()).unwrap().count() == 0,
        }
    }
}

/// An ingester, with what outlives it.
struct World {
    place: Place,
    store: Arc<Store>,
    clock: Clock,
    tombstones: Vec<DeleteRequest>,
    handle: Arc<Handle>,
    ingester: Ingester,
}

impl World {
    async fn new(options: Options) -> Self {
        Self::at(Place::Memory(Logs::new()), options).await
    }

    async fn at(place: Place, options: Options) -> Self {
        let store = Arc::new(Store::default());
        let handle = Arc::new(Handle::new(Arc::clone(&store)));
        let ingester = start(&place, options, &handle).await;
        Self { place, store, clock: Clock::new(1, wall_clock), tombstones: Vec::new(), handle, ingester }
    }

    /// Kills the process and starts another one.
    async fn restart(&mut self, options: Options) {
        self.handle.kill();
        self.ingester.shutdown().await;
        self.handle = Arc::new(Handle::new(Arc::clone(&self.store)));
        self.ingester = start(&self.place, options, &self.handle).await;
    }

    async fn write(&self, points: &[Point]) -> weir_model::Result<()> {
        let request = WriteRequest { sequence: self.clock.draw(), shards: shards(points) };
        self.clock.observe(self.ingester.write(request).await?);
        Ok(())
    }

    async fn delete(&mut self, host: Option<u8>, range: TimeRange) {
        let predicate = host
            .map_or(Predicate::TRUE, |h| Predicate::equals(ColumnRef::Tag("host".into()), format!("h{h}")));
        let delete = DeleteRequest { sequence: self.clock.draw(), bucket: bucket(), range, predicate };
        self.tombstones.push(delete.clone());
        self.clock.observe(self.ingester.delete(delete).await.unwrap());
    }

    /// What a reader sees that asks the ingester, then the store, and merges.
    async fn visible(&self) -> Model {
        let request = ScanRequest { bucket: bucket(), range: TimeRange::ALL, predicate: Predicate::TRUE };
        let unflushed: Vec<_> =
            futures::TryStreamExt::try_collect(self.ingester.scan(request).await.unwrap()).await.unwrap();
        merged(unflushed.iter().chain(&self.store.batches(bucket())), &self.tombstones)
    }
}

async fn start(place: &Place, options: Options, handle: &Arc<Handle>) -> Ingester {
    let (log, replay) = place.open();
    let ingester = Ingester::start_on(options, log, replay, Arc::<Handle>::clone(handle));
    ingester.ready().await.unwrap();
    ingester
}

/// Points of two shard groups: times below 10 and the others.
fn shards(points: &[Point]) -> Vec<ShardWrite> {
    let (a, b): (Vec<Point>, Vec<Point>) = points.iter().copied().partition(|p| p.time < 10);
    let shard = |(shard_group, points): (i64, Vec<Point>)| {
        (!points.is_empty()).then(|| ShardWrite { bucket: bucket(), shard_group, rows: batch(&points) })
    };
    [(1, a), (2, b)].into_iter().filter_map(shard).collect()
}

#[derive(Debug, Clone)]
enum Step {
    Write(Vec<Point>),
    Delete(Option<u8>, i64, i64),
    Flush,
    FailingFlush(bool),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let point = (0u8..4, 0i64..20, 0u8..3, any::<i8>()).prop_map(|(host, time, field, value)| Point {
        host,
        time,
        field,
        value: i64::from(value),
    });
    prop_oneof![
        8 => proptest::collection::vec(point, 1..12).prop_map(Step::Write),
        2 => (proptest::option::of(1u8..4), 0i64..20, 0i64..12).prop_map(|(h, t, n)| Step::Delete(h, t, t + n)),
        2 => Just(Step::Flush),
        1 => any::<bool>().prop_map(Step::FailingFlush),
        2 => Just(Step::Restart),
    ]
}

async fn run(mut world: World, steps: Vec<Step>) {
    let mut model = Model::new();
    for step in steps {
        match step {
            Step::Write(points) => {
                world.write(&points).await.unwrap();
                for p in points {
                    model.insert((key(p.host), p.time, format!("f{}", p.field)), p.value);
                }
            }
            Step::Delete(host, start, stop) => {
                let range = TimeRange { start, stop };
                world.delete(host, range).await;
                model.retain(|(k, t, _), _| !(range.contains(*t) && host.is_none_or(|h| *k == key(h))));
            }
            Step::Flush => {
                // The background may have taken the flush over after one that failed.
                world.ingester.flush().await.unwrap();
                assert!(world.place.is_empty(), "what is stored needs no log");
            }
            Step::FailingFlush(stored) => {
                world.store.lose_answers(stored);
                world.store.fail_next(1);
                let _ = world.ingester.flush().await;
                world.store.fail_next(0);
            }
            Step::Restart => world.restart(options()).await,
        }
        assert_eq!(world.visible().await, model);
    }
    world.ingester.shutdown().await;
    assert_eq!(merged(&world.store.batches(bucket()), &world.tombstones), model);
}

fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_acknowledged_is_visible_whatever_happens(steps in proptest::collection::vec(step(), 1..25)) {
        block_on(async { run(World::new(options()).await, steps).await });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn so_it_is_with_a_log_on_disk(steps in proptest::collection::vec(step(), 1..25)) {
        block_on(async { run(World::at(Place::disk(), options()).await, steps).await });
    }
}

fn point(time: i64, value: i64) -> Point {
    Point { host: 1, time, field: 0, value }
}

#[tokio::test]
async fn a_store_that_fails_costs_memory_and_then_writes_but_no_rows() {
    let world = World::new(Options { memory_limit: 64 << 10, flush_bytes: 8 << 10, ..options() }).await;
    world.store.fail_next(usize::MAX);
    let mut written = 0;
    let error = loop {
        let points: Vec<Point> = (0..100).map(|i| point(written + i, 1)).collect();
        match world.write(&points).await {
            Ok(()) => written += 100,
            Err(error) => break error,
        }
    };
    assert_eq!(error.code, ErrorCode::Unavailable);
    // What a write takes in the buffer is known only when it is there: columns double when they are full.
    assert!(written >= 100 && world.ingester.buffered_bytes() <= 128 << 10);
    assert_eq!(world.visible().await.len(), written as usize);
    world.store.fail_next(0);
    world.ingester.flush().await.unwrap();
    assert_eq!(world.visible().await.len(), written as usize);
    assert_eq!(world.ingester.buffered_bytes(), 0);
    world.write(&[point(written, 1)]).await.unwrap();
}

#[tokio::test]
async fn a_write_begun_after_an_acknowledged_one_wins_whatever_its_clock_says() {
    let world = World::new(options()).await;
    let fast = Clock::new(2, || wall_clock() + 3_600_000);
    let first = WriteRequest { sequence: fast.draw(), shards: shards(&[point(1, 1)]) };
    world.ingester.write(first).await.unwrap();
    world.write(&[point(1, 2)]).await.unwrap();
    assert_eq!(world.visible().await.values().copied().collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn a_dropped_bucket_stays_dropped() {
    let mut world = World::new(options()).await;
    world.write(&[point(1, 1)]).await.unwrap();
    world.ingester.drop_bucket(bucket()).await.unwrap();
    assert!(world.visible().await.is_empty());
    world.restart(options()).await;
    assert!(world.visible().await.is_empty());
    world.ingester.flush().await.unwrap();
    assert!(world.store.batches(bucket()).is_empty());
}

#[tokio::test]
async fn a_bucket_dropped_during_a_flush_is_dropped_from_the_store() {
    let world = World::new(options()).await;
    world.write(&[point(1, 1)]).await.unwrap();
    let (reached, go) = world.store.hold_next();
    let ingester = world.ingester.clone();
    let flush = tokio::spawn(async move { ingester.flush().await });
    reached.notified().await;
    assert_eq!(world.visible().await.len(), 1, "rows can be scanned while they are flushed");
    world.ingester.drop_bucket(bucket()).await.unwrap();
    go.notify_one();
    flush.await.unwrap().unwrap();
    assert!(world.visible().await.is_empty());
    assert!(world.store.batches(bucket()).is_empty());
}

#[tokio::test]
async fn rows_are_flushed_when_they_are_many_or_old() {
    let world = World::new(Options { flush_bytes: 1, ..options() }).await;
    world.write(&[point(1, 1)]).await.unwrap();
    world.store.flushed().await;
    let world = World::new(Options { flush_age: Duration::from_millis(5), ..options() }).await;
    world.write(&[point(1, 1)]).await.unwrap();
    world.store.flushed().await;
    assert_eq!(world.visible().await.len(), 1);
}

#[tokio::test]
async fn a_malformed_batch_and_a_write_after_the_shutdown_are_refused() {
    let world = World::new(options()).await;
    let mut request = WriteRequest { sequence: world.clock.draw(), shards: shards(&[point(1, 1)]) };
    request.shards[0].rows.measurements[0].row_series[0] = 3;
    assert_eq!(world.ingester.write(request).await.unwrap_err().code, ErrorCode::Invalid);
    world.ingester.shutdown().await;
    assert_eq!(world.write(&[point(1, 1)]).await.unwrap_err().code, ErrorCode::Unavailable);
}
