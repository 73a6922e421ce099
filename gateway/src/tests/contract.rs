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
        let open = matches!(
            row.path,
            "/health" | "/ready" | "/ping" | "/metrics" | "/api/v2" | "/api/v2/swagger.json"
        )
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
async fn every_method_of_a_path_that_is_served_reaches_a_handler() {
    let api = Api::set_up().await;
    for row in CONTRACT.iter().filter(|row| row.state == State::Served) {
        for method in row.methods() {
            let path = row.path.replace(['{', '}'], "");
            let answer = api.call(method.parse().unwrap(), &path, Value::Null).await;
            assert_ne!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            assert_ne!(answer.status, StatusCode::NOT_IMPLEMENTED, "{method} {path}");
            if answer.status == StatusCode::NOT_FOUND {
                assert_ne!(answer.message(), "path not found", "{method} {path}");
            }
        }
    }
}

/// What the published contract promises and the reference does not serve so, or nowhere.
const ELSEWHERE: [&str; 5] = [
    "/api/v2/maps/mapToken",
    "/api/v2/restore/bucket/{}",
    // Below /private.
    "/legacy/authorizations",
    "/legacy/authorizations/{}",
    "/legacy/authorizations/{}/password",
];

/// Needs the published contract: `WEIR_CONTRACTS` names the folder that it is in. Where it is not, there is nothing to
/// compare with.
#[test]
fn every_path_of_the_published_contract_is_in_ours() {
    let Some(folder) = std::env::var_os("WEIR_CONTRACTS") else { return };
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join("oss.yml")).unwrap();
    let plain = |path: &str| -> String {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    let ours: std::collections::BTreeMap<String, Vec<&str>> =
        CONTRACT.iter().map(|row| (plain(row.path), row.methods().collect())).collect();
    let mut compared = 0;
    let mut path = String::new();
    // Its paths and methods stand alone on lines of their depth.
    for line in text.lines().skip_while(|line| *line != "paths:") {
        if let Some(named) = line.strip_prefix("  /").and_then(|rest| rest.strip_suffix(':')) {
            path = plain(&format!("/{named}"));
            continue;
        }
        let method = line.strip_prefix("    ").and_then(|rest| rest.strip_suffix(':'));
        let Some(method @ ("get" | "post" | "put" | "patch" | "delete")) = method else { continue };
        if !ELSEWHERE.contains(&path.as_str()) {
            let served = ours.get(&path).unwrap_or_else(|| panic!("{path} is missing"));
            assert!(served.contains(&method.to_uppercase().as_str()), "{method} {path}");
            compared += 1;
        }
    }
    assert!(compared > 200, "only {compared} operations were found");
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
