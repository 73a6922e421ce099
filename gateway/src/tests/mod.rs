//! The whole API in process, over a catalog in memory.

mod contract;
mod documents;
mod http;
mod monitoring;
mod permissions;
mod points;
mod resources;
mod server;
mod tasks;
mod templates;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use bytes::Bytes;
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::Notify;
use weir_auth::Authenticator;
use weir_batch::{Predicate, TimeRange};
use weir_catalog::{Bucket, Catalog, SecretKeys, System};
use weir_database::{Database, Options};
use weir_line_protocol::Precision;
use weir_model::{Error, Result};
use weir_proto::{ByteStream, QueryRequest, QueryService, QueryText};

use crate::{App, Gateway, Metrics, Parts, Settings, Writer};

/// Remembers what it was asked to do.
#[derive(Default)]
struct Remembering {
    writes: Mutex<Vec<(String, Bytes, Precision)>>,
    deletes: Mutex<Vec<(String, TimeRange, Predicate)>>,
}

#[async_trait]
impl Writer for Remembering {
    async fn write(&self, bucket: &Bucket, lines: Bytes, precision: Precision) -> Result<()> {
        if lines.starts_with(b"panic") {
            panic!("as asked");
        }
        self.writes.lock().unwrap().push((bucket.name.clone(), lines, precision));
        Ok(())
    }

    async fn delete(&self, bucket: &Bucket, range: TimeRange, predicate: Predicate) -> Result<()> {
        self.deletes.lock().unwrap().push((bucket.name.clone(), range, predicate));
        Ok(())
    }

    async fn forget(&self, _: &Bucket) -> Result<()> {
        Ok(())
    }
}

/// Answers the script itself, or does what it asks for. Tells when a query that does not end has begun to wait, or is
/// dropped.
struct Echo(Arc<Notify>);

struct Watched(Arc<Notify>);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[async_trait]
impl QueryService for Echo {
    async fn query(&self, request: QueryRequest) -> Result<ByteStream> {
        match request.text {
            QueryText::Source(text) if text == "fail" => Err(Error::invalid("compilation failed: as asked")),
            QueryText::Source(text) if text == "wait" => {
                self.0.notify_one();
                futures::future::pending::<()>().await;
                Err(Error::internal("waited for ever"))
            }
            QueryText::Source(text) if text == "endless" => {
                let watched = Watched(self.0.clone());
                let rows = stream::unfold(watched, async |watched| {
                    tokio::task::yield_now().await;
                    Some((Ok(Bytes::from_static(b"row\r\n")), watched))
                });
                Ok(rows.boxed())
            }
            QueryText::Source(text) | QueryText::Ast(text) => {
                Ok(stream::iter([Ok(Bytes::from(text))]).boxed())
            }
        }
    }
}

/// A server that has been set up.
struct Api {
    app: App,
    writer: Arc<Remembering>,
    /// Of queries that do not end.
    told: Arc<Notify>,
    token: String,
    org: String,
    bucket: String,
}

/// An answer.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }
}

impl Api {
    /// A fresh server that needs nothing.
    async fn fresh() -> Self {
        Self::with(Arc::new(Vec::new)).await
    }

    async fn with(ready: crate::Checks) -> Self {
        let database = Database::connect("sqlite::memory:", &Options::default()).await.unwrap();
        let keys = SecretKeys::parse(&SecretKeys::generate(&System)).unwrap();
        let catalog = Catalog::open_with(database, Arc::new(System), Some(keys)).await.unwrap();
        let writer = Arc::new(Remembering::default());
        let told = Arc::new(Notify::new());
        let gateway = Gateway::new(Parts {
            auth: Authenticator::new(
                catalog.clone(),
                weir_auth::Options { bcrypt_cost: 4, ..Default::default() },
            ),
            catalog,
            writer: writer.clone(),
            queries: Arc::new(Echo(told.clone())),
            functions: BTreeMap::from([(
                "limit".into(),
                "(<-tables: stream[A], n: int) => stream[A] where A: Record".into(),
            )]),
            ready,
            settings: Settings {
                max_body_size: 100_000,
                shown: serde_json::Map::new(),
                command_line: vec!["weir".into(), "gateway".into()],
            },
            metrics: Metrics::new(Vec::new()),
        });
        let app = App::new(gateway);
        Self { app, writer, told, token: String::new(), org: String::new(), bucket: String::new() }
    }

    /// A server with a user `ann`, an organization `acme` and a bucket `data`.
    async fn set_up() -> Self {
        let mut api = Self::fresh().await;
        let body = json!({"username": "ann", "password": "password1", "org": "acme", "bucket": "data"});
        let made = api.send(Method::POST, "/api/v2/setup", &[], body.to_string()).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let made = made.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        api.token = text(&made["auth"]["token"]);
        api.org = text(&made["org"]["id"]);
        api.bucket = text(&made["bucket"]["id"]);
        api
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.app.call(request.body(body.into()).unwrap()).await;
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// As the operator.
    async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        let authorization = format!("Token {}", self.token);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.send(method, path, &[("authorization", &authorization)], body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }
}
