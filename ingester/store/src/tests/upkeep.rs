//! Compaction, retention, and what series indexes tell.

use std::sync::Arc;

use futures::TryStreamExt;
use object_store::memory::InMemory;
use weir_batch::{ColumnRef, FieldType, Literal, Predicate, ScanRequest, Sequence, SeriesSet, TimeRange};
use weir_proto::{DeleteRequest, FileIndexService, ScanService};

use super::support::{LiveRows, bucket, flush, points, row, shard_group, store_over};
use crate::{Compaction, Ingesters, MergedScan, StoreOptions, Upkeep};

fn all() -> ScanRequest {
    ScanRequest { bucket: bucket(), range: TimeRange::ALL, predicate: Predicate::TRUE }
}

#[tokio::test]
async fn compaction_merges_overlaps_and_applies_deletes_for_good() {
    let objects = Arc::new(InMemory::new());
    let store = store_over(objects, StoreOptions::default()).await;
    for n in 0..14i64 {
        let mut rows = Vec::new();
        for t in 0..20 {
            let field = if n % 2 == 0 { "a" } else { "b" };
            rows.push(row(
                "m",
                &format!("host={}", t % 3),
                t,
                100 + n as u64,
                &[(field, Literal::Integer(n))],
            ));
        }
        flush(&store, &rows, 100).await;
    }
    let delete = DeleteRequest {
        sequence: Sequence(113),
        bucket: bucket(),
        range: TimeRange { start: 0, stop: 10 },
        predicate: Predicate::equals(ColumnRef::Tag("host".into()), "1"),
    };
    store.index().insert_tombstone(&delete).await.unwrap();
    let before = points(store.scan(all()).await.unwrap()).await;
    assert_eq!(before.len(), 20);
    assert_eq!(before[0].3, [("a".to_owned(), "12i".to_owned()), ("b".to_owned(), "13i".to_owned())]);

    let group = shard_group(&store).await;
    let how = Compaction { settled: 105, cold: true, now_millis: 7 };
    assert_eq!(store.compact(bucket(), group, how).await.unwrap(), 6, "what is not settled stays");
    assert_eq!(points(store.scan(all()).await.unwrap()).await, before);
    let report =
        store.upkeep(bucket(), Upkeep { now_millis: 8, settled: 200, retention: None }).await.unwrap();
    assert_eq!(report.compacted, 0, "nine segments are not worth it yet");
    assert_eq!(report.forgotten_deletes, 0);
    assert_eq!(
        store.compact(bucket(), group, Compaction { settled: 200, cold: true, now_millis: 9 }).await.unwrap(),
        9
    );
    let report =
        store.upkeep(bucket(), Upkeep { now_millis: 8, settled: 200, retention: None }).await.unwrap();
    assert_eq!(report.forgotten_deletes, 1);
    assert_eq!(points(store.scan(all()).await.unwrap()).await, before);
    let segments = store.index().segments(bucket(), TimeRange::ALL, None).await.unwrap();
    assert_eq!(segments.len(), 1);
    assert_eq!((segments[0].rows, segments[0].deletes_applied), (20, 113));
    assert_eq!(store.collect_garbage(9).await.unwrap(), 15);
    assert_eq!(points(store.scan(all()).await.unwrap()).await, before);
}

#[tokio::test]
async fn what_a_delete_empties_leaves_no_segment() {
    let store = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    flush(&store, &[row("m", "", 1, 5, &[("a", Literal::Integer(1))])], 100).await;
    let delete = DeleteRequest {
        sequence: Sequence(9),
        bucket: bucket(),
        range: TimeRange::ALL,
        predicate: Predicate::TRUE,
    };
    store.index().insert_tombstone(&delete).await.unwrap();
    let group = shard_group(&store).await;
    assert_eq!(
        store.compact(bucket(), group, Compaction { settled: 9, cold: true, now_millis: 1 }).await.unwrap(),
        1
    );
    assert!(store.index().segments(bucket(), TimeRange::ALL, None).await.unwrap().is_empty());
    let report =
        store.upkeep(bucket(), Upkeep { now_millis: 1, settled: 9, retention: Some(1) }).await.unwrap();
    assert_eq!(report.forgotten_deletes, 1);
    assert!(report.dropped_shard_groups.is_empty());
    assert_eq!(store.index().buckets().await.unwrap(), [bucket()]);
}

#[tokio::test]
async fn series_and_fields_are_told_from_all_sources() {
    let store = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    let int = |n| Literal::Integer(n);
    flush(
        &store,
        &[
            row("m", "host=a", 1, 5, &[("x", int(1)), ("y", Literal::Float(0.5))]),
            row("m", "host=b", 50, 5, &[("x", int(1))]),
            row("n", "", 2, 5, &[("x", int(1))]),
        ],
        100,
    )
    .await;
    let live = vec![
        row("m", "host=b", 60, 6, &[("z", Literal::Boolean(true))]),
        row("o", "", 1, 6, &[("x", int(2))]),
    ];
    let ingesters: Vec<Arc<dyn ScanService>> = vec![Arc::new(LiveRows(live))];
    let ingesters: Arc<dyn Ingesters> = Arc::new(ingesters);
    let merged = MergedScan::new(ingesters, store);
    let ask = |range, predicate| ScanRequest { bucket: bucket(), range, predicate };
    let told = async |request| -> Vec<String> {
        let sets: Vec<SeriesSet> = merged.series(request).await.unwrap().try_collect().await.unwrap();
        let mut out = Vec::new();
        for set in sets {
            for (key, fields) in set.series.iter().zip(&set.series_fields) {
                let fields: Vec<_> = set.field_sets[*fields].iter().map(|f| &*set.fields[*f].0).collect();
                out.push(format!("{}/{}: {}", set.measurement, key.0, fields.join(" ")));
            }
        }
        out
    };
    assert_eq!(told(all()).await, ["m/host=a: x y", "m/host=b: x z", "n/: x", "o/: x"]);
    assert_eq!(told(ask(TimeRange { start: 40, stop: 55 }, Predicate::TRUE)).await, ["m/host=b: x"]);
    let y = Predicate::equals(ColumnRef::Field, "y");
    assert_eq!(told(ask(TimeRange::ALL, y)).await, ["m/host=a: y"]);
    let sets: Vec<SeriesSet> = merged.series(all()).await.unwrap().try_collect().await.unwrap();
    assert_eq!(sets[0].fields[1], ("y".into(), FieldType::Float));
}
