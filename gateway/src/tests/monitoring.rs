//! Checks, notification endpoints and notification rules.

use super::*;

const QUERY: &str = "from(bucket: \"b\") |> range(start: -1h) |> filter(fn: (r) => r._field == \"f\")";

fn check(api: &Api, name: &str) -> Value {
    json!({"orgID": api.org, "type": "threshold", "name": name, "status": "active", "every": "1h",
        "query": {"text": QUERY}, "thresholds": [{"type": "greater", "level": "CRIT", "value": 1}]})
}

#[tokio::test]
async fn a_check_shows_its_script_and_its_task() {
    let api = Api::set_up().await;
    let label = api.post("/api/v2/labels", json!({"orgID": api.org, "name": "red"})).await.json();
    let mut body = check(&api, "load");
    body["labels"] = json!([label["label"]["id"], "nonsense"]);
    let made = api.post("/api/v2/checks", body).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    assert_eq!(made["labels"][0]["name"], "red");
    assert_eq!((&made["thresholds"][0]["value"], &made["tags"]), (&json!(1), &Value::Null));
    assert_eq!(made["query"]["builderConfig"]["buckets"], json!([]));
    let script = api.get(made["links"]["query"].as_str().unwrap()).await.json();
    let task = api.get(&format!("/api/v2/tasks/{}", made["taskID"].as_str().unwrap())).await.json();
    assert_eq!(script["flux"], task["flux"]);
    let at = made["links"]["self"].as_str().unwrap();
    let asleep = api.call(Method::PATCH, at, json!({"status": "inactive", "description": "d"})).await.json();
    assert_eq!((&asleep["status"], &asleep["description"]), (&json!("inactive"), &json!("d")));
    let nameless = api.call(Method::PATCH, at, json!({"name": ""})).await;
    assert_eq!(nameless.message(), "Check Name can't be empty");
    let short = api.call(Method::PUT, "/api/v2/checks/short", check(&api, "x")).await;
    assert_eq!((short.status.as_u16(), short.message().as_str()), (400, "invalid check id format"));
    let labels = api.post("/api/v2/checks", json!({"type": "custom", "labels": 5})).await;
    assert_eq!(labels.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn lists_take_negative_offsets_and_echo_filters() {
    let api = Api::set_up().await;
    for name in ["a", "b"] {
        assert_eq!(api.post("/api/v2/checks", check(&api, name)).await.status, StatusCode::CREATED);
    }
    let page = api.get(&format!("/api/v2/checks?orgID={}&offset=-1&limit=2", api.org)).await.json();
    assert_eq!(page["checks"].as_array().unwrap().len(), 2);
    let at =
        |offset: i32| format!("/api/v2/checks?descending=false&limit=2&offset={offset}&orgID={}", api.org);
    assert_eq!(page["links"], json!({"self": at(-1), "next": at(1)}));
    let rules = api.get("/api/v2/notificationRules?org=acme&tag=k:v&tag=odd&tag=l:w").await.json();
    let this = "/api/v2/notificationRules?descending=false&limit=20&offset=0&org=acme&tag=k%3Av&tag=l%3Aw";
    assert_eq!(rules, json!({"notificationRules": [], "links": {"self": this}}));
    let all = api.get("/api/v2/notificationEndpoints").await;
    let words = "cannot process a request without a org or user filter";
    assert_eq!((all.status.as_u16(), all.message().as_str()), (401, words));
}

#[tokio::test]
async fn a_rule_tells_an_endpoint_whose_secret_stays_secret() {
    let api = Api::set_up().await;
    let given = json!({"orgID": api.org, "type": "pagerduty", "name": "pager", "status": "active",
        "clientURL": "http://h", "routingKey": "hush"});
    let endpoint = api.post("/api/v2/notificationEndpoints", given).await;
    assert_eq!(endpoint.status, StatusCode::CREATED);
    assert!(!String::from_utf8_lossy(&endpoint.bytes).contains("hush"));
    let endpoint = endpoint.json();
    let key = format!("{}-routing-key", endpoint["id"].as_str().unwrap());
    assert_eq!(endpoint["routingKey"], format!("secret: {key}"));
    let secrets = api.get(&format!("/api/v2/orgs/{}/secrets", api.org)).await.json();
    assert_eq!(secrets["secrets"], json!([key]));
    let rule = json!({"orgID": api.org, "type": "pagerduty", "name": "tell", "status": "active",
        "endpointID": endpoint["id"], "every": "1h", "messageTemplate": "m", "statusRules": [{"currentLevel": "crit"}]});
    let made = api.post("/api/v2/notificationRules", rule.clone()).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    assert_eq!(made["statusRules"], json!([{"currentLevel": "CRIT", "previousLevel": null}]));
    let script = api.get(made["links"]["query"].as_str().unwrap()).await.json();
    assert!(script["flux"].as_str().unwrap().contains(&format!("secrets[\"get\"](key: \"{key}\")")));
    let mut slack = rule;
    slack["type"] = json!("slack");
    let refused = api.post("/api/v2/notificationRules", slack).await;
    let words = "endpoint provided is a pagerduty, not an Slack endpoint";
    assert_eq!((refused.status.as_u16(), refused.message().as_str()), (400, words));
}
