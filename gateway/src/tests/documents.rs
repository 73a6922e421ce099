//! What clients keep on the server besides points: dashboards, variables, configurations, secrets.

use super::*;

#[tokio::test]
async fn a_configuration_is_sent_as_it_is_asked_for() {
    let api = Api::set_up().await;
    let config = "[[outputs.influxdb_v2]]\n  bucket = \"in\"\n";
    let made = api
        .post("/api/v2/telegrafs", json!({"orgID": api.org, "name": "my \"host\"", "config": config}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    assert_eq!(made["metadata"], json!({"buckets": ["in"]}));
    let at = made["links"]["self"].as_str().unwrap();
    let token = format!("Token {}", api.token);
    let get = async |accept: &str| {
        api.send(Method::GET, at, &[("authorization", &token), ("accept", accept)], Body::empty()).await
    };
    let toml = get("*/*").await;
    assert_eq!(
        (toml.headers["content-type"].to_str().unwrap(), &toml.bytes[..]),
        ("application/toml; charset=utf-8", config.as_bytes())
    );
    assert_eq!(get("application/json").await.json()["name"], "my \"host\"");
    let attached = get("application/octet-stream").await;
    assert_eq!(attached.headers["content-disposition"], "attachment; filename=\"my__host_.toml\"");
    let owners = api.get(&format!("{at}/owners")).await.json();
    assert_eq!(owners["users"], json!([]));
}

#[tokio::test]
async fn plugins_are_listed_by_kind() {
    let api = Api::set_up().await;
    let all = api.get("/api/v2/telegraf/plugins").await.json();
    let inputs = api.get("/api/v2/telegraf/plugins?type=input").await.json();
    let count = |list: &Value| list["plugins"].as_array().unwrap().len();
    assert!(count(&all) > count(&inputs) && count(&inputs) > 40);
    let first = &inputs["plugins"][0];
    let header = format!("[[inputs.{}]]", first["name"].as_str().unwrap());
    assert!(first["config"].as_str().unwrap().contains(&header));
    let odd = api.get("/api/v2/telegraf/plugins?type=odd").await;
    assert_eq!((odd.status, odd.message().as_str()), (StatusCode::BAD_REQUEST, "unknown plugin type 'odd'"));
}

#[tokio::test]
async fn cells_may_start_from_the_view_of_another() {
    let api = Api::set_up().await;
    let board = api.post("/api/v2/dashboards", json!({"orgID": api.org, "name": "board"})).await.json();
    let at = board["links"]["cells"].as_str().unwrap().to_owned();
    let cell = api.post(&at, json!({"x": 1, "w": 2})).await.json();
    let view = format!("{at}/{}/view", cell["id"].as_str().unwrap());
    let text = json!({"shape": "chronograf-v2", "type": "markdown", "note": "<n>"});
    let set = api.call(Method::PATCH, &view, json!({"name": "one", "properties": text})).await;
    assert_eq!(set.json()["properties"], text);
    let copy = api.post(&at, json!({"x": 3, "usingView": cell["id"], "name": "two"})).await;
    assert_eq!(copy.status, StatusCode::CREATED);
    let whole = api.get(&format!("{}?include=properties", board["links"]["self"].as_str().unwrap())).await;
    let cells = &whole.json()["cells"];
    assert_eq!((&cells[0]["name"], &cells[1]["name"]), (&json!("one"), &json!("two")));
    assert_eq!(cells[1]["properties"], text);
    let pie = json!({"properties": {"shape": "chronograf-v2", "type": "pie"}});
    let nothing = api.call(Method::PATCH, &view, pie).await;
    assert_eq!(nothing.message(), "expected at least one attribute to be updated", "nobody knows that type");
    let odd = api.call(Method::PATCH, &view, json!({"properties": {"shape": "odd"}})).await;
    assert_eq!(odd.message(), "unknown shape \"odd\"");
    let nothing = api.call(Method::PUT, &at, json!({})).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn secrets_are_named_but_never_told() {
    let api = Api::set_up().await;
    let at = format!("/api/v2/orgs/{}/secrets", api.org);
    let set = api.call(Method::PATCH, &at, json!({"a/b c": "sesame", "k": "x"})).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
    let list = api.get(&at).await;
    assert_eq!(list.json()["secrets"], json!(["a/b c", "k"]));
    let gone = api.call(Method::DELETE, &format!("{at}/a%2Fb%20c"), Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(api.get(&at).await.json()["secrets"], json!(["k"]));
    api.post(&format!("{at}/delete"), json!({"secrets": ["k"]})).await;
    assert_eq!(api.get(&at).await.json()["secrets"], json!([]));
}

#[tokio::test]
async fn variables_sources_and_scrapers_are_changed() {
    let api = Api::set_up().await;
    let arguments = json!({"type": "query", "values": {"query": "buckets()", "language": "flux"}});
    let variable = json!({"orgID": api.org, "name": "v", "arguments": arguments});
    let variable = api.post("/api/v2/variables", variable).await.json();
    let at = variable["links"]["self"].as_str().unwrap().to_owned();
    let nothing = api.call(Method::PATCH, &at, json!({})).await;
    assert_eq!(nothing.message(), "no fields supplied in update");
    let patched = api.call(Method::PATCH, &at, json!({"selected": ["a"]})).await.json();
    assert_eq!((&patched["selected"], &patched["arguments"]), (&json!(["a"]), &arguments));

    let scraper =
        json!({"orgID": api.org, "bucketID": api.bucket, "name": "s", "type": "prometheus", "url": "u"});
    let scraper = api.post("/api/v2/scrapers", scraper).await.json();
    assert_eq!((&scraper["org"], &scraper["bucket"]), (&json!("acme"), &json!("data")));
    let at = scraper["links"]["self"].as_str().unwrap().to_owned();
    let patched = api.call(Method::PATCH, &at, json!({"allowInsecure": true})).await.json();
    assert_eq!((&patched["allowInsecure"], &patched["url"]), (&json!(true), &json!("u")));

    let source =
        json!({"orgID": api.org, "name": "s", "type": "v1", "password": "hidden", "languages": ["flux"]});
    let source = api.post("/api/v2/sources", source).await.json();
    assert!(!source.to_string().contains("hidden"));
    let at = source["links"]["self"].as_str().unwrap().to_owned();
    assert_eq!(api.get(&format!("{at}/health")).await.json()["status"], "pass");
    let buckets = api.get(&format!("{at}/buckets")).await.json();
    assert_eq!(buckets["buckets"].as_array().unwrap().len(), 3);
    let own = api.get("/api/v2/sources/020f755c3c082000").await.json();
    assert_eq!((&own["name"], &own["default"]), (&json!("autogen"), &json!(true)));
}
