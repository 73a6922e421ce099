//! Templates and stacks: applied, applied again, exported, taken away.

use super::*;

const APPLY: &str = "/api/v2/templates/apply";
const EXPORT: &str = "/api/v2/templates/export";
/// A template of every kind, with every view.
const EVERYTHING: &str = include_str!("template.yml");

fn label(meta: &str, name: &str) -> Value {
    let (version, metadata) = ("influxdata.com/v2alpha1", json!({"name": meta}));
    json!({"apiVersion": version, "kind": "Label", "metadata": metadata, "spec": {"name": name}})
}

impl Api {
    async fn apply(&self, contents: Value, more: Value) -> Answer {
        let kind = if contents.is_string() { "yaml" } else { "json" };
        let mut body = json!({"orgID": self.org, "template": {"contents": contents, "contentType": kind}});
        for (key, value) in more.as_object().into_iter().flatten() {
            body[key] = value.clone();
        }
        self.post(APPLY, body).await
    }

    async fn export(&self, body: Value) -> Answer {
        let token = format!("Token {}", self.token);
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        self.send(Method::POST, EXPORT, &headers, body.to_string()).await
    }
}

/// What a diff would change: resources that are new or go, and those whose new values are not the old ones. Places of
/// charts are not compared, as in the reference, nor what only a resource that is there has.
fn changes(applied: &Value) -> Vec<String> {
    let plain = |value: &Value| {
        let mut value = value.clone();
        for key in [
            "id",
            "orgID",
            "ownerID",
            "taskID",
            "createdAt",
            "updatedAt",
            "metadata",
            "endpointName",
            "query",
        ] {
            value.as_object_mut().map(|value| value.remove(key));
        }
        for chart in value["charts"].as_array_mut().into_iter().flatten() {
            chart.as_object_mut().map(|chart| (chart.remove("xPos"), chart.remove("yPos")));
        }
        for key in ["every", "offset", "messageTemplate", "tagRules"] {
            if value.get(key).is_some_and(|value| {
                *value == json!("") || value.is_null() || *value == json!("0s") || *value == json!([])
            }) {
                value[key] = Value::Null;
            }
        }
        value
    };
    let mut found = Vec::new();
    for (kind, rows) in applied["diff"].as_object().unwrap() {
        for row in rows.as_array().unwrap() {
            let name = row.get("templateMetaName").or(row.get("resourceTemplateMetaName")).unwrap();
            if row["stateStatus"] != "exists" {
                found.push(format!("{kind} {name} {}", row["stateStatus"]));
            } else if kind != "labelMappings" && plain(&row["new"]) != plain(&row["old"]) {
                found.push(format!("{kind} {name}\n{}\n{}", plain(&row["new"]), plain(&row["old"])));
            }
        }
    }
    found
}

#[tokio::test]
async fn everything_is_applied_again_without_change_and_moves_elsewhere() {
    let api = Api::set_up().await;
    let first = api.apply(json!(EVERYTHING), json!({"secrets": {"hook-token": "t", "pager-key": "p"}})).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.json());
    let first = first.json();
    assert_eq!(first["summary"]["missingEnvRefs"], json!(["bucket-name"]));
    assert_eq!(first["summary"]["missingSecrets"], json!([]));
    assert_eq!(first["summary"]["dashboards"][0]["charts"].as_array().unwrap().len(), 12);
    assert_eq!(first["summary"]["labelMappings"].as_array().unwrap().len(), 9);
    let stack = json!({"stackID": first["stackID"]});

    let again = api.apply(json!(EVERYTHING), stack.clone()).await;
    assert_eq!(again.status, StatusCode::CREATED);
    assert_eq!(changes(&again.json()), Vec::<String>::new());
    for (path, list, count) in [
        ("dashboards", "dashboards", 1),
        ("variables", "variables", 3),
        ("labels", "labels", 2),
        ("tasks", "tasks", 2),
        ("checks", "checks", 2),
        ("notificationEndpoints", "notificationEndpoints", 3),
        ("notificationRules", "notificationRules", 2),
        ("telegrafs", "configurations", 1),
    ] {
        let all = api.get(&format!("/api/v2/{path}?orgID={}", api.org)).await.json();
        assert_eq!(all[list].as_array().unwrap().len(), count, "{path}");
    }

    let exported = api.export(stack).await;
    assert_eq!(exported.status, StatusCode::OK);
    let exported = exported.json();
    assert_eq!(exported.as_array().unwrap().len(), 17);
    let metas: Vec<&str> = exported
        .as_array()
        .unwrap()
        .iter()
        .map(|object| object["metadata"]["name"].as_str().unwrap())
        .collect();
    assert!(metas.contains(&"rule-chat") && metas.contains(&"dashboard-greenhouse"));

    let elsewhere = Api::set_up().await;
    let moved =
        elsewhere.apply(exported.clone(), json!({"secrets": {"hook-token": "t", "pager-key": "p"}})).await;
    assert_eq!(moved.status, StatusCode::CREATED, "{}", moved.json());
    let stack = json!({"stackID": moved.json()["stackID"], "dryRun": true});
    let same = elsewhere.apply(exported.clone(), stack.clone()).await;
    assert_eq!((same.status, changes(&same.json())), (StatusCode::OK, Vec::new()));
    let exported_again = elsewhere.export(json!({"stackID": stack["stackID"]})).await.json();
    assert_eq!(exported_again, exported);
}

