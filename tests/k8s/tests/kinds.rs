//! Every kind once, made, looked at and deleted.

use weir_k8s_tests::Lab;

const CONFIG: &str = "[[outputs.influxdb_v2]]\\n  bucket = \\\"b\\\"\\n";

/// What the resources below refer to.
fn furnish(lab: &Lab) {
    lab.kubectl.apply(
        "{apiVersion: v1, kind: Secret, metadata: {name: hidden}, stringData: {password: a-long-password, token: t-1}}\n",
    );
    lab.kubectl.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: texts}, data: {flux: \"import \\\"math\\\"\\n\\nfrom(bucket: \\\"b\\\") |> range(start: -1h)\"}}\n");
}

/// A spec of every kind.
fn specs() -> Vec<(&'static str, String)> {
    let template =
        r"[{apiVersion: influxdata.com/v2alpha1, kind: Label, metadata: {name: red}, spec: {name: red}}]";
    let query = r#"from(bucket: \"b\") |> range(start: v.timeRangeStart) |> filter(fn: (r) => r._field == \"f\") |> aggregateWindow(every: 1m, fn: mean)"#;
    vec![
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
    ]
}

#[test]
fn every_kind_is_made_rests_and_is_deleted() {
    let lab = Lab::new("kinds");
    let operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    furnish(&lab);
    let kinds = specs();
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

/// What happens to a kind in its life: how it is changed here and there, and where that shows.
struct Life {
    kind: &'static str,
    /// The change of the spec, as a merge patch.
    change: &'static str,
    /// Where the object is, and what in it shows the change.
    path: &'static str,
    shows: (&'static str, &'static str),
    /// How somebody else changes the object.
    meddle: (&'static str, &'static str),
}

const fn life(
    kind: &'static str,
    path: &'static str,
    change: &'static str,
    shows: (&'static str, &'static str),
    meddle: (&'static str, &'static str),
) -> Life {
    Life { kind, change, path, shows, meddle }
}

const DESCRIBED: &str = r#"{"description": "changed"}"#;
const CHANGED: (&str, &str) = ("/description", "changed");
const MEDDLED: (&str, &str) = ("PATCH", r#"{"description": "theirs"}"#);

/// Kinds whose objects nothing else needs.
const LIVES: &[Life] = &[
    life(
        "Token",
        "/api/v2/authorizations/{id}",
        r#"{"status": "inactive"}"#,
        ("/status", "inactive"),
        ("PATCH", r#"{"status": "active"}"#),
    ),
    life(
        "User",
        "/api/v2/users/{id}",
        r#"{"status": "inactive"}"#,
        ("/status", "inactive"),
        ("PATCH", r#"{"status": "active"}"#),
    ),
    life(
        "Dbrp",
        "/api/v2/dbrps/{id}?orgID={org}",
        r#"{"retentionPolicy": "weekly"}"#,
        ("/content/retention_policy", "weekly"),
        ("PATCH", r#"{"retention_policy": "theirs"}"#),
    ),
    life("Variable", "/api/v2/variables/{id}", DESCRIBED, CHANGED, MEDDLED),
    life(
        "Telegraf",
        "/api/v2/telegrafs/{id}",
        DESCRIBED,
        CHANGED,
        ("PUT", r#"{"name": "telegraf", "description": "theirs", "config": "[agent]"}"#),
    ),
    life("Dashboard", "/api/v2/dashboards/{id}", DESCRIBED, CHANGED, MEDDLED),
    life(
        "Task",
        "/api/v2/tasks/{id}",
        r#"{"status": "active"}"#,
        ("/status", "active"),
        ("PATCH", r#"{"status": "inactive"}"#),
    ),
    life("Check", "/api/v2/checks/{id}", DESCRIBED, CHANGED, MEDDLED),
    life("NotificationRule", "/api/v2/notificationRules/{id}", DESCRIBED, CHANGED, MEDDLED),
    life("Replication", "/api/v2/replications/{id}", DESCRIBED, CHANGED, MEDDLED),
];

/// Kinds whose objects others need: they are changed, but not taken away.
const NEEDED: &[Life] = &[
    life("Organization", "/api/v2/orgs/{id}", DESCRIBED, CHANGED, MEDDLED),
    life("Bucket", "/api/v2/buckets/{id}", DESCRIBED, CHANGED, MEDDLED),
    life("NotificationEndpoint", "/api/v2/notificationEndpoints/{id}", DESCRIBED, CHANGED, MEDDLED),
    life("RemoteConnection", "/api/v2/remotes/{id}", DESCRIBED, CHANGED, MEDDLED),
];

fn resource(kind: &str) -> String {
    format!("{}.weir.dev", kind.to_lowercase())
}

#[test]
fn every_kind_is_changed_put_back_made_again_retained_and_adopted() {
    let lab = Lab::new("lives");
    let operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    furnish(&lab);
    let specs = specs();
    let spec_of = |kind: &str| &specs.iter().find(|(known, _)| *known == kind).unwrap().1;
    for (kind, spec) in &specs {
        kubectl.make(kind, &kind.to_lowercase(), &spec.replacen('{', "{deletionPolicy: Delete, ", 1));
    }
    for (kind, _) in &specs {
        lab.ready(kind, &kind.to_lowercase());
    }
    let id = |kind: &str| kubectl.get(kind, &kind.to_lowercase())["status"]["id"].as_str().map(str::to_owned);
    let organization = |kind: &str| {
        let status = kubectl.get(kind, &kind.to_lowercase())["status"].clone();
        status["organizationID"].as_str().unwrap_or_default().to_owned()
    };
    let at = |life: &Life, id: &str| life.path.replace("{id}", id).replace("{org}", &organization(life.kind));
    let shows = |life: &Life, id: &str| {
        let answer =
            lab.server.client().send("GET", &at(life, id), &["Accept: application/json"], b"").unwrap();
        let object: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        (object.pointer(life.shows.0).and_then(|v| v.as_str()) == Some(life.shows.1)).then_some(())
    };
    let all = || LIVES.iter().chain(NEEDED);

    // Changed here, and then there.
    for life in all() {
        let patch = format!(r#"{{"spec": {}}}"#, life.change);
        kubectl.patch(&resource(life.kind), &life.kind.to_lowercase(), &patch);
    }
    for life in all() {
        let id = id(life.kind).unwrap();
        lab.until(&format!("the change of {}", life.kind), || shows(life, &id));
        let (method, body) = life.meddle;
        lab.server.client().expect(200, method, &at(life, &id), body.as_bytes());
        lab.until(&format!("the correction of {}", life.kind), || shows(life, &id));
        lab.ready(life.kind, &life.kind.to_lowercase());
    }

    // Taken away there: made again.
    let before: Vec<String> = LIVES.iter().map(|life| id(life.kind).unwrap()).collect();
    for (life, old) in LIVES.iter().zip(&before) {
        lab.server.client().expect(204, "DELETE", &at(life, old), b"");
    }
    for (life, old) in LIVES.iter().zip(&before) {
        let new = lab.until(&format!("another {}", life.kind), || id(life.kind).filter(|new| new != old));
        lab.until(&format!("the new {}", life.kind), || shows(life, &new));
    }

    // Retained, found again, adopted when asked, and then never deleted. The operator knows only tokens that it issued.
    for life in LIVES.iter().filter(|life| life.kind != "Token").rev() {
        let (kind, name) = (life.kind, life.kind.to_lowercase());
        let kept = id(kind).unwrap();
        let place = at(life, &kept);
        kubectl.patch(&resource(kind), &name, r#"{"spec": {"deletionPolicy": "Retain"}}"#);
        let _ = kubectl.must(&["delete", &resource(kind), &name, "--timeout=120s"]);
        lab.server.client().expect(200, "GET", &place, b"");
        let spec = match kind {
            "Dbrp" => spec_of(kind).replacen('{', "{retentionPolicy: weekly, ", 1),
            _ => spec_of(kind).clone(),
        };
        kubectl.make(kind, &name, &spec.replacen('{', "{deletionPolicy: Delete, ", 1));
        lab.wait(kind, &name, "Conflict", "True", "Exists");
        kubectl.patch(&resource(kind), &name, r#"{"spec": {"adopt": true}}"#);
        lab.ready(kind, &name);
        let status = kubectl.get(kind, &name)["status"].clone();
        assert_eq!((&status["id"], &status["origin"]), (&kept.clone().into(), &"Adopted".into()), "{kind}");

        // Another resource of the same object: both say so.
        let named = match kind {
            "Variable" | "Dashboard" | "Dbrp" => spec.clone(), // which say their names
            _ => spec.replacen('{', &format!("{{name: {name}, "), 1),
        };
        let again = format!("{name}-again");
        kubectl.make(kind, &again, &named);
        lab.wait(kind, &again, "Conflict", "True", "ClaimedByOther");
        lab.wait(kind, &name, "Conflict", "True", "AlsoClaimed");
        let _ = kubectl.must(&["delete", &resource(kind), &again, "--timeout=120s"]);
        let _ = kubectl.must(&["delete", &resource(kind), &name, "--timeout=120s"]);
        lab.server.client().expect(200, "GET", &place, b"");
    }
    drop(operator);
}

#[test]
fn a_namespace_of_all_kinds_goes_as_a_whole() {
    let lab = Lab::from_outside("doomed");
    let _operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    furnish(&lab);
    let kinds = specs();
    for (number, (kind, spec)) in kinds.iter().enumerate() {
        let policy = ["Delete", "Retain"][number % 2];
        kubectl.make(
            kind,
            &kind.to_lowercase(),
            &spec.replacen('{', &format!("{{deletionPolicy: {policy}, "), 1),
        );
    }
    for (kind, _) in &kinds {
        lab.ready(kind, &kind.to_lowercase());
    }
    // One that never came to be, too.
    kubectl.make("Bucket", "waiting", "{deletionPolicy: Delete, organizationRef: {name: nobody}}");
    lab.wait("Bucket", "waiting", "Ready", "False", "ReferenceNotReady");
    // The Instance, its Secret and everything else go at the same time, in an order that nobody chooses.
    let _ = kubectl.must(&["delete", "namespace", "doomed", "--timeout=110s"]);
}

#[test]
fn a_template_is_applied_changed_put_back_and_deleted_with_its_stack() {
    let lab = Lab::new("template");
    let _operator = lab.operator(2);
    let kubectl = &lab.kubectl;
    let text = |colour: &str| {
        format!(
            r##"[{{"apiVersion": "influxdata.com/v2alpha1", "kind": "Label", "metadata": {{"name": "red"}}, "spec": {{"color": "{colour}"}}}}, {{"apiVersion": "influxdata.com/v2alpha1", "kind": "Bucket", "metadata": {{"name": "made"}}, "spec": {{"description": "by a template"}}}}]"##
        )
    };
    kubectl.make(
        "Template",
        "starter",
        &format!("{{deletionPolicy: Delete, template: '{}'}}", text("#ff0000")),
    );
    lab.ready("Template", "starter");
    let org = kubectl.get("Template", "starter")["status"]["organizationID"].as_str().unwrap().to_owned();
    let label = || lab.ask(&format!("/api/v2/labels?orgID={org}"))["labels"][0].clone();
    assert_eq!(label()["properties"]["color"], "#ff0000");
    assert_eq!(lab.buckets("made")[0]["description"], "by a template");

    let patch = serde_json::json!({ "spec": { "template": text("#00ff00") } });
    kubectl.patch(&resource("Template"), "starter", &patch.to_string());
    lab.until("the change", || (label()["properties"]["color"] == "#00ff00").then_some(()));

    let path = format!("/api/v2/labels/{}", label()["id"].as_str().unwrap());
    lab.server.client().expect(200, "PATCH", &path, br##"{"properties": {"color": "#0000ff"}}"##);
    lab.until("the correction", || (label()["properties"]["color"] == "#00ff00").then_some(()));
    let path = format!("/api/v2/buckets/{}", lab.buckets("made")[0]["id"].as_str().unwrap());
    lab.server.client().expect(204, "DELETE", &path, b"");
    lab.until("the bucket again", || lab.buckets("made").pop());
    lab.ready("Template", "starter");

    let _ = kubectl.must(&["delete", "template.weir.dev", "starter", "--timeout=120s"]);
    assert!(lab.buckets("made").is_empty());
    assert!(label().is_null(), "{}", label());
}
