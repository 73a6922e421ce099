use super::*;

#[tokio::test]
async fn every_answer_names_the_version() {
    let api = Api::set_up().await;
    for path in ["/health", "/ping", "/api/v2/me", "/nonsense", "/query?q=x"] {
        let answer = api.send(Method::GET, path, &[], "").await;
        assert_eq!(answer.headers["x-influxdb-build"], "OSS", "{path}");
        assert_eq!(answer.headers["x-influxdb-version"], crate::COMPATIBLE_VERSION);
    }
}

#[tokio::test]
async fn errors_are_written_in_the_dialect_of_their_path() {
    let api = Api::set_up().await;
    let kit = api.get("/api/v2/buckets/nonsense").await;
    let want = "{\n\t\"code\": \"invalid\",\n\t\"message\": \"id must have a length of 16 bytes\"\n}";
    assert_eq!(kit.bytes, want);
    assert_eq!(kit.headers["x-platform-error-code"], "invalid");
    let compact = api.post("/api/v2/write", Value::Null).await;
    assert_eq!(compact.bytes, "{\"code\":\"not found\",\"message\":\"bucket not found\"}\n");
}

#[tokio::test]
async fn a_slash_at_the_end_means_nothing() {
    let api = Api::set_up().await;
    assert_eq!(api.get("/api/v2/me/").await.status, StatusCode::OK);
    assert_eq!(api.get("/api/v2/").await.status, StatusCode::OK);
    let page = api.get(&format!("/api/v2/buckets/?orgID={}&limit=1", api.org)).await;
    assert_eq!(page.json()["buckets"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn any_origin_may_ask() {
    let api = Api::set_up().await;
    let origin = ("origin", "http://app.example");
    let refused = api.send(Method::GET, "/api/v2/me", &[origin], "").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.headers["access-control-allow-origin"], "http://app.example");
    assert!(!refused.headers.contains_key("access-control-allow-credentials"));
    let preflight = api.send(Method::OPTIONS, "/api/v2/me", &[origin], "").await;
    assert_eq!(preflight.status, StatusCode::NO_CONTENT);
    assert!(preflight.headers.contains_key("access-control-allow-methods"));
    assert!(!api.get("/api/v2/me").await.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_panic_becomes_an_answer() {
    let api = Api::set_up().await;
    let authorization = format!("Token {}", api.token);
    let path = "/api/v2/write?org=acme&bucket=data";
    let answer = api.send(Method::POST, path, &[("authorization", &authorization)], "panic f=1").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.json()["code"], "internal error");
    assert!(answer.message().starts_with("a panic has occurred: "), "{}", answer.message());
    assert_eq!(api.get("/health").await.status, StatusCode::OK);
}

#[tokio::test]
async fn requests_are_counted() {
    let api = Api::set_up().await;
    api.get(&format!("/api/v2/buckets/{}", api.bucket)).await;
    let metrics = String::from_utf8(api.get("/metrics").await.bytes.to_vec()).unwrap();
    assert!(metrics.contains("path=\"/api/v2/buckets/:id\",response_code=\"200\""), "{metrics}");
    assert!(!metrics.contains(&api.bucket) && !metrics.contains(&api.token));
}

#[tokio::test]
async fn the_arguments_of_the_process_are_told() {
    let api = Api::set_up().await;
    let told = api.send(Method::GET, "/debug/pprof/cmdline", &[], "").await;
    assert_eq!((told.status, &told.bytes[..]), (StatusCode::OK, &b"weir\0gateway"[..]));
}

#[tokio::test]
async fn credentials_of_every_kind() {
    let api = Api::set_up().await;
    let status =
        async |headers: &[(&str, &str)]| api.send(Method::GET, "/api/v2/me", headers, "").await.status;
    let bearer = format!("bearer {}", api.token);
    assert_eq!(status(&[("authorization", &bearer)]).await, StatusCode::OK);
    assert_eq!(status(&[("authorization", "Token wrong")]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&[("authorization", "Basic YW5uOnBhc3N3b3JkMQ==")]).await, StatusCode::UNAUTHORIZED);
    let basic = [("authorization", "Basic YW5uOnBhc3N3b3JkMQ==")];
    let signed_in = api.send(Method::POST, "/api/v2/signin", &basic, "").await;
    assert_eq!(signed_in.status, StatusCode::NO_CONTENT);
    let set = signed_in.headers["set-cookie"].to_str().unwrap();
    assert!(
        set.contains("; Path=/api/; Expires=") && set.ends_with(" GMT; HttpOnly; SameSite=Strict"),
        "{set}"
    );
    let cookie = set.split(';').next().unwrap();
    assert_eq!(status(&[("cookie", cookie)]).await, StatusCode::OK);
    let out = async || api.send(Method::POST, "/api/v2/signout", &[("cookie", cookie)], "").await.status;
    assert_eq!(out().await, StatusCode::NO_CONTENT);
    assert_eq!(status(&[("cookie", cookie)]).await, StatusCode::UNAUTHORIZED);
    assert_eq!(out().await, StatusCode::UNAUTHORIZED);
}
