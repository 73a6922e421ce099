//! The ingester over the real log and the real store: SQLite, objects in memory.

use std::sync::Arc;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use async_trait::async_trait;
use futures::TryStreamExt;
use object_store::memory::InMemory;
use proptest::prelude::*;
use tempfile::TempDir;
use weir_batch::{ColumnRef, Predicate, ScanRequest, TimeRange};
use weir_database::Database;
use weir_model::{Id, Result};
use weir_proto::{DeleteRequest, FileIndexService, ScanService, ShardWrite, WriteRequest, WriteService};
use weir_store::{Buckets, FileIndex, MergedScan, Store, StoreOptions};

use super::model::{Model, Point, batch, key};
use super::{Step, block_on, bucket, options, step};
use crate::clock::{Clock, wall_clock};
use crate::{Ingester, Options, Retentions, StoreTarget};

struct Catalog;

#[async_trait]
impl Buckets for Catalog {
    async fn shard_group_duration(&self, _: Id) -> Result<Option<i64>> {
        Ok(Some(10))
    }
}

#[async_trait]
impl Retentions for Catalog {
    async fn retentions(&self) -> Result<Vec<(Id, Option<i64>)>> {
        Ok(vec![(bucket(), None)])
    }
}

struct Stack {
    folder: TempDir,
    store: Store,
    clock: Clock,
    ingester: Ingester,
}

impl Stack {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("weir.db").display());
        let db = Database::connect(&url, &weir_database::Options::default()).await.unwrap();
        let index = FileIndex::open(db, Arc::new(Catalog)).await.unwrap();
        let store = Store::new(Arc::new(InMemory::new()), index, StoreOptions::default());
        let ingester = start(&folder, &store).await;
        Self { folder, store, clock: Clock::new(1, wall_clock), ingester }
    }

    async fn write(&self, points: &[Point]) {
        let sequence = self.clock.draw();
        let mut shards: Vec<ShardWrite> = Vec::new();
        for low in [true, false] {
            let points: Vec<Point> = points.iter().copied().filter(|p| (p.time < 10) == low).collect();
            if let Some(first) = points.first() {
                let group = self.store.index().shard_group_for(bucket(), first.time).await.unwrap();
                shards.push(ShardWrite { bucket: bucket(), shard_group: group.id, rows: batch(&points) });
            }
        }
        self.clock.observe(self.ingester.write(WriteRequest { sequence, shards }).await.unwrap());
    }

    async fn visible(&self) -> Model {
        let ingesters: Vec<Arc<dyn ScanService>> = vec![Arc::new(self.ingester.clone())];
        let scan = MergedScan::new(Arc::new(ingesters), self.store.clone());
        let request = ScanRequest { bucket: bucket(), range: TimeRange::ALL, predicate: Predicate::TRUE };
        let mut model = Model::new();
        let mut batches = scan.scan(request).await.unwrap();
        while let Some(batch) = batches.try_next().await.unwrap() {
            for run in 0..batch.series.len() {
                for row in batch.offsets[run]..batch.offsets[run + 1] {
                    for field in &batch.fields {
                        let values = field.values.as_primitive::<Int64Type>();
                        if values.is_valid(row) {
                            let key = batch.series.get(run).0.to_owned();
                            let place = (key, batch.times.value(row), field.name.to_string());
                            assert!(
                                model.insert(place, values.value(row)).is_none(),
                                "each row is read once"
                            );
                        }
                    }
                }
            }
        }
        model
    }
}

async fn start(folder: &TempDir, store: &Store) -> Ingester {
    let target = Arc::new(StoreTarget::new(store.clone(), Arc::new(Catalog)));
    let options = Options { wal_dir: folder.path().join("wal"), ..options() };
    let ingester = Ingester::start(options, target).await.unwrap();
    ingester.ready().await.unwrap();
    ingester
}

async fn run(steps: Vec<Step>) {
    let mut stack = Stack::new().await;
    let mut model = Model::new();
    for step in steps {
        match step {
            Step::Write(points) => {
                stack.write(&points).await;
                for p in points {
                    model.insert((key(p.host), p.time, format!("f{}", p.field)), p.value);
                }
            }
            Step::Delete(host, start, stop) => {
                let range = TimeRange { start, stop };
                let tag = || ColumnRef::Tag("host".into());
                let predicate = host.map_or(Predicate::TRUE, |h| Predicate::equals(tag(), format!("h{h}")));
                let delete =
                    DeleteRequest { sequence: stack.clock.draw(), bucket: bucket(), range, predicate };
                stack.store.index().insert_tombstone(&delete).await.unwrap();
                stack.clock.observe(stack.ingester.delete(delete).await.unwrap());
                model.retain(|(k, t, _), _| !(range.contains(*t) && host.is_none_or(|h| *k == key(h))));
            }
            Step::Flush => stack.ingester.flush().await.unwrap(),
            Step::FailingFlush(_) => stack.ingester.upkeep().await.unwrap(),
            Step::Restart => {
                stack.ingester.shutdown().await;
                stack.ingester = start(&stack.folder, &stack.store).await;
            }
        }
        assert_eq!(stack.visible().await, model);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn a_merged_scan_sees_what_the_model_says(steps in proptest::collection::vec(step(), 1..20)) {
        block_on(run(steps));
    }
}

#[test]
fn what_is_left_of_a_bucket_that_is_gone_goes_too() {
    block_on(async {
        let stack = Stack::new().await;
        stack.write(&[Point { host: 0, time: 1, field: 0, value: 1 }]).await;
        let gone = Id::new(99).unwrap();
        stack.store.index().shard_group_for(gone, 1).await.unwrap();
        assert!(stack.store.index().buckets().await.unwrap().contains(&gone));
        stack.ingester.upkeep().await.unwrap();
        assert_eq!(stack.store.index().buckets().await.unwrap(), [bucket()]);
    });
}
