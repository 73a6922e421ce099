use serde_json::{Value, json};
use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Conflict, Invalid, NotFound};

const QUERY: &str = "from(bucket: \"b\") |> range(start: -1h) |> filter(fn: (r) => r._field == \"f\")";

fn check(name: &str, change: Value) -> NewCheck {
    let mut check = json!({"type": "threshold", "name": name, "status": "active", "every": "1h", "tags": [],
        "query": {"text": QUERY}, "thresholds": [{"type": "greater", "level": "CRIT", "value": 1}]});
    check.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    NewCheck::from_json(&check).unwrap()
}

fn endpoint(name: &str, token: &str) -> NewEndpoint {
    let given = json!({"type": "slack", "name": name, "status": "active", "url": "http://h", "token": token});
    NewEndpoint::from_json(&given).unwrap()
}

fn rule(name: &str, endpoint: Id, tags: Value) -> NewRule {
    let given = json!({"type": "slack", "name": name, "status": "active", "endpointID": endpoint, "every": "1h",
        "messageTemplate": "m", "tagRules": tags, "statusRules": [{"currentLevel": "CRIT"}]});
    NewRule::from_json(&given).unwrap()
}

fn update(name: Option<&str>, status: Option<&str>) -> MonitoringUpdate {
    MonitoringUpdate::new("It", name.map(str::to_owned), None, status).unwrap()
}

pub(crate) async fn checks(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let made = c.create_check(org.id, user.id, check("load", json!({}))).await.unwrap();
    assert_eq!(c.find_check(made.id).await.unwrap(), made);
    let task = c.find_task(made.task_id).await.unwrap();
    assert_eq!((task.kind.as_str(), task.name.as_str(), task.every.as_str()), ("threshold", "load", "1h"));
    assert_eq!((task.owner_id, task.status, task.flux), (user.id, Status::Active, made.flux().unwrap()));
    let of_org = TaskFilter { org_id: Some(org.id), limit: 10, ..TaskFilter::default() };
    assert_eq!(c.list_tasks(&of_org).await.unwrap(), []);

    let refuse = async |new: NewCheck, code, text: &str| {
        refused(c.create_check(org.id, user.id, new).await, code, text)
    };
    refuse(check("load", json!({})), Conflict, "check with name load already exists").await;
    refuse(check("x", json!({"status": "odd"})), Invalid, "invalid status: must be active or inactive").await;
    let broken = check("x", json!({"query": {"text": ""}}));
    refuse(broken, Invalid, "Could not create task from check: expected a single field but got: []").await;
    let nowhere = c.create_check(user.id, user.id, check("x", json!({}))).await;
    refused(nowhere, NotFound, "organization not found");

    w.pass(1_000_000_000);
    let asleep = c.update_check(made.id, update(Some("new"), Some("inactive"))).await.unwrap();
    assert_eq!((asleep.name.as_str(), asleep.task.status), ("new", Status::Inactive));
    assert!(asleep.updated_at > asleep.created_at);
    let task = c.find_task(made.task_id).await.unwrap();
    assert_eq!((task.name.as_str(), task.status), ("new", Status::Inactive));
    let other = c.create_check(org.id, user.id, check("other", json!({"status": "inactive"}))).await.unwrap();
    assert_eq!(other.task.status, Status::Inactive);
    refused(
        c.update_check(other.id, update(Some("new"), None)).await,
        Conflict,
        "check with name new already exists",
    );
    let dead =
        check("silent", json!({"type": "deadman", "timeSince": "1m", "staleTime": "1h", "level": "WARN"}));
    let replaced = c.replace_check(made.id, dead).await.unwrap();
    assert_eq!(
        (replaced.kind.name(), replaced.task.status, replaced.owner_id),
        ("deadman", Status::Active, user.id)
    );
    assert_eq!(c.find_check(made.id).await.unwrap(), replaced);

    let renamed = c.replace_check(made.id, check("other", json!({}))).await;
    refused(renamed, Conflict, "check name is not unique");

    let page = |offset| Paging { limit: Some(1), offset, ..Paging::default() };
    let filter = CheckFilter { org: Some("acme".into()), ..CheckFilter::default() };
    assert_eq!(c.list_checks(&filter, &page(0)).await.unwrap(), std::slice::from_ref(&replaced));
    assert_eq!(c.list_checks(&filter, &page(1)).await.unwrap(), [other]);

    // Whoever deletes the task leaves a check that sleeps, and gets a new task when it wakes.
    c.delete_task(replaced.task_id).await.unwrap();
    assert_eq!(c.find_check(made.id).await.unwrap().task.status, Status::Inactive);
    let woken = c.update_check(made.id, update(None, Some("active"))).await.unwrap();
    assert_ne!(woken.task_id, replaced.task_id);
    assert_eq!(c.find_task(woken.task_id).await.unwrap().status, Status::Active);
    c.delete_check(made.id).await.unwrap();
    refused(c.find_task(woken.task_id).await, NotFound, "task not found");
    let gone = format!("check not found for key \"{}\"", made.id);
    refused(c.delete_check(made.id).await, NotFound, &gone);
}

