use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use weir_batch::{ColumnRef, FieldType, Predicate, Sequence, TimeRange};
use weir_database::{Options, sql};
use weir_model::ErrorCode;
use weir_proto::{DeleteRequest, FieldClaim, FileIndexService};

struct HourBuckets;

#[async_trait]
impl Buckets for HourBuckets {
    async fn shard_group_duration(&self, bucket: Id) -> weir_model::Result<Option<i64>> {
        Ok((bucket.get() != 99).then_some(3600))
    }
}

struct DayBuckets;

#[async_trait]
impl Buckets for DayBuckets {
    async fn shard_group_duration(&self, _: Id) -> weir_model::Result<Option<i64>> {
        Ok(Some(86_400))
    }
}

fn id(n: u64) -> Id {
    Id::new(n).unwrap()
}

/// A file, so that readers and the writer are different connections. Where `WEIR_TEST_POSTGRES` holds the URL of a
/// server, without a database's name at its end, a fresh database of that server.
async fn open() -> (tempfile::TempDir, FileIndex) {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let dir = tempfile::tempdir().unwrap();
    let mut url = format!("sqlite:{}", dir.path().join("weir.db").display());
    if let Ok(server) = std::env::var("WEIR_TEST_POSTGRES") {
        let all = Database::connect(&format!("{server}/postgres"), &Options::default()).await.unwrap();
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("weir_store_test_{}_{number}", std::process::id());
        all.execute(sql(format!("CREATE DATABASE {name}"))).await.unwrap();
        url = format!("{server}/{name}");
    }
    let db = Database::connect(&url, &Options::default()).await.unwrap();
    (dir, FileIndex::open(db, Arc::new(HourBuckets)).await.unwrap())
}

