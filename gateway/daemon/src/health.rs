//! The little HTTP that roles without an API answer: whether they live, whether they serve, what they count.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use weir_gateway::Collector;

/// What is answered of a process.
#[derive(Clone)]
pub(crate) struct Health(Arc<Parts>);

struct Parts {
    metrics: Vec<Collector>,
    ready: Box<dyn Fn() -> bool + Send + Sync>,
}

impl Health {
    /// `ready` says whether the process does its work; one that is not has only begun, or replays its log.
    pub(crate) fn new(metrics: Vec<Collector>, ready: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(Parts { metrics, ready: Box::new(ready) }))
    }

    /// Answers until `closing`.
    pub(crate) async fn serve(self, listener: TcpListener, closing: CancellationToken) {
        let app = Router::new()
            .route("/health", get(|| async { ok() }))
            .route("/ready", get(ready))
            .route("/metrics", get(metrics))
            .with_state(self);
        let served = axum::serve(listener, app).with_graceful_shutdown(closing.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, "health is no longer answered");
        }
    }
}

fn ok() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], "{\"status\":\"pass\"}\n")
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    if (health.0.ready)() {
        ok().into_response()
    } else {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (StatusCode::SERVICE_UNAVAILABLE, kind, "{\"status\":\"fail\"}\n").into_response()
    }
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    let mut out = String::new();
    for collector in &health.0.metrics {
        collector(&mut out);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out)
}
