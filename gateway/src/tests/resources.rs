use super::*;

#[tokio::test]
async fn a_fresh_server_is_set_up_once() {
    let api = Api::fresh().await;
    assert_eq!(api.get("/api/v2/setup").await.json(), json!({"allowed": true}));
    let short = json!({"username": "ann", "password": "short", "org": "acme", "bucket": "data"});
    assert_eq!(
        api.send(Method::POST, "/api/v2/setup", &[], short.to_string()).await.status,
        StatusCode::BAD_REQUEST
    );
    let api = Api::set_up().await;
    assert_eq!(api.get("/api/v2/setup").await.json(), json!({"allowed": false}));
    let again = api.post("/api/v2/setup", json!({})).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.message(), "onboarding has already been completed");
}

#[tokio::test]
async fn buckets_are_paged_with_links() {
    let api = Api::set_up().await;
    for name in ["b", "a"] {
        let made = api.post("/api/v2/buckets", json!({"orgID": api.org, "name": name})).await;
        assert_eq!(made.status, StatusCode::CREATED);
    }
    let page = api.get(&format!("/api/v2/buckets?orgID={}&limit=2&offset=2", api.org)).await.json();
    let names: Vec<&str> =
        page["buckets"].as_array().unwrap().iter().map(|b| b["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b"]);
    let at =
        |offset: u32| format!("/api/v2/buckets?descending=false&limit=2&offset={offset}&orgID={}", api.org);
    assert_eq!(page["links"], json!({"prev": at(0), "self": at(2), "next": at(4)}));
}

#[tokio::test]
async fn labels_are_borne_by_buckets() {
    let api = Api::set_up().await;
    let made = api.post("/api/v2/labels", json!({"orgID": api.org, "name": " hot "})).await.json();
    assert_eq!(made["label"]["name"], "hot");
    assert_eq!(made["label"].get("properties"), None);
    let at = format!("/api/v2/buckets/{}/labels", api.bucket);
    let put = api.post(&at, json!({"labelID": made["label"]["id"]})).await;
    assert_eq!(put.status, StatusCode::CREATED);
    let bucket = api.get(&format!("/api/v2/buckets/{}", api.bucket)).await.json();
    assert_eq!(bucket["labels"][0]["name"], "hot");
    assert_eq!(api.post(&at, json!({})).await.message(), "label id is required");
    let missing = api.get("/api/v2/buckets/0123456789abcdef/labels").await;
    assert_eq!((missing.status.as_u16(), missing.message().as_str()), (404, "404 page not found"));
}

