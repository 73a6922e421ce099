//! Tokens and their Secrets.

use serde_json::json;

use super::fakes::{TOKENS, World, condition, resource};
use crate::{
    crd::DeletionPolicy,
    kinds::Token,
    reconcile::{Managed, SecretView},
};

fn token(spec: serde_json::Value) -> Token {
    let mut all = json!({ "permissions": [{ "action": "read", "resource": "buckets" }] });
    all.as_object_mut().unwrap().extend(spec.as_object().cloned().unwrap_or_default());
    resource("reader", all)
}

fn held(world: &World) -> String {
    String::from_utf8(world.cluster.secrets.lock()["reader"].data["token"].clone()).unwrap()
}

#[test]
fn a_token_is_issued_into_a_secret_and_left_alone() {
    let world = World::default();
    let mut token = token(json!({ "description": "for Grafana" }));
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(held(&world), "secret of 0000000000000001");
    let secret = world.cluster.secrets.lock()["reader"].clone();
    assert_eq!(secret.data["url"], b"http://weir:8086");
    assert_eq!(secret.data["org"], b"home");
    assert_eq!(world.server.all(TOKENS)[0]["description"], "for Grafana (uid-of-reader)");
    let writes = world.server.writes();
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(world.server.writes(), writes);
}

#[test]
fn a_token_whose_secret_was_not_written_is_deleted_and_made_anew() {
    let world = World::default();
    let mut token = token(json!({}));
    *world.cluster.refuse_secrets.lock() = true;
    assert!(world.reconcile(&mut token).0.is_err());
    assert_eq!(world.server.all(TOKENS).len(), 1);
    *world.cluster.refuse_secrets.lock() = false;
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(world.server.all(TOKENS).len(), 1, "the first is gone");
    assert_eq!(held(&world), "secret of 0000000000000002");
}

#[test]
fn a_crash_after_the_secret_was_written_costs_nothing() {
    let world = World::default();
    let mut token = token(json!({}));
    world.reconcile_and_crash(&token);
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(world.server.all(TOKENS).len(), 1);
    assert_eq!(held(&world), "secret of 0000000000000001");
}

#[test]
fn rotation_by_interval_keeps_the_old_token_for_a_while() {
    let world = World::default();
    let mut token = token(json!({ "rotation": { "intervalSeconds": 1000, "gracePeriodSeconds": 100 } }));
    world.reconcile(&mut token).0.unwrap();
    let due = token.due(token.status.as_ref().unwrap(), world.now()).unwrap();
    assert_eq!(due.as_secs(), 1000);
    world.pass(1000);
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(held(&world), "secret of 0000000000000002");
    assert_eq!(world.server.all(TOKENS).len(), 2, "programs still use the first");
    world.pass(100);
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(world.server.all(TOKENS).len(), 1);
    assert_eq!(world.server.all(TOKENS)[0]["id"], "0000000000000002");
}

#[test]
fn rotation_by_annotation_happens_once_a_value() {
    let world = World::default();
    let mut token = token(json!({}));
    world.reconcile(&mut token).0.unwrap();
    token.metadata.annotations = Some([("weir.dev/rotate".to_owned(), "1".to_owned())].into());
    world.reconcile(&mut token).0.unwrap();
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(held(&world), "secret of 0000000000000002");
}

#[test]
fn a_crash_in_a_rotation_leaves_one_token_and_the_retiring_one() {
    let world = World::default();
    let mut token = token(json!({ "rotation": { "intervalSeconds": 1000, "gracePeriodSeconds": 100 } }));
    world.reconcile(&mut token).0.unwrap();
    world.pass(1000);
    world.reconcile_and_crash(&token); // the Secret has the second token, the status does not know
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(held(&world), "secret of 0000000000000002");
    world.pass(100);
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(world.server.all(TOKENS).len(), 1);
}

#[test]
fn other_permissions_are_another_token() {
    let world = World::default();
    let mut token = token(json!({}));
    world.reconcile(&mut token).0.unwrap();
    token.spec.permissions.clear();
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(held(&world), "secret of 0000000000000002");
}

#[test]
fn a_lost_secret_is_written_with_another_token() {
    let world = World::default();
    let mut token = token(json!({}));
    world.reconcile(&mut token).0.unwrap();
    world.cluster.secrets.lock().clear();
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(held(&world), "secret of 0000000000000002");
    assert_eq!(world.server.all(TOKENS).len(), 1, "nobody has the first any more");
}

#[test]
fn what_else_the_secret_says_is_put_back() {
    let world = World::default();
    let mut token = token(json!({ "secretKey": "url" })); // the token comes first
    world.reconcile(&mut token).0.unwrap();
    let good = world.cluster.secrets.lock()["reader"].clone();
    assert_eq!((&good.data["url"][..], good.owner), (&b"secret of 0000000000000001"[..], None));

    let change =
        |change: &dyn Fn(&mut SecretView)| change(world.cluster.secrets.lock().get_mut("reader").unwrap());
    change(&|secret| secret.data.insert("org".into(), b"another".to_vec()).map_or((), drop));
    world.server.change(TOKENS, "0000000000000001", json!({ "org": "renamed" }));
    let (result, notes) = world.reconcile(&mut token);
    result.unwrap();
    assert!(notes.iter().any(|note| note.reason == "Corrected"), "{notes:?}");
    let secret = world.cluster.secrets.lock()["reader"].clone();
    assert_eq!((&secret.data["org"], &secret.annotations), (&b"renamed".to_vec(), &good.annotations));
    assert!(world.reconcile(&mut token).1.is_empty(), "once");

    change(&|secret| secret.ours = false);
    world.reconcile(&mut token).0.unwrap();
    assert!(world.cluster.secrets.lock()["reader"].ours);

    // It goes with the resource when the token does, and only then.
    for (policy, owner) in [(DeletionPolicy::Delete, Some("uid-of-reader")), (DeletionPolicy::Retain, None)] {
        token.spec.management.deletion_policy = policy;
        world.reconcile(&mut token).0.unwrap();
        let secret = world.cluster.secrets.lock()["reader"].clone();
        assert_eq!((secret.owner.as_deref(), &secret.data["url"]), (owner, &good.data["url"]));
    }
    assert_eq!(world.server.all(TOKENS).len(), 1, "the token is the same all the time");
}

#[test]
fn somebody_else_s_secret_is_not_overwritten() {
    let world = World::default();
    world.cluster.secrets.lock().insert("reader".into(), SecretView::default());
    let mut token = token(json!({}));
    assert!(world.reconcile(&mut token).0.is_err());
    assert_eq!(condition(&token, "Ready"), Some(("False".into(), "Conflict".into())));
    assert_eq!(world.server.writes(), 0);
}

#[test]
fn all_of_its_tokens_go_with_it() {
    let world = World::default();
    let mut token = token(json!({ "deletionPolicy": "Delete", "rotation": { "intervalSeconds": 10 } }));
    world.reconcile(&mut token).0.unwrap();
    world.pass(10);
    world.reconcile(&mut token).0.unwrap();
    assert_eq!(world.server.all(TOKENS).len(), 2);
    world.dismiss(&token).unwrap();
    assert_eq!(world.server.all(TOKENS).len(), 0);
}
