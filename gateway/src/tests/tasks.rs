use super::*;

const SCRIPT: &str = "option task = {name: \"t\", every: 1h, offset: 90s}\nx = 1";

async fn make(api: &Api) -> String {
    let made = api.post("/api/v2/tasks", json!({"org": "acme", "flux": SCRIPT})).await;
    assert_eq!(made.status, StatusCode::CREATED);
    made.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn tasks_are_what_their_scripts_say() {
    let api = Api::set_up().await;
    let at = format!("/api/v2/tasks/{}", make(&api).await);
    let task = api.get(&at).await.json();
    assert_eq!(
        (&task["every"], &task["offset"], &task["org"]),
        (&json!("1h"), &json!("1m30s"), &json!("acme"))
    );
    assert_eq!(task.get("updatedAt"), None);
    let change = json!({"name": "u", "cron": "@daily", "offset": "0s", "description": "d"});
    let changed = api.call(Method::PATCH, &at, change).await.json();
    assert_eq!(changed["flux"], "option task = {name: \"u\", cron: \"@daily\"}\n\nx = 1\n");
    assert_eq!((changed.get("every"), changed.get("offset")), (None, None));
    assert!(changed["updatedAt"].is_string());

    let refusal = |answer: Answer| (answer.status.as_u16(), answer.message());
    let patch = async |body: Value| refusal(api.call(Method::PATCH, &at, body).await);
    let said = |code: u16, text: &str| (code, text.to_owned());
    let empty = "failed to decode request: cannot update task without content";
    assert_eq!(patch(json!({"description": "alone"})).await, said(400, empty));
    let bad = "failed to update task: invalid options: no task options defined";
    assert_eq!(patch(json!({"flux": "x = 1"})).await, said(400, bad));
    let every = "failed to decode request: invalid duration often";
    assert_eq!(patch(json!({"every": "often"})).await, said(400, every));
    let made = api.post("/api/v2/tasks", json!({"orgID": api.org, "flux": "x = 1"})).await;
    assert_eq!(refusal(made), said(400, "invalid options: no task options defined"));
    let short = api.get("/api/v2/tasks/short").await;
    assert_eq!(refusal(short), said(400, "failed to decode request: id must have a length of 16 bytes"));
}

#[tokio::test]
async fn tasks_are_listed_from_one_to_the_next() {
    let api = Api::set_up().await;
    let ids = [make(&api).await, make(&api).await];
    let page = api.get("/api/v2/tasks?org=acme&limit=1").await.json();
    assert_eq!(page["tasks"][0]["id"], json!(ids[0]));
    let next = format!("/api/v2/tasks?after={}&limit=1&org=acme&orgID={}", ids[0], api.org);
    assert_eq!(page["links"]["next"], json!(next));
    let page = api.get(&next).await.json();
    assert_eq!(page["tasks"][0]["id"], json!(ids[1]));
    let mine = api.get("/api/v2/tasks?type=basic").await.json();
    assert_eq!(mine["links"], json!({"self": "/api/v2/tasks?limit=100"}));
    assert_eq!((&mine["tasks"][1]["flux"], &mine["tasks"][1]["org"]), (&json!(""), &json!("")));
    let refused = api.get("/api/v2/tasks?limit=501").await.message();
    assert_eq!(refused, "failed to decode request: limit must be between 1 and 500");
}

#[tokio::test]
async fn runs_are_refused_as_far_as_that_goes_without_an_engine() {
    let api = Api::set_up().await;
    let at = format!("/api/v2/tasks/{}", make(&api).await);
    let nobody = "0123456789abcdef";
    assert_eq!(api.get(&format!("{at}/runs")).await.json()["runs"], json!([]));
    assert_eq!(api.get(&format!("{at}/logs")).await.json(), json!({"events": null}));
    assert_eq!(api.get(&format!("{at}/runs/{nobody}")).await.message(), "failed to find run: run not found");
    let logs = api.get(&format!("{at}/runs/{nobody}/logs")).await;
    assert_eq!(logs.message(), "failed to find task logs: run not found");
    let retry = api.post(&format!("{at}/runs/{nobody}/retry"), json!({})).await;
    assert_eq!(retry.message(), "failed to retry run: run not found");
    let cancel = api.call(Method::DELETE, &format!("{at}/runs/{nobody}"), Value::Null).await;
    assert_eq!(
        (cancel.status.as_u16(), cancel.message().as_str()),
        (404, "failed to cancel run: run not found")
    );
    let bounds = api.get(&format!("{at}/runs?limit=0")).await.message();
    assert_eq!(bounds, "failed to decode request: run limit is out of bounds, must be between 1 and 500");
    let order = "/runs?afterTime=2024-01-01T00:00:00Z&beforeTime=2024-01-01T00:00:00Z";
    let order = api.get(&format!("{at}{order}")).await.message();
    assert_eq!(order, "failed to decode request: beforeTime must be later than afterTime");
    let force = api.post(&format!("{at}/runs"), json!({"scheduledFor": "yesterday"})).await;
    assert_eq!(force.status, StatusCode::BAD_REQUEST);
    assert_eq!(api.post(&format!("{at}/runs"), json!({})).await.status, StatusCode::NOT_IMPLEMENTED);
    api.call(Method::PATCH, &at, json!({"status": "inactive"})).await;
    let asleep = api.post(&format!("{at}/runs"), Value::Null).await;
    assert_eq!(
        (asleep.status.as_u16(), asleep.message().as_str()),
        (400, "failed to force run: inactive task")
    );
}