#[tokio::test]
async fn members_of_an_organization() {
    let api = Api::set_up().await;
    let bob = api.post("/api/v2/users", json!({"name": "bob"})).await.json();
    let at = format!("/api/v2/orgs/{}/members", api.org);
    let added = api.post(&at, json!({"id": bob["id"]})).await.json();
    assert_eq!((&added["role"], &added["name"]), (&json!("member"), &json!("bob")));
    assert_eq!(api.get(&at).await.json()["users"][0]["id"], bob["id"]);
    assert_eq!(api.post(&at, json!({})).await.message(), "user id missing or invalid");
    assert_eq!(api.post(&at, json!({"id": "short"})).await.message(), "id must have a length of 16 bytes");
    let corrupt = api.get("/api/v2/orgs/nonsense/members").await;
    assert_eq!(corrupt.message(), "corrupt ID provided: id must have a length of 16 bytes");
    let id = bob["id"].as_str().unwrap();
    let removed = api.call(Method::DELETE, &format!("{at}/{id}"), Value::Null).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_token_is_shown_once() {
    let api = Api::set_up().await;
    let permissions = json!([{"action": "read", "resource": {"type": "buckets", "orgID": api.org}}]);
    let made = api
        .post("/api/v2/authorizations", json!({"orgID": api.org, "permissions": permissions}))
        .await
        .json();
    assert_eq!(made["token"].as_str().unwrap().len(), 88);
    assert_eq!(made["permissions"][0]["resource"]["org"], "acme");
    let again = api.get(&format!("/api/v2/authorizations/{}", made["id"].as_str().unwrap())).await.json();
    assert_eq!(again["token"], "");
    let none = api.post("/api/v2/authorizations", json!({"orgID": api.org})).await;
    assert_eq!(none.message(), "authorization must include permissions");
}

#[tokio::test]
async fn names_of_v1_databases() {
    let api = Api::set_up().await;
    let body = json!({"orgID": api.org, "bucketID": api.bucket, "database": "db", "retention_policy": "rp"});
    let made = api.post("/api/v2/dbrps", body).await.json();
    assert_eq!((&made["default"], &made["virtual"]), (&json!(true), &json!(false)));
    let listed = api.get("/api/v2/dbrps?org=acme&db=data").await.json();
    assert_eq!(listed["content"][0]["virtual"], true);
    assert_eq!(api.get("/api/v2/dbrps").await.message(), "either 'org' or 'orgID' must be provided");
    let nowhere = api.get("/api/v2/dbrps?org=nowhere").await;
    assert_eq!(nowhere.message(), "invalid org \"nowhere\": organization not found");
}

#[tokio::test]
async fn a_user_changes_its_own_password_by_showing_the_old_one() {
    let api = Api::set_up().await;
    let token = format!("Token {}", api.token);
    let me = api.get("/api/v2/me").await.json();
    let path = format!("/api/v2/users/{}/password", me["id"].as_str().unwrap());
    let new = json!({"password": "password2"}).to_string();
    let unknown = api.send(Method::PUT, &path, &[("authorization", &token)], new.clone()).await;
    assert!(unknown.status.is_client_error());
    assert_eq!(api.post(&path, json!({"password": "password2"})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(api.post(&path, json!({"password": "short"})).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_v1_user_writes_with_its_own_password() {
    let api = Api::set_up().await;
    let base = "/private/legacy/authorizations";
    let permissions = json!([{"action": "write", "resource": {"type": "buckets", "orgID": api.org}}]);
    let body = json!({"token": "old", "orgID": api.org, "permissions": permissions});
    let made = api.post(base, body).await.json();
    assert_eq!(made["token"], "old");
    let at = format!("{base}/{}", made["id"].as_str().unwrap());
    assert_eq!(made["links"]["self"], at);
    let write =
        async || api.send(Method::POST, "/write?db=data&u=old&p=password9", &[], "m f=1").await.status;
    assert_eq!(write().await, StatusCode::UNAUTHORIZED);
    let set = api.post(&format!("{at}/password"), json!({"password": "password9"})).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    assert_eq!(write().await, StatusCode::NO_CONTENT);
    assert_eq!(api.post(&format!("{at}/password"), json!({})).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(api.call(Method::DELETE, &at, Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(write().await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn refusals_have_the_words_of_the_reference() {
    let api = Api::set_up().await;
    let variable = |arguments: Value| json!({"orgID": api.org, "name": "v", "arguments": arguments});
    let query = |values: Value| variable(json!({"type": "query", "values": values}));
    let map = |values: Value| variable(json!({"type": "map", "values": values}));
    let dbrp = |name: &str| json!({"orgID": api.org, "bucketID": api.bucket, "database": name, "retention_policy": "r"});
    for (path, body, status, message) in [
        ("variables", json!({"orgID": api.org}), 400, "missing variable name"),
        ("variables", json!({"orgID": api.org, "name": "v"}), 400, "invalid arguments type"),
        ("variables", variable(json!({"type": "odd"})), 400, "unknown VariableArguments type odd"),
        (
            "variables",
            query(json!({"query": "x"})),
            400,
            "\"language\" key not present in VariableQueryArguments",
        ),
        ("variables", query(json!({})), 400, "\"query\" key not present in VariableQueryArguments"),
        (
            "variables",
            map(json!({"a": 1})),
            400,
            "expected variable map value to be string but received float64",
        ),
        ("variables", map(json!("x")), 400, "error parsing x as VariableMapArguments"),
        ("users", json!({}), 400, "key required"),
        (
            "buckets",
            json!({"orgID": "short", "name": "b"}),
            400,
            "failed to unmarshal json: id must have a length of 16 bytes",
        ),
        ("dbrps", json!({}), 400, "either 'org' or 'orgID' must be provided"),
        (
            "dbrps",
            dbrp("a/b"),
            400,
            "DBRP provided is invalid: database must contain at least one character and only be letters, numbers, '_', '-', and '.'",
        ),
        ("dbrps", dbrp("a b"), 201, ""),
    ] {
        let answer = api.post(&format!("/api/v2/{path}"), body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{path} {body}");
        if status >= 400 {
            assert_eq!(answer.message(), message, "{path} {body}");
        }
    }
    for path in ["tasks", "checks", "telegrafs", "variables", "scrapers"] {
        let nobody = api.get(&format!("/api/v2/{path}/0123456789abcdef/labels")).await;
        assert_eq!((nobody.status, &nobody.json()["labels"]), (StatusCode::OK, &json!([])), "{path}");
        let short = api.get(&format!("/api/v2/{path}/short/labels")).await;
        assert_eq!(short.message(), "id must have a length of 16 bytes", "{path}");
    }
    let gone = api.call(Method::DELETE, "/api/v2/orgs/0123456789abcdef", Value::Null).await;
    assert_eq!(gone.message(), "error deleting organization id: 0123456789abcdef: organization not found");
}
