//! Create, change, correct, retain, delete, adopt, conflict.

use serde_json::json;
use weir_k8s_tests::Lab;

#[test]
fn a_bucket_is_made_changed_put_back_and_retained_or_deleted() {
    let lab = Lab::new("lifecycle");
    let operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    kubectl.make("Bucket", "metrics", "{retentionSeconds: 7200, description: of machines}");
    lab.ready("Bucket", "metrics");
    let made = lab.buckets("metrics").remove(0);
    assert_eq!(
        (&made["retentionRules"][0]["everySeconds"], &made["description"]),
        (&json!(7200), &json!("of machines"))
    );
    let resource = kubectl.get("Bucket", "metrics");
    assert_eq!(resource["status"]["id"], made["id"]);
    assert_eq!(resource["status"]["origin"], "Created");
    assert_eq!(resource["metadata"]["finalizers"][0], "weir.dev/operator");
    lab.until("an event", || {
        kubectl.events("Bucket", "metrics").contains(&"Created".to_owned()).then_some(())
    });

    // Changed here.
    kubectl.patch("Bucket", "metrics", r#"{"spec": {"retentionSeconds": 86400, "name": "machines"}}"#);
    let changed = lab.until("the change", || lab.buckets("machines").pop());
    assert_eq!(changed["id"], made["id"], "it is the same bucket");
    lab.until("the rest of it", || {
        (kubectl.get("Bucket", "metrics")["status"]["observedGeneration"] == 2).then_some(())
    });
    assert_eq!(lab.buckets("machines")[0]["retentionRules"][0]["everySeconds"], 86400);

    // Changed there.
    let path = format!("/api/v2/buckets/{}", made["id"].as_str().unwrap());
    lab.server.client().expect(200, "PATCH", &path, br#"{"name": "mine now", "retentionRules": []}"#);
    lab.until("the correction", || {
        let bucket = lab.buckets("machines").pop()?;
        (bucket["retentionRules"][0]["everySeconds"] == 86400).then_some(())
    });
    lab.server.client().expect(204, "DELETE", &path, b"");
    let again = lab.until("another one", || lab.buckets("machines").pop());
    assert_ne!(again["id"], made["id"]);
    lab.ready("Bucket", "metrics");

    // Retained, which is the default.
    let _ = kubectl.must(&["delete", "bucket.weir.dev", "metrics", "--timeout=60s"]);
    assert_eq!(lab.buckets("machines").len(), 1);

    // Deleted, when asked for.
    kubectl.make("Bucket", "scratch", "{deletionPolicy: Delete}");
    lab.ready("Bucket", "scratch");
    let _ = kubectl.must(&["delete", "bucket.weir.dev", "scratch", "--timeout=60s"]);
    assert!(lab.buckets("scratch").is_empty());
    drop(operator);
}

#[test]
fn what_is_there_is_adopted_only_when_asked_and_never_deleted() {
    let lab = Lab::new("adoption");
    let _operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    kubectl.make("Bucket", "b", "{retentionSeconds: 7200, deletionPolicy: Delete}"); // every test server has b
    lab.wait("Bucket", "b", "Ready", "False", "Conflict");
    let [truth, reason, message] = kubectl.condition("Bucket", "b", "Conflict");
    assert_eq!((truth.as_str(), reason.as_str()), ("True", "Exists"));
    assert!(message.contains("adopt: true"), "{message}");
    assert_eq!(lab.buckets("b")[0]["retentionRules"][0]["everySeconds"], 0, "it is left alone");

    kubectl.patch("Bucket", "b", r#"{"spec": {"adopt": true}}"#);
    lab.ready("Bucket", "b");
    assert_eq!(lab.buckets("b")[0]["retentionRules"][0]["everySeconds"], 7200);
    assert_eq!(kubectl.get("Bucket", "b")["status"]["origin"], "Adopted");
    let _ = kubectl.must(&["delete", "bucket.weir.dev", "b", "--timeout=60s"]);
    assert_eq!(lab.buckets("b").len(), 1, "the operator did not make it");
}

#[test]
fn two_resources_of_one_bucket_both_say_so() {
    let lab = Lab::new("conflict");
    let _operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    kubectl.make("Bucket", "first", "{name: shared}");
    lab.ready("Bucket", "first");
    kubectl.make("Bucket", "second", "{name: shared, adopt: true, retentionSeconds: 3600}");
    lab.wait("Bucket", "second", "Conflict", "True", "ClaimedByOther");
    lab.wait("Bucket", "first", "Conflict", "True", "AlsoClaimed");
    lab.ready("Bucket", "first");
    assert_eq!(lab.buckets("shared")[0]["retentionRules"][0]["everySeconds"], 0, "the first keeps it");
    let _ = kubectl.must(&["delete", "bucket.weir.dev", "second", "--timeout=60s"]);
    lab.wait("Bucket", "first", "Conflict", "", "");
    assert_eq!(lab.buckets("shared").len(), 1);
}

#[test]
fn another_namespace_s_instance_is_used_only_when_it_allows_it() {
    let lab = Lab::new("borrower");
    let _operator = lab.operator(2);
    let spec = "{instanceRef: {name: weir, namespace: elsewhere}}";
    lab.kubectl.make("Bucket", "borrowed", spec);
    lab.wait("Bucket", "borrowed", "Ready", "False", "InstanceNotReady");
    let _ = lab.kubectl.must(&["delete", "bucket.weir.dev", "borrowed", "--timeout=60s"]);
}

#[test]
fn what_lost_its_instance_is_let_go_and_its_server_left_alone() {
    let lab = Lab::new("abandoned");
    let _operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    kubectl.make("Bucket", "metrics", "{deletionPolicy: Delete}");
    kubectl.make(
        "Token",
        "reader",
        "{deletionPolicy: Delete, permissions: [{action: read, resource: tasks}]}",
    );
    lab.ready("Bucket", "metrics");
    lab.ready("Token", "reader");

    // While there is an Instance, a resource waits for it, and says so.
    let _ = kubectl.must(&["delete", "secret", "weir"]);
    kubectl.patch("instance.weir.dev", "weir", r#"{"spec": {"allowedNamespaces": ["any"]}}"#); // looks again
    lab.wait("Instance", "weir", "Ready", "False", "InstanceNotReady");
    let _ = kubectl.must(&["delete", "bucket.weir.dev", "metrics", "--wait=false"]);
    lab.wait("Bucket", "metrics", "Ready", "False", "InstanceNotReady");
    let message = lab.until("a word", || {
        let [_, _, message] = kubectl.condition("Bucket", "metrics", "Ready");
        message.starts_with("not deleted yet").then_some(message)
    });
    assert!(message.contains("deletionPolicy: Retain"), "{message}");

    let _ = kubectl.must(&["delete", "instance.weir.dev", "weir"]);
    lab.until("the bucket's resource to go", || kubectl.get("Bucket", "metrics").is_null().then_some(()));
    let _ = kubectl.must(&["delete", "token.weir.dev", "reader", "--timeout=60s"]);
    lab.until("an event", || {
        kubectl.events("Bucket", "metrics").contains(&"Abandoned".to_owned()).then_some(())
    });
    assert_eq!(lab.buckets("metrics").len(), 1, "nobody may touch the server");
}