#[tokio::test]
async fn shard_groups_are_made_once_and_never_overlap() {
    let (_dir, index) = open().await;
    let made = futures::future::join_all((0..8).map(|_| index.shard_group_for(id(1), 4000))).await;
    let first = *made[0].as_ref().unwrap();
    assert_eq!(first.range, TimeRange { start: 3600, stop: 7200 });
    assert!(made.into_iter().all(|g| g.unwrap() == first));

    // With another duration the new group fills what its neighbours leave.
    let days = FileIndex { buckets: Arc::new(DayBuckets), ..index.clone() };
    assert_eq!(days.shard_group_for(id(1), 5000).await.unwrap(), first);
    assert_eq!(days.shard_group_for(id(1), 10).await.unwrap().range, TimeRange { start: 0, stop: 3600 });
    assert_eq!(
        days.shard_group_for(id(1), 7200).await.unwrap().range,
        TimeRange { start: 7200, stop: 86_400 }
    );
    let ends = index.shard_group_for(id(2), i64::MAX).await.unwrap();
    assert_eq!(ends.range.stop, i64::MAX);
    assert_eq!(index.shard_group_for(id(2), i64::MIN).await.unwrap().range.start, i64::MIN);
    assert_eq!(index.shard_groups_in(id(1), TimeRange { start: 3599, stop: 3601 }).await.unwrap().len(), 2);
    assert_eq!(index.shard_group_for(id(99), 0).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn the_first_claim_of_a_type_wins_until_it_is_forgotten() {
    let (_dir, index) = open().await;
    let claim =
        |field: &str, field_type| FieldClaim { measurement: "m".into(), field: field.into(), field_type };
    let first = index.claim_field_types(id(1), 7, &[claim("a", FieldType::Float)]).await.unwrap();
    let second = index
        .claim_field_types(id(1), 7, &[claim("b", FieldType::String), claim("a", FieldType::Integer)])
        .await
        .unwrap();
    assert_eq!(second.types, [FieldType::String, FieldType::Float]);
    assert_eq!(first.version, second.version);
    assert_eq!(index.registered_measurements(id(1), 7).await.unwrap(), ["m"]);
    index.forget_field_types(id(1), 7, "m").await.unwrap();
    assert!(index.field_types_version(id(1)).await.unwrap() > first.version);
    let third = index.claim_field_types(id(1), 7, &[claim("a", FieldType::Integer)]).await.unwrap();
    assert_eq!(third.types, [FieldType::Integer]);
}

#[tokio::test]
async fn tombstones_come_back_and_are_kept_once() {
    let (_dir, index) = open().await;
    let predicate = Predicate::Or(vec![
        Predicate::equals(ColumnRef::Measurement, "m")
            .and(Predicate::equals(ColumnRef::Tag("host".into()), "a \"b\"")),
        Predicate::equals(ColumnRef::Tag("t".into()), ""),
    ]);
    let delete = DeleteRequest {
        sequence: Sequence(9),
        bucket: id(1),
        range: TimeRange { start: 10, stop: 20 },
        predicate: predicate.clone(),
    };
    index.insert_tombstone(&delete).await.unwrap();
    index.insert_tombstone(&delete).await.unwrap();
    let found = index.tombstones(id(1), TimeRange { start: 19, stop: 100 }).await.unwrap();
    assert_eq!(found, [Tombstone { sequence: 9, range: delete.range, predicate }]);
    assert!(index.tombstones(id(1), TimeRange { start: 20, stop: 100 }).await.unwrap().is_empty());
    index.remove_tombstone(id(1), 9).await.unwrap();
    assert!(index.tombstones(id(1), TimeRange::ALL).await.unwrap().is_empty());
    let field = DeleteRequest { predicate: Predicate::equals(ColumnRef::Field, "f"), ..delete };
    assert!(index.insert_tombstone(&field).await.is_err());
}

fn segment(n: i64, object: &str, shard_group: i64) -> crate::SegmentMeta {
    crate::SegmentMeta {
        id: n,
        bucket: id(1),
        shard_group,
        measurement: "m".into(),
        object: object.into(),
        data: 0..10,
        tail: 5,
        index: 10..12,
        rows: 3,
        series: 2,
        min_time: n * 100,
        max_time: n * 100 + 50,
        min_sequence: 1,
        max_sequence: 2,
        deletes_applied: 0,
        fields: vec![("f \"q\"".into(), FieldType::Boolean)],
        tag_keys: vec!["host".into()],
        created: 5,
    }
}

#[tokio::test]
async fn segments_are_committed_together_replaced_and_their_objects_collected() {
    let (_dir, index) = open().await;
    let group = index.shard_group_for(id(1), 0).await.unwrap().id;
    let (a, b, c) = (segment(1, "x", group), segment(2, "x", group), segment(3, "y", group));
    index.commit_segments(&[a.clone(), b.clone()]).await.unwrap();
    index.commit_segments(&[a.clone(), b.clone()]).await.unwrap();
    assert_eq!(index.segments(id(1), TimeRange::ALL, None).await.unwrap(), [a.clone(), b.clone()]);
    let some =
        index.segments(id(1), TimeRange { start: 151, stop: 201 }, Some(&["m".to_owned()])).await.unwrap();
    assert_eq!(some, std::slice::from_ref(&b));
    assert!(index.segments(id(1), TimeRange::ALL, Some(&["n".to_owned()])).await.unwrap().is_empty());

    assert!(!index.replace_segments(&[1, 77], std::slice::from_ref(&c), 9).await.unwrap());
    assert!(index.replace_segments(&[1], std::slice::from_ref(&c), 9).await.unwrap());
    assert!(index.garbage(100).await.unwrap().is_empty(), "x has a segment left");
    assert!(index.replace_segments(&[2], &[], 10).await.unwrap());
    assert_eq!(index.garbage(10).await.unwrap(), ["x"]);
    assert!(index.garbage(9).await.unwrap().is_empty());
    index.forget_garbage("x").await.unwrap();

    index.drop_bucket(id(1), 11).await.unwrap();
    assert_eq!(index.garbage(11).await.unwrap(), ["y"]);
    index.forget_garbage("y").await.unwrap();
    index.commit_segments(&[c]).await.unwrap();
    assert_eq!(index.garbage(11).await.unwrap(), ["y"], "a flush that comes too late is garbage");
    assert!(index.segments(id(1), TimeRange::ALL, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn shard_groups_past_retention_go_with_all_they_hold() {
    let (_dir, index) = open().await;
    let old = index.shard_group_for(id(1), 0).await.unwrap();
    let new = index.shard_group_for(id(1), 3600).await.unwrap();
    index.commit_segments(&[segment(1, "old", old.id), segment(2, "new", new.id)]).await.unwrap();
    assert!(index.drop_expired(id(1), 3599, 1).await.unwrap().is_empty());
    assert_eq!(index.drop_expired(id(1), 3600, 1).await.unwrap(), [old.id]);
    assert_eq!(index.garbage(1).await.unwrap(), ["old"]);
    assert_eq!(index.segments_of_shard_group(id(1), new.id).await.unwrap().len(), 1);
}
