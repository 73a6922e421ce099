use super::*;

async fn write(api: &Api, query: &str, body: &'static str) -> Answer {
    let authorization = format!("Token {}", api.token);
    let path = format!("/api/v2/write?{query}");
    api.send(Method::POST, &path, &[("authorization", &authorization)], body).await
}

#[tokio::test]
async fn writes_reach_the_writer_with_their_precision() {
    let api = Api::set_up().await;
    assert_eq!(
        write(&api, "org=acme&bucket=data&precision=ms", "m f=1 1").await.status,
        StatusCode::NO_CONTENT
    );
    let by_id = format!("org={}&bucket={}", api.org, api.bucket);
    assert_eq!(write(&api, &by_id, "m f=2 2").await.status, StatusCode::NO_CONTENT);
    assert_eq!(write(&api, &by_id, "").await.status, StatusCode::NO_CONTENT);
    let writes = api.writer.writes.lock().unwrap();
    let want = [
        ("data".to_owned(), Bytes::from("m f=1 1"), Precision::Milliseconds),
        ("data".to_owned(), Bytes::from("m f=2 2"), Precision::Nanoseconds),
    ];
    assert_eq!(*writes, want);
}

#[tokio::test]
async fn the_order_in_which_writes_are_refused() {
    let api = Api::set_up().await;
    let refusal = async |query: &str| {
        let answer = write(&api, query, "m f=1").await;
        (answer.status.as_u16(), answer.message())
    };
    let bad_precision = "invalid precision; valid precision units are ns, us, ms, and s".to_owned();
    assert_eq!(refusal("org=x&bucket=y&precision=bad").await, (400, bad_precision));
    assert_eq!(refusal("org=nowhere").await, (404, "bucket not found".into()));
    assert_eq!(refusal("bucket=data").await, (400, "Please provide either orgID or org".into()));
    assert_eq!(refusal("org=x&bucket=y").await, (404, "organization name \"x\" not found".into()));
    assert_eq!(refusal("org=0123456789abcdef&bucket=y").await, (404, "organization not found".into()));
    assert_eq!(refusal("org=acme&bucket=y").await, (404, "bucket \"y\" not found".into()));
}

#[tokio::test]
async fn bodies_past_the_limit_are_refused() {
    let api = Api::set_up().await;
    let authorization = format!("Token {}", api.token);
    let path = "/api/v2/write?org=acme&bucket=data";
    let answer =
        api.send(Method::POST, path, &[("authorization", &authorization)], "x".repeat(100_001)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["code"], "request too large");
}

#[tokio::test]
async fn a_token_without_rights_writes_nothing() {
    let mut api = Api::set_up().await;
    let read = json!([{"action": "read", "resource": {"type": "buckets", "orgID": api.org}}]);
    let made = api.post("/api/v2/authorizations", json!({"orgID": api.org, "permissions": read})).await;
    api.token = made.json()["token"].as_str().unwrap().to_owned();
    let refused = write(&api, "org=acme&bucket=data", "m f=1").await;
    assert_eq!(
        (refused.status.as_u16(), refused.message().as_str()),
        (403, "insufficient permissions for write")
    );
    let range = json!({"start": "2020-01-01T00:00:00Z", "stop": "2021-01-01T00:00:00Z"});
    let refused = api.post("/api/v2/delete?org=acme&bucket=data", range).await;
    assert_eq!(
        (refused.status.as_u16(), refused.message().as_str()),
        (403, "insufficient permissions to delete")
    );
}

#[tokio::test]
async fn v1_writes_go_where_their_database_leads() {
    let api = Api::set_up().await;
    let v1 = async |query: &str, token: &str| {
        let path = format!("/write?{query}");
        api.send(Method::POST, &path, &[("authorization", token)], "m f=1").await
    };
    let token = format!("Token anyone:{}", api.token);
    assert_eq!(v1("db=data&precision=s", &token).await.status, StatusCode::NO_CONTENT);
    assert_eq!(v1("rp=autogen", &token).await.message(), "missing db");
    assert_eq!(v1("db=nothing", &token).await.message(), "no dbrp mapping found");
    assert_eq!(v1("db=data", &format!("Bearer {}", api.token)).await.message(), "unauthorized access");
    assert_eq!(api.writer.writes.lock().unwrap()[0].2, Precision::Seconds);
}

