//! What the API server refuses by itself, with words that help.

use weir_k8s_tests::Lab;

#[test]
fn invalid_resources_are_refused_with_helpful_words() {
    let lab = Lab::new("refusals");
    let kubectl = &lab.kubectl;
    for (kind, spec, words) in [
        ("Bucket", "{retentionSeconds: 60}", "retentionSeconds is 0 (forever) or at least 3600 (an hour)"),
        ("Bucket", "{name: _tasks}", "names that begin with an underscore are the server's own"),
        (
            "Bucket",
            "{organization: a, organizationRef: {name: b}}",
            "give organization or organizationRef, not both",
        ),
        (
            "Bucket",
            "{retentionSeconds: 3600, shardGroupSeconds: 7200}",
            "shardGroupSeconds is at most retentionSeconds",
        ),
        ("Bucket", "{retention: 1h}", "unknown field"),
        ("Bucket", "{deletionPolicy: Maybe}", "supported values: \"Retain\", \"Delete\""),
        ("Task", "{flux: 'x = 1'}", "give every or cron, one of them"),
        ("Task", "{every: 1h}", "give flux or fluxConfigMapRef, one of them"),
        ("Task", "{every: 1h, flux: 'option task = {}'}", "leave `option task` out of flux"),
        ("Task", "{every: soon, flux: 'x = 1'}", "spec.every"),
        ("Token", "{permissions: []}", "spec.permissions"),
        (
            "Token",
            "{permissions: [{action: read, resource: tasks, bucket: b}]}",
            "bucket and bucketRef go with resource: buckets",
        ),
        ("Dbrp", "{}", "give bucket or bucketRef"),
        ("Check", "{query: q, every: 1m}", "give thresholds or deadman, one of them"),
        (
            "Check",
            "{query: q, every: 1m, thresholds: [{type: range, level: CRIT, value: 1}]}",
            "type range has min and max",
        ),
        ("NotificationEndpoint", "{}", "give slack, pagerduty, http or telegram, one of them"),
        ("NotificationRule", "{every: 1m, endpoint: e, statusRules: []}", "spec.statusRules"),
        ("Variable", "{constant: [a], map: {a: b}}", "give constant, map or query, one of them"),
        (
            "Replication",
            "{bucket: b, remote: r, remoteBucketName: x, maxAgeSeconds: 5}",
            "maxAgeSeconds is 0 or from 60 to 5184000",
        ),
        (
            "RemoteConnection",
            "{remoteURL: 'ftp://x', tokenSecretRef: {name: a, key: b}}",
            "remoteURL begins with http:// or https://",
        ),
        (
            "Instance",
            "{url: 'weir:8086', tokenSecretRef: {name: a, key: b}}",
            "url begins with http:// or https://",
        ),
    ] {
        let refusal = kubectl.refusal(kind, "invalid", spec);
        assert!(refusal.contains(words), "{kind} {spec}: {refusal}");
    }
    // What cannot change.
    kubectl.make("Bucket", "settled", "{organization: o}");
    let refusal = kubectl.refusal("Bucket", "settled", "{organization: p}");
    assert!(refusal.contains("the organization cannot change"), "{refusal}");
    let refusal = kubectl.refusal("Bucket", "settled", "{organization: o, instanceRef: {name: other}}");
    assert!(refusal.contains("instanceRef cannot change"), "{refusal}");
}

#[test]
fn defaults_are_filled_in() {
    let lab = Lab::new("defaults");
    lab.kubectl.make("Bucket", "plain", "{}");
    let spec = lab.kubectl.get("Bucket", "plain")["spec"].clone();
    let expected = serde_json::json!({
        "adopt": false, "deletionPolicy": "Retain", "instanceRef": { "name": "weir" }, "retentionSeconds": 0
    });
    assert_eq!(spec, expected);
}