#[tokio::test]
async fn an_organization_is_exported_by_kind_and_label_as_json_or_yaml() {
    let api = Api::set_up().await;
    api.apply(json!(EVERYTHING), json!({"secrets": {"hook-token": "t", "pager-key": "p"}})).await;
    let all = api.export(json!({"orgIDs": [{"orgID": api.org}]})).await.json();
    let kinds: Vec<&str> =
        all.as_array().unwrap().iter().map(|object| object["kind"].as_str().unwrap()).collect();
    // The bucket of the setup is one more.
    assert_eq!(kinds.len(), 18);
    assert_eq!((kinds[0], kinds[17]), ("Label", "Telegraf"));
    let filters = json!({"byLabel": ["alerts"], "byResourceKind": ["Dashboard", "NotificationRule"]});
    let some = api.export(json!({"orgIDs": [{"orgID": api.org, "resourceFilters": filters}]})).await.json();
    let kinds: Vec<&str> =
        some.as_array().unwrap().iter().map(|object| object["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Label", "NotificationEndpointSlack", "NotificationRule", "Dashboard"]);
    assert_eq!(some[2]["spec"]["endpointName"], some[1]["metadata"]["name"]);
    assert_eq!(
        some[3]["spec"]["associations"],
        json!([{"kind": "Label", "name": some[0]["metadata"]["name"]}])
    );

    let token = format!("Token {}", api.token);
    let headers = [
        ("authorization", token.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/x-yaml"),
    ];
    let body = json!({"resources": [{"kind": "Variable", "name": "crop"}, {"kind": "Bucket", "id": api.bucket, "name": "renamed"}]});
    let yaml = api.send(Method::POST, EXPORT, &headers, body.to_string()).await;
    assert_eq!(yaml.headers["content-type"], "application/x-yaml");
    let text = String::from_utf8(yaml.bytes.to_vec()).unwrap();
    let elsewhere = Api::set_up().await;
    let moved = elsewhere.apply(json!(text), Value::Null).await.json();
    assert_eq!(moved["summary"]["variables"][0]["arguments"]["values"]["cuc"], "cucumber");
    assert_eq!(moved["summary"]["buckets"][0]["name"], "renamed");
    let missing = api.export(json!({"resources": [{"kind": "Bucket", "id": "0123456789abcdef"}]})).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let plain = api.post(EXPORT, json!({"orgIDs": [{"orgID": api.org}]})).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn what_templates_do_not_know_is_not_exported() {
    let api = Api::set_up().await;
    let telegram =
        json!({"type": "telegram", "name": "chat", "status": "active", "token": "t", "channel": "c"});
    let rule = json!({"type": "telegram", "name": "tell", "status": "active", "every": "1h", "offset": "0s",
        "messageTemplate": "m", "tagRules": [], "statusRules": [{"currentLevel": "CRIT"}]});
    let script = "option task = {name: \"own\", every: 1h, offset: 0s}
        check = {_check_id: \"\", _check_name: \"own\", _type: \"custom\", tags: {}}";
    let check = json!({"type": "custom", "name": "own", "status": "active", "query": {"text": script}});
    let mut endpoint = Value::Null;
    for (path, kind, mut body) in [
        ("notificationEndpoints", "NotificationEndpoint", telegram),
        ("notificationRules", "NotificationRule", rule),
        ("checks", "Check", check),
    ] {
        body["orgID"] = json!(api.org);
        body["endpointID"] = endpoint.clone();
        let made = api.post(&format!("/api/v2/{path}"), body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.json());
        let id = made.json()["id"].clone();
        endpoint = if endpoint.is_null() { id.clone() } else { endpoint };
        let refused = api.export(json!({"resources": [{"kind": kind, "id": id}]})).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.json());
        assert!(refused.message().ends_with("is of a type that templates do not know"));
    }
    let all = api.export(json!({"orgIDs": [{"orgID": api.org}]})).await.json();
    assert_eq!((all.as_array().unwrap().len(), &all[0]["kind"]), (1, &json!("Bucket")));
}

#[tokio::test]
async fn what_fails_leaves_nothing_behind() {
    let api = Api::set_up().await;
    let kept = api.apply(json!([label("label-1", "kept")]), Value::Null).await.json();
    // A name that scripts would take for something else is refused by the catalog only.
    let metadata = json!({"name": "v"});
    let spec = json!({"name": "import", "type": "constant", "values": ["a"]});
    let bad = json!({"apiVersion": "influxdata.com/v2alpha1", "kind": "Variable", "metadata": metadata, "spec": spec});
    let mut changed = label("label-1", "kept");
    changed["spec"]["color"] = json!("#ff0000");
    let contents = json!([changed, label("label-2", "new"), bad]);
    let failed = api.apply(contents, json!({"secrets": {"s": "x"}, "stackID": kept["stackID"]})).await;
    assert_eq!(failed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(failed.message().contains("metadata_name=\"v\""), "{}", failed.message());
    let labels = api.get(&format!("/api/v2/labels?orgID={}", api.org)).await.json();
    assert_eq!(labels["labels"].as_array().unwrap().len(), 1);
    assert_eq!(labels["labels"][0]["name"], "kept");
    assert_ne!(labels["labels"][0]["properties"]["color"], "#ff0000");
    let secrets = api.get(&format!("/api/v2/orgs/{}/secrets", api.org)).await.json();
    assert_eq!(secrets["secrets"], json!([]));
    let stacks = api.get(&format!("/api/v2/stacks?orgID={}", api.org)).await.json();
    assert_eq!(stacks["stacks"][0]["events"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_stack_follows_its_template_and_goes_with_all_that_it_has() {
    let api = Api::set_up().await;
    let metadata = json!({"name": "bucket-1"});
    let bucket = |labels: &[&str]| {
        let associations: Value = labels.iter().map(|name| json!({"kind": "Label", "name": name})).collect();
        let spec = json!({"name": "temps", "associations": associations});
        json!({"apiVersion": "influxdata.com/v2alpha1", "kind": "Bucket", "metadata": metadata, "spec": spec})
    };
    let contents = json!([label("label-1", "one"), label("label-2", "two"), bucket(&["label-1", "label-2"])]);
    let made = api.apply(contents, Value::Null).await.json();
    let stack = made["stackID"].as_str().unwrap().to_owned();
    let id = made["diff"]["buckets"][0]["id"].as_u64().unwrap();
    let fewer = json!([label("label-1", "one"), label("label-2", "two"), bucket(&["label-2"])]);
    let fewer = api.apply(fewer, json!({"stackID": stack})).await.json();
    let statuses: Vec<&str> = fewer["diff"]["labelMappings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["stateStatus"].as_str().unwrap())
        .collect();
    // The label is still on the bucket when the plan is made.
    assert_eq!(statuses, ["remove", "exists", "exists"]);
    let borne = api.get(&format!("/api/v2/buckets/{id:016x}/labels")).await.json();
    assert_eq!(borne["labels"][0]["name"], "two");
    assert_eq!(borne["labels"].as_array().unwrap().len(), 1);
    // A resource that the template calls otherwise stays what it is.
    let mut renamed = bucket(&[]);
    renamed["metadata"]["name"] = json!("bucket-2");
    let renamed = api.apply(json!([renamed]), json!({"stackID": stack})).await.json();
    assert_eq!(renamed["diff"]["buckets"][0]["id"].as_u64().unwrap(), id);
    assert_eq!(renamed["diff"]["buckets"].as_array().unwrap().len(), 1);
    // What is skipped is not removed.
    let actions = json!([{"action": "skipResource", "properties": {"kind": "Bucket", "resourceTemplateName": "bucket-2"}}]);
    api.apply(json!([]), json!({"stackID": stack, "actions": actions})).await;
    assert_eq!(api.get(&format!("/api/v2/buckets/{id:016x}")).await.status, StatusCode::OK);

    let at = format!("/api/v2/stacks/{stack}?orgID={}", api.org);
    assert_eq!(api.call(Method::DELETE, &at, Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(api.get(&format!("/api/v2/buckets/{id:016x}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(api.get(&format!("/api/v2/stacks/{stack}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_template_does_what_its_caller_may_do() {
    let api = Api::set_up().await;
    let permissions = json!([{"action": "write", "resource": {"type": "labels", "orgID": api.org}}]);
    let token =
        api.post("/api/v2/authorizations", json!({"orgID": api.org, "permissions": permissions})).await;
    let limited = Api {
        app: api.app.clone(),
        writer: api.writer.clone(),
        told: api.told.clone(),
        token: token.json()["token"].as_str().unwrap().to_owned(),
        org: api.org.clone(),
        bucket: api.bucket.clone(),
    };
    let made = limited.apply(json!([label("label-1", "one")]), Value::Null).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let metadata = json!({"name": "bucket-1"});
    let bucket =
        json!({"apiVersion": "influxdata.com/v2alpha1", "kind": "Bucket", "metadata": metadata, "spec": {}});
    let refused = limited.apply(json!([label("label-2", "two"), bucket]), Value::Null).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let labels = api.get(&format!("/api/v2/labels?orgID={}", api.org)).await.json();
    assert_eq!(labels["labels"].as_array().unwrap().len(), 1);
    let stack = limited.get(&format!("/api/v2/stacks/{}", made.json()["stackID"].as_str().unwrap())).await;
    assert_eq!(stack.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_was_deleted_is_made_again_when_something_else_cannot_be() {
    let api = Api::set_up().await;
    let object = |kind: &str, meta: &str, spec: Value| {
        let (version, metadata) = ("influxdata.com/v2alpha1", json!({"name": meta}));
        json!({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec})
    };
    let variable = object("Variable", "v-1", json!({"name": "v", "type": "constant", "values": ["a"]}));
    let made = api.apply(json!([object("Bucket", "b-1", json!({})), variable]), Value::Null).await.json();
    let stack = made["stackID"].as_str().unwrap().to_owned();
    let right = |action: &str| json!({"action": action, "resource": {"type": "variables", "orgID": api.org}});
    let permissions = json!([right("read"), right("write")]);
    let token =
        api.post("/api/v2/authorizations", json!({"orgID": api.org, "permissions": permissions})).await;
    let token = format!("Token {}", token.json()["token"].as_str().unwrap());
    let body = json!({"orgID": api.org, "stackID": stack, "template": {"contents": []}});
    let refused = api.send(Method::POST, APPLY, &[("authorization", token.as_str())], body.to_string()).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let variables = api.get(&format!("/api/v2/variables?orgID={}", api.org)).await.json();
    let variable = &variables["variables"][0];
    assert_eq!((&variable["name"], &variable["arguments"]["values"]), (&json!("v"), &json!(["a"])));
    let known = api.get(&format!("/api/v2/stacks/{stack}")).await.json();
    let known = known["resources"].as_array().unwrap();
    assert_eq!(known.len(), 2);
    assert!(known.iter().any(|resource| resource["resourceID"] == variable["id"]));
    let gone = api.post(&format!("/api/v2/stacks/{stack}/uninstall?orgID={}", api.org), Value::Null).await;
    assert_eq!((gone.status, &gone.json()["resources"]), (StatusCode::OK, &json!([])));
    let variables = api.get(&format!("/api/v2/variables?orgID={}", api.org)).await.json();
    assert_eq!(variables["variables"], json!([]));
}

#[tokio::test]
async fn refusals_tell_where_and_why() {
    let api = Api::set_up().await;
    let wrong = json!([label("label-1", "x"), {"apiVersion": "influxdata.com/v2alpha1", "kind": "Odd"}]);
    let refused = api.apply(wrong, Value::Null).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.json();
    let rows = json!([
        {"kind": "Label", "fields": ["root", "spec", "name"], "idxs": [0, null, null],
            "reason": "must be a string of at least 2 chars in length"},
        {"kind": "Odd", "fields": ["root", "kind"], "idxs": [1, null], "reason": "unsupported kind provided"},
    ]);
    assert_eq!(refused["errors"], rows);
    assert_eq!((&refused["code"], &refused["stackID"]), (&json!("unprocessable entity"), &json!("")));
    let jsonnet = json!({"orgID": api.org, "template": {"contentType": "jsonnet", "contents": "[]"}});
    let jsonnet = api.post(APPLY, jsonnet).await;
    assert_eq!(jsonnet.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(jsonnet.message(), "template[0] from source(s) \"\" had an issue: invalid encoding provided");
    let file = json!({"orgID": api.org, "remotes": [{"url": "file:///etc/passwd"}]});
    let file = api.post(APPLY, file).await;
    assert_eq!(file.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(file.message().contains("unsupported protocol scheme"), "{}", file.message());
    let action = json!({"actions": [{"action": "odd", "properties": {}}]});
    assert_eq!(api.apply(json!([]), action).await.status, StatusCode::BAD_REQUEST);
}
