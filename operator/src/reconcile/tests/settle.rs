use serde_json::json;

use super::fakes::{BUCKETS, World, condition, resource};
use crate::{
    crd::Origin,
    kinds::{Bucket, Dbrp},
    reconcile::{Managed, Problem, Sibling},
};

fn bucket(spec: serde_json::Value) -> Bucket {
    resource("metrics", spec)
}

#[test]
fn makes_what_is_missing_and_then_rests() {
    let world = World::default();
    let mut bucket = bucket(json!({ "retentionSeconds": 7200 }));
    let (result, notes) = world.reconcile(&mut bucket);
    result.unwrap();
    assert_eq!(notes[0].reason, "Created");
    let made = &world.server.all(BUCKETS)[0];
    assert_eq!(made["name"], "metrics");
    assert_eq!(made["retentionRules"][0]["everySeconds"], 7200);
    assert_eq!(condition(&bucket, "Ready"), Some(("True".into(), "Synced".into())));
    let (writes, status) = (world.server.writes(), bucket.status.clone());
    world.pass(60);
    world.reconcile(&mut bucket).0.unwrap();
    assert_eq!(world.server.writes(), writes, "nothing differs, so nothing is written");
    assert_eq!(bucket.status, status, "and the status stays as it was, times and all");
}

#[test]
fn changes_what_the_spec_changes() {
    let world = World::default();
    let mut bucket = bucket(json!({ "retentionSeconds": 7200, "description": "of machines" }));
    world.reconcile(&mut bucket).0.unwrap();
    assert_eq!(world.server.all(BUCKETS)[0]["description"], "of machines", "the marker is gone");
    bucket.spec.retention_seconds = 3600;
    bucket.spec.name = Some("machines".into());
    bucket.metadata.generation = Some(2);
    let (_, notes) = world.reconcile(&mut bucket);
    assert_eq!(notes[0].text, "changed name, retentionRules of 0000000000000001");
    let now = &world.server.all(BUCKETS)[0];
    assert_eq!((&now["name"], &now["retentionRules"][0]["everySeconds"]), (&json!("machines"), &json!(3600)));
}

#[test]
fn puts_back_what_others_change() {
    let world = World::default();
    let mut bucket = bucket(json!({ "retentionSeconds": 7200 }));
    world.reconcile(&mut bucket).0.unwrap();
    let id = bucket.status.as_ref().unwrap().id.clone().unwrap();
    world.server.change(BUCKETS, &id, json!({ "retentionRules": [] }));
    let (_, notes) = world.reconcile(&mut bucket);
    assert_eq!(notes[0].reason, "Corrected");
    world.server.remove(BUCKETS, &id);
    let (_, notes) = world.reconcile(&mut bucket);
    assert_eq!(notes.iter().map(|n| n.reason).collect::<Vec<_>>(), ["Lost", "Created"]);
}

#[test]
fn leaves_another_s_object_alone_unless_asked() {
    let world = World::default();
    let id = world.server.put(BUCKETS, json!({ "name": "metrics", "orgID": "00000000000000aa" }));
    let mut bucket = bucket(json!({}));
    let (result, _) = world.reconcile(&mut bucket);
    assert!(matches!(result, Err(Problem::Conflict(_))));
    assert_eq!(condition(&bucket, "Ready"), Some(("False".into(), "Conflict".into())));
    assert_eq!(condition(&bucket, "Conflict"), Some(("True".into(), "Exists".into())));
    assert_eq!(world.server.writes(), 0);
    world.dismiss(&bucket).unwrap();
    assert_eq!(world.server.all(BUCKETS).len(), 1, "and does not delete it either");

    bucket.spec.management.adopt = true;
    world.reconcile(&mut bucket).0.unwrap();
    let status = bucket.status.clone().unwrap();
    assert_eq!((status.id, status.origin), (Some(id), Some(Origin::Adopted)));
    assert_eq!(condition(&bucket, "Conflict"), None);
}

