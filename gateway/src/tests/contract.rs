use std::collections::BTreeSet;

use super::*;
use crate::routes::contract::{CONTRACT, State};

#[test]
fn a_row_is_served_if_and_only_if_it_has_handlers() {
    let routes = crate::routes::all();
    let served: BTreeSet<(&str, String)> =
        routes.served().iter().map(|(path, method)| (*path, method.to_string())).collect();
    for row in CONTRACT {
        for method in row.methods() {
            let mounted = served.contains(&(row.path, method.to_owned()));
            assert_eq!(mounted, row.state == State::Served, "{method} {}", row.path);
        }
    }
    let known: BTreeSet<&str> = CONTRACT.iter().map(|row| row.path).collect();
    assert_eq!(known.len(), CONTRACT.len(), "a path stands twice");
    for (path, _) in served {
        assert!(known.contains(path), "{path} is not in the contract");
    }
}

#[tokio::test]
async fn every_path_asks_for_credentials_then_checks_the_method_then_answers() {
    let api = Api::set_up().await;
    for row in CONTRACT {
        let path = row.path.replace(['{', '}'], "");
        let open = matches!(row.path, "/health" | "/ready" | "/ping" | "/metrics" | "/api/v2")
            || row.path.starts_with("/debug/")
            || row.path.starts_with("/api/v2/sign")
            || row.path == "/api/v2/setup";
        let method: Method = row.methods().next().unwrap().parse().unwrap();
        let anonymous = api.send(method.clone(), &path, &[], Body::empty()).await;
        if !open {
            assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(anonymous.message(), "unauthorized access");
        }
        let wrong = api.call(Method::OPTIONS, &path, Value::Null).await;
        if row.path != "/api/v2" {
            assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            let mut allow: Vec<&str> = row.methods().chain(["OPTIONS"]).collect();
            allow.sort_unstable();
            assert_eq!(wrong.headers["allow"], allow.join(", "));
            assert_eq!(wrong.message(), format!("allow: {}", allow.join(", ")));
        }
        if row.state == State::Later {
            let later = api.call(method, &path, Value::Null).await;
            assert_eq!(later.status, StatusCode::NOT_IMPLEMENTED, "{path}");
            assert_eq!(later.headers["x-platform-error-code"], "not implemented");
        }
    }
}

#[tokio::test]
async fn paths_beside_the_contract_are_not_found() {
    let api = Api::set_up().await;
    assert_eq!(api.send(Method::GET, "/api/v2/nonsense", &[], "").await.status, StatusCode::UNAUTHORIZED);
    let found = api.get("/api/v2/nonsense").await;
    assert_eq!((found.status, found.message().as_str()), (StatusCode::NOT_FOUND, "path not found"));
    let bucket = format!("/api/v2/buckets/{}/nonsense", api.bucket);
    assert_eq!(api.get(&bucket).await.status, StatusCode::NOT_FOUND);
}