pub(crate) async fn endpoints(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let made = c.create_endpoint(org.id, endpoint("chat", "hush")).await.unwrap();
    assert_eq!(c.find_endpoint(made.id).await.unwrap(), made);
    let key = format!("{}-token", made.id);
    assert_eq!(made.kind.json()["token"], format!("secret: {key}"));
    assert_eq!(c.find_secret(org.id, &key).await.unwrap().as_deref(), Some("hush"));
    let taken = "notification endpoint with name chat already exists";
    refused(c.create_endpoint(org.id, endpoint("chat", "")).await, Conflict, taken);
    let other = c.create_endpoint(org.id, endpoint("other", "")).await.unwrap();
    refused(c.update_endpoint(other.id, update(Some("chat"), None)).await, Conflict, taken);

    let kept = c.replace_endpoint(made.id, endpoint("chat", &format!("secret: {key}"))).await.unwrap();
    assert_eq!(kept.kind, made.kind);
    c.replace_endpoint(made.id, endpoint("chat", "new")).await.unwrap();
    assert_eq!(c.find_secret(org.id, &key).await.unwrap().as_deref(), Some("new"));
    let nameless = c.replace_endpoint(made.id, endpoint("", "")).await;
    refused(nameless, Invalid, "Notification Endpoint Name can't be empty");
    let off = c.update_endpoint(made.id, update(None, Some("inactive"))).await.unwrap();
    assert_eq!(off.status, Status::Inactive);
    let filter = EndpointFilter { org_id: Some(org.id), ..EndpointFilter::default() };
    assert_eq!(c.list_endpoints(&filter, &Paging::default()).await.unwrap(), [off, other]);

    c.delete_endpoint(made.id).await.unwrap();
    let gone = format!("notification endpoint not found for key \"{}\"", made.id);
    refused(c.find_endpoint(made.id).await, NotFound, &gone);
    assert_eq!(c.list_secrets(org.id).await.unwrap(), [key]);
}

pub(crate) async fn rules(w: World) {
    let c = &w.catalog;
    let (org, foreign, user) = (w.org("acme").await, w.org("else").await, w.user("ann").await);
    let chat = c.create_endpoint(org.id, endpoint("chat", "")).await.unwrap();
    let tag =
        |key: &str, value: &str, operator: &str| json!({"key": key, "value": value, "operator": operator});
    let create = async |name: &str, tags: Value| {
        c.create_rule(org.id, user.id, rule(name, chat.id, tags)).await.unwrap()
    };
    let made = create("tell", json!([])).await;
    assert_eq!(c.find_rule(made.id).await.unwrap(), made);
    let task = c.find_task(made.task_id).await.unwrap();
    assert_eq!((task.kind.as_str(), task.status), ("slack", Status::Active));
    assert_eq!(task.flux, c.flux_of_rule(&made).await.unwrap());
    let missing = format!("notification endpoint not found for key \"{}\"", chat.id);
    let across = c.create_rule(foreign.id, user.id, rule("x", chat.id, json!([]))).await;
    refused(across, NotFound, &missing);
    let nowhere = NewRule { endpoint_id: None, ..rule("x", chat.id, json!([])) };
    let nowhere = c.create_rule(org.id, user.id, nowhere).await;
    refused(nowhere, Invalid, "no key was provided for notification endpoint");
    let same = create("tell", json!([tag("team", "blue", "equal")])).await;
    let not = create("not", json!([tag("team", "blue", "notequal"), tag("k", "v", "equal")])).await;

    let list = async |tags: &[&str]| {
        let tags = tags.iter().map(|text| Tag::parse(text).unwrap()).collect();
        let filter = RuleFilter { org_id: Some(org.id), tags, ..RuleFilter::default() };
        let rules = c.list_rules(&filter, &Paging::default()).await.unwrap();
        rules.into_iter().map(|rule| rule.id).collect::<Vec<_>>()
    };
    assert_eq!(list(&[]).await, [made.id, same.id, not.id]);
    assert_eq!(list(&["team:blue"]).await, [made.id, same.id]);
    assert_eq!(list(&["team:red", "k:v"]).await, [made.id, not.id]);
    assert_eq!(list(&["team:blue", "k:v", "team:red"]).await, [made.id, same.id, not.id]);

    // A new address of the endpoint reaches the scripts of its rules.
    let moved = json!({"type": "slack", "name": "chat", "status": "active", "url": "http://moved"});
    c.replace_endpoint(chat.id, NewEndpoint::from_json(&moved).unwrap()).await.unwrap();
    assert!(c.find_task(made.task_id).await.unwrap().flux.contains("http://moved"));
    let asleep = c.update_rule(made.id, update(Some("new"), Some("inactive"))).await.unwrap();
    assert_eq!((asleep.name.as_str(), asleep.task.status), ("new", Status::Inactive));
    let replaced = c.replace_rule(not.id, rule("any", chat.id, json!([]))).await.unwrap();
    assert_eq!(c.find_rule(not.id).await.unwrap(), replaced);
    assert_eq!(list(&["team:green"]).await, [made.id, not.id]);

    c.delete_endpoint(chat.id).await.unwrap();
    refused(c.flux_of_rule(&made).await, NotFound, &missing);
    c.delete_rule(made.id).await.unwrap();
    refused(c.find_task(made.task_id).await, NotFound, "task not found");
    refused(c.find_rule(made.id).await, NotFound, "notification rule not found");
    c.delete_org(org.id).await.unwrap();
    refused(c.find_rule(same.id).await, NotFound, "notification rule not found");
}