#[test]
fn adopts_nothing_that_another_resource_manages() {
    let world = World::default();
    world.server.put(BUCKETS, json!({ "name": "metrics", "orgID": "00000000000000aa" }));
    *world.cluster.owner.lock() = Some("other/metrics".into());
    let mut bucket = bucket(json!({ "adopt": true }));
    assert!(matches!(world.reconcile(&mut bucket).0, Err(Problem::Conflict(_))));
}

#[test]
fn deletes_only_what_it_made_and_only_by_policy() {
    let world = World::default();
    let mut kept = bucket(json!({}));
    world.reconcile(&mut kept).0.unwrap();
    world.dismiss(&kept).unwrap();
    assert_eq!(world.server.all(BUCKETS).len(), 1, "the default is to retain");

    let mut gone: Bucket = resource("gone", json!({ "deletionPolicy": "Delete" }));
    world.reconcile(&mut gone).0.unwrap();
    world.dismiss(&gone).unwrap();
    assert_eq!(world.server.all(BUCKETS).len(), 1);

    let mut adopted: Bucket =
        resource("other", json!({ "name": "metrics", "adopt": true, "deletionPolicy": "Delete" }));
    // The claim of the first is given up when it goes.
    world.claims.release("uid-of-metrics");
    world.reconcile(&mut adopted).0.unwrap();
    world.dismiss(&adopted).unwrap();
    assert_eq!(world.server.all(BUCKETS).len(), 1, "an adopted object is never deleted");
}

#[test]
fn two_resources_of_one_object_hear_of_each_other() {
    let world = World::default();
    let mut first = bucket(json!({}));
    world.reconcile(&mut first).0.unwrap();
    let mut second: Bucket = resource("copy", json!({ "name": "metrics", "adopt": true }));
    assert!(matches!(world.reconcile(&mut second).0, Err(Problem::Conflict(_))));
    assert_eq!(condition(&second, "Conflict"), Some(("True".into(), "ClaimedByOther".into())));
    assert_eq!(*world.cluster.poked.lock(), ["Bucket team/metrics"], "the first is looked at again");
    world.reconcile(&mut first).0.unwrap();
    assert_eq!(condition(&first, "Conflict"), Some(("True".into(), "AlsoClaimed".into())));
    assert_eq!(condition(&first, "Ready"), Some(("True".into(), "Synced".into())));
    world.claims.release("uid-of-copy");
    world.reconcile(&mut first).0.unwrap();
    assert_eq!(condition(&first, "Conflict"), None);
}

#[test]
fn waits_for_what_it_refers_to() {
    let world = World::default();
    let mut mapping: Dbrp = resource("db", json!({ "bucketRef": { "name": "metrics" } }));
    let (result, _) = world.reconcile(&mut mapping);
    assert_eq!(result.unwrap_err().to_string(), "there is no Bucket metrics");
    let sibling =
        Sibling { id: Some("00000000000000bb".into()), server: Some("http://weir:8086".into()), ready: true };
    world.cluster.siblings.lock().insert("Bucket/metrics".into(), sibling.clone());
    let scope = world.scope(super::fakes::identity(&mapping));
    let desired = futures::executor::block_on(mapping.desired(&scope)).unwrap();
    assert_eq!(desired.once["bucketID"], "00000000000000bb");
    let elsewhere = Sibling { server: Some("http://other".into()), ..sibling };
    world.cluster.siblings.lock().insert("Bucket/metrics".into(), elsewhere);
    assert!(matches!(world.reconcile(&mut mapping).0, Err(Problem::Invalid(_))));
}

#[test]
fn conditions_keep_the_time_of_their_last_change() {
    let world = World::default();
    let mut bucket = bucket(json!({}));
    world.reconcile(&mut bucket).0.unwrap();
    let since = bucket.status.clone().unwrap().conditions[0].last_transition_time.clone();
    world.pass(10);
    bucket.metadata.generation = Some(2);
    world.reconcile(&mut bucket).0.unwrap();
    let condition = bucket.status.clone().unwrap().conditions[0].clone();
    assert_eq!((condition.last_transition_time, condition.observed_generation), (since, Some(2)));
}
