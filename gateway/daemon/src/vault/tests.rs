//! Against a server in this process that keeps entries as Vault does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use weir_catalog::{Catalog, NewOrg, SecretKeys, SecretStore, Secrets, System};
use weir_model::{ErrorCode, Id};

use super::{SecretStoreKind, Vault, VaultOptions};

/// Entries by name, with their versions; one that was deleted is null.
#[derive(Default)]
struct Entries {
    all: BTreeMap<String, (Value, u64)>,
    /// So many writes find that somebody was faster.
    races: u32,
}

type Kept = Arc<Mutex<Entries>>;

fn error(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({"errors": [text]}))).into_response()
}

async fn read(State(kept): State<Kept>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    if headers.get("x-vault-token").is_none_or(|token| token != "let-me-in") {
        return error(StatusCode::FORBIDDEN, "permission denied");
    }
    match kept.lock().unwrap().all.get(&name) {
        None => (StatusCode::NOT_FOUND, Json(json!({"errors": []}))).into_response(),
        Some((data, version)) => {
            let status = if data.is_null() { StatusCode::NOT_FOUND } else { StatusCode::OK };
            let body = json!({"data": {"data": data, "metadata": {"version": version}}});
            (status, Json(body)).into_response()
        }
    }
}

async fn write(State(kept): State<Kept>, Path(name): Path<String>, Json(body): Json<Value>) -> Response {
    let mut kept = kept.lock().unwrap();
    let entry = kept.all.get(&name).map_or((Value::Null, 0), Clone::clone);
    if kept.races > 0 {
        kept.races -= 1;
        kept.all.insert(name.clone(), (json!({"theirs": "t"}), entry.1 + 1));
    }
    let version = kept.all.get(&name).map_or(0, |(_, version)| *version);
    if body["options"]["cas"] != version {
        return error(StatusCode::BAD_REQUEST, "check-and-set parameter did not match the current version");
    }
    kept.all.insert(name, (body["data"].clone(), version + 1));
    Json(json!({"data": {"version": version + 1}})).into_response()
}

async fn server(kept: Kept) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/v1/secret/data/{name}", get(read).post(write)).with_state(kept);
    tokio::spawn(async { axum::serve(listener, routes).await.unwrap() });
    address
}

fn options(address: &str, token: &str) -> VaultOptions {
    VaultOptions {
        secret_store: SecretStoreKind::Vault,
        vault_addr: address.to_owned(),
        vault_token: Some(token.to_owned()),
        vault_namespace: None,
        vault_cacert: None,
        vault_skip_verify: false,
        vault_client_timeout: Duration::from_secs(60),
    }
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn secrets_of_organizations_are_in_vault_only() {
    let kept = Kept::default();
    let vault = Vault::new(&options(&server(kept.clone()).await, "let-me-in")).unwrap();
    let memory = weir_database::Options::default();
    let database = weir_database::Database::connect("sqlite::memory:", &memory).await.unwrap();
    let keys = SecretKeys::parse(&SecretKeys::generate(&System)).unwrap();
    let secrets = Secrets { keys: Some(keys), store: Some(Arc::new(vault)) };
    let catalog = Catalog::open_with(database, Arc::new(System), secrets).await.unwrap();
    let new = NewOrg { name: "acme".to_owned(), description: String::new() };
    let org = catalog.create_org(new, None).await.unwrap().id;

    assert_eq!(catalog.list_secrets(org).await.unwrap(), Vec::<String>::new());
    catalog.set_secrets(org, &map(&[("b", "2"), ("a", "1")])).await.unwrap();
    catalog.set_secrets(org, &map(&[("a", "new")])).await.unwrap();
    assert_eq!(catalog.list_secrets(org).await.unwrap(), ["a", "b"]);
    assert_eq!(catalog.find_secret(org, "a").await.unwrap().as_deref(), Some("new"));
    assert_eq!(kept.lock().unwrap().all[&org.to_string()].0, json!({"a": "new", "b": "2"}));
    catalog.delete_secrets(org, &["a".to_owned(), "never-there".to_owned()]).await.unwrap();
    assert_eq!(catalog.find_secret(org, "a").await.unwrap(), None);
    let nobody: Id = "0123456789abcdef".parse().unwrap();
    assert_eq!(catalog.set_secrets(nobody, &map(&[("a", "1")])).await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn changes_of_others_are_kept() {
    let kept = Kept::default();
    let vault = Vault::new(&options(&server(kept.clone()).await, "let-me-in")).unwrap();
    let org: Id = "0123456789abcdef".parse().unwrap();
    kept.lock().unwrap().races = 2;
    vault.change(org, &map(&[("ours", "o")]), &[]).await.unwrap();
    assert_eq!(vault.load(org).await.unwrap(), map(&[("ours", "o"), ("theirs", "t")]));
    // Deleted in Vault itself: the version goes on.
    kept.lock().unwrap().all.get_mut("0123456789abcdef").unwrap().0 = Value::Null;
    assert_eq!(vault.load(org).await.unwrap(), map(&[]));
    vault.change(org, &map(&[("again", "a")]), &[]).await.unwrap();
    kept.lock().unwrap().races = u32::MAX;
    let refused = vault.change(org, &map(&[("never", "n")]), &[]).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unavailable);
}

#[tokio::test]
async fn refusals_do_not_show_the_token() {
    let address = server(Kept::default()).await;
    let org: Id = "0123456789abcdef".parse().unwrap();
    for (address, token) in [(address.as_str(), "wrong-token"), ("http://127.0.0.1:1", "let-me-in")] {
        let refused = Vault::new(&options(address, token)).unwrap().load(org).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Unavailable);
        assert!(!refused.message.contains(token));
    }
    assert!(Vault::new(&options(&address, "")).err().unwrap().contains("VAULT_TOKEN"));
    assert!(Vault::new(&options("nonsense", "t")).err().unwrap().contains("nonsense"));
}