#[tokio::test]
async fn deletes_name_a_range_and_a_predicate() {
    let api = Api::set_up().await;
    let body = |predicate: &str| json!({"start": "1970-01-01T00:00:00Z", "stop": "1970-01-01T00:00:01Z", "predicate": predicate});
    let path = "/api/v2/delete?org=acme&bucket=data";
    assert_eq!(api.post(path, body("_measurement=m AND host=\"a\"")).await.status, StatusCode::NO_CONTENT);
    let (bucket, range, _) = api.writer.deletes.lock().unwrap()[0].clone();
    assert_eq!((bucket.as_str(), range.start, range.stop), ("data", 0, 1_000_000_001));
    assert_eq!(api.post(path, body("_field=f")).await.status, StatusCode::NOT_IMPLEMENTED);
    assert_eq!(
        api.post("/api/v2/delete?org=acme", body("")).await.message(),
        "Please provide either bucketID or bucket"
    );
}

#[tokio::test]
async fn queries_stream_their_answer() {
    let api = Api::set_up().await;
    let path = "/api/v2/query?org=acme";
    let answer = api.post(path, json!({"query": "echo"})).await;
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(answer.bytes, "echo");
    let failed = api.post(path, json!({"query": "fail"})).await;
    assert_eq!((failed.status.as_u16(), failed.message().as_str()), (400, "compilation failed: as asked"));
    let nowhere = api.post("/api/v2/query?org=nowhere", json!({"query": "echo"})).await;
    assert_eq!(nowhere.message(), "failed to decode request body: organization name \"nowhere\" not found");
    assert_eq!(nowhere.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn long_answers_are_zipped_for_who_takes_it() {
    let api = Api::set_up().await;
    let authorization = format!("Token {}", api.token);
    let headers = [("authorization", authorization.as_str()), ("accept-encoding", "gzip")];
    let ask = async |script: String| {
        api.send(Method::POST, "/api/v2/query?org=acme", &headers, json!({"query": script}).to_string()).await
    };
    let zipped = ask("row,".repeat(1000)).await;
    assert_eq!(zipped.headers["content-encoding"], "gzip");
    assert_eq!(zipped.headers["vary"], "Accept-Encoding");
    assert!(!ask("short".into()).await.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn editors_are_served() {
    let api = Api::set_up().await;
    let ast = api.post("/api/v2/query/ast", json!({"query": "a = 1"})).await;
    assert_eq!(ast.json()["ast"]["files"][0]["body"][0]["type"], "VariableAssignment");
    let broken = api.post("/api/v2/query/ast", json!({"query": "from("})).await;
    assert!(broken.message().starts_with("invalid AST: "), "{}", broken.message());
    let sound = api.post("/api/v2/query/analyze", json!({"query": "nosuch()", "type": "flux"})).await;
    assert_eq!(sound.json(), json!({"errors": []}));
    let mistakes = api.post("/api/v2/query/analyze", json!({"query": "from("})).await;
    assert_eq!(mistakes.json()["errors"][0]["line"], 1);
    let limit = api.get("/api/v2/query/suggestions/limit").await;
    assert_eq!(limit.json(), json!({"name": "limit", "params": {"n": "int", "tables": "stream"}}));
    assert_eq!(api.get("/api/v2/query/suggestions/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_v1_query_without_a_statement() {
    let api = Api::set_up().await;
    let authorization = format!("Token {}", api.token);
    let ask = async |query: &str, headers: &[(&str, &str)], body: &'static str| {
        let headers = [&[("authorization", authorization.as_str())][..], headers].concat();
        api.send(Method::POST, &format!("/query?db=data{query}"), &headers, body).await
    };
    let untyped = ask("&q=+", &[], "").await;
    assert_eq!((untyped.status.as_u16(), untyped.message()), (400, "mime: no media type".into()));
    // Of a type that holds no statement, there is none to answer: as `q=;`.
    assert_eq!(ask("", &[("content-type", "text/plain")], "SHOW DATABASES").await.status, StatusCode::OK);
    let influxql = [("content-type", "application/vnd.influxql")];
    assert_eq!(ask("", &influxql, "SHOW DATABASES").await.status, StatusCode::OK);
}
