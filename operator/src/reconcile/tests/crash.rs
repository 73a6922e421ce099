//! Interruptions at every point.

use serde_json::json;

use super::fakes::{BUCKETS, World, resource};
use crate::{crd::Origin, kinds::Bucket};

#[test]
fn what_was_made_before_a_crash_is_found_and_ours() {
    let world = World::default();
    let mut bucket: Bucket = resource("metrics", json!({ "description": "of machines" }));
    world.server.lose_answer(1); // made, and the answer never came
    world.reconcile_and_crash(&bucket);
    assert_eq!(world.server.all(BUCKETS).len(), 1);
    let (result, notes) = world.reconcile(&mut bucket);
    result.unwrap();
    assert_eq!(notes[0].reason, "Recovered");
    let status = bucket.status.clone().unwrap();
    assert_eq!(status.origin, Some(Origin::Created), "it needs no adoption");
    assert_eq!(world.server.all(BUCKETS).len(), 1, "and none is orphaned");
    assert_eq!(world.server.all(BUCKETS)[0]["description"], "of machines");
}

#[test]
fn what_lost_its_marker_was_recorded_before() {
    let world = World::default();
    let mut bucket: Bucket = resource("metrics", json!({ "description": "of machines" }));
    world.reconcile_and_crash_late(&mut bucket); // made and described, and the status was not written
    assert_eq!(world.server.all(BUCKETS)[0]["description"], "of machines", "nothing there says whose it is");
    let (result, _) = world.reconcile(&mut bucket);
    result.unwrap();
    assert_eq!(bucket.status.unwrap().origin, Some(Origin::Created));
    assert_eq!(world.server.all(BUCKETS).len(), 1);
}

#[test]
fn what_was_made_and_not_recorded_is_deleted_with_the_resource() {
    let world = World::default();
    let bucket: Bucket = resource("metrics", json!({ "deletionPolicy": "Delete" }));
    world.reconcile_and_crash(&bucket);
    assert_eq!(world.server.all(BUCKETS).len(), 1);
    world.dismiss(&bucket).unwrap();
    assert_eq!(world.server.all(BUCKETS).len(), 0);
}

#[test]
fn a_second_resource_of_the_same_name_does_not_inherit() {
    let world = World::default();
    let first: Bucket = resource("metrics", json!({}));
    world.reconcile_and_crash(&first);
    world.claims.release("uid-of-metrics");
    let mut again: Bucket = resource("metrics", json!({}));
    again.metadata.uid = Some("another-uid".into());
    assert!(world.reconcile(&mut again).0.is_err(), "what the first left is somebody else's");
}
