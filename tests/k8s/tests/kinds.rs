//! Every kind once, made, looked at and deleted.

use weir_k8s_tests::Lab;

const CONFIG: &str = "[[outputs.influxdb_v2]]\\n  bucket = \\\"b\\\"\\n";

#[test]
fn every_kind_is_made_rests_and_is_deleted() {
    let lab = Lab::new("kinds");
    let operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    kubectl.apply(
        "{apiVersion: v1, kind: Secret, metadata: {name: hidden}, stringData: {password: a-long-password, token: t-1}}\n",
    );
    kubectl.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: texts}, data: {flux: \"import \\\"math\\\"\\n\\nfrom(bucket: \\\"b\\\") |> range(start: -1h)\"}}\n");
    let template =
        r"[{apiVersion: influxdata.com/v2alpha1, kind: Label, metadata: {name: red}, spec: {name: red}}]";
    let query = r#"from(bucket: \"b\") |> range(start: v.timeRangeStart) |> filter(fn: (r) => r._field == \"f\") |> aggregateWindow(every: 1m, fn: mean)"#;
    let kinds: Vec<(&str, String)> = vec![
        ("Organization", "{name: other, description: another}".into()),
        ("User", "{organizationRef: {name: organization}, role: Owner, passwordSecretRef: {name: hidden, key: password}}".into()),
        ("Bucket", "{organizationRef: {name: organization}, retentionSeconds: 3600}".into()),
        ("Token", "{permissions: [{action: read, resource: orgs}, {action: write, resource: tasks}]}".into()),
        ("Dbrp", "{organizationRef: {name: organization}, database: db, bucketRef: {name: bucket}, default: true}".into()),
        ("Variable", "{name: room, constant: [kitchen, hall], selected: [hall]}".into()),
        ("Telegraf", format!("{{config: \"{CONFIG}\", description: for hosts}}")),
        ("Dashboard", "{name: board, cells: [{left: 0, top: 0, width: 6, height: 3, name: note, properties: {shape: chronograf-v2, type: markdown, note: hello}}]}".into()),
        ("Task", "{every: 1h, offset: 5m, fluxConfigMapRef: {name: texts, key: flux}, status: inactive}".into()),
        ("Check", format!("{{every: 1m, query: \"{query}\", thresholds: [{{type: greater, level: CRIT, value: 90}}]}}")),
        ("NotificationEndpoint", "{slack: {url: 'https://hooks.slack.com/services/a/b/c', tokenSecretRef: {name: hidden, key: token}}}".into()),
        ("NotificationRule", "{every: 1m, endpointRef: {name: notificationendpoint}, messageTemplate: hello, statusRules: [{currentLevel: CRIT}]}".into()),
        ("Template", format!("{{template: '{template}', description: a label}}")),
        ("RemoteConnection", "{remoteURL: 'http://127.0.0.1:1', tokenSecretRef: {name: hidden, key: token}}".into()),
        ("Replication", "{bucket: b, remoteRef: {name: remoteconnection}, remoteBucketName: far}".into()),
    ];
    for (kind, spec) in &kinds {
        let spec = spec.replacen('{', "{deletionPolicy: Delete, ", 1);
        kubectl.make(kind, &kind.to_lowercase(), &spec);
    }
    for (kind, _) in &kinds {
        lab.ready(kind, &kind.to_lowercase());
    }
    let user = kubectl.get("User", "user")["status"]["id"].clone();
    let organization = kubectl.get("Organization", "organization")["status"]["id"].clone();
    let owners = lab.ask(&format!("/api/v2/orgs/{}/owners", organization.as_str().unwrap()));
    assert!(owners["users"].as_array().unwrap().iter().any(|owner| owner["id"] == user), "{owners}");

    // At rest nothing is written, whatever form the server keeps.
    let rounds = || operator.metric("weir_operator_reconciles_total", "success");
    let round = |what: &str| {
        let start = rounds();
        lab.until(what, || (rounds() > start + 2.0 * kinds.len() as f64).then_some(()));
    };
    round("things to settle");
    let requests = || {
        let count =
            |method: &str| operator.metric("weir_operator_server_requests_total", &format!("\"{method}\""));
        (
            count("PATCH"),
            count("PUT"),
            count("DELETE"),
            operator.metric("weir_operator_cluster_writes_total", ""),
        )
    };
    let before = requests();
    round("rounds of comparing");
    assert_eq!(before, requests(), "something is written again and again");

    for (kind, _) in kinds.iter().rev() {
        let name = kind.to_lowercase();
        let _ = kubectl.must(&["delete", &format!("{name}.weir.dev"), &name, "--timeout=60s"]);
    }
    assert!(lab.ask("/api/v2/orgs")["orgs"].as_array().unwrap().iter().all(|o| o["name"] != "other"));
    assert!(lab.ask("/api/v2/variables?org=o")["variables"].as_array().unwrap().is_empty());
}
