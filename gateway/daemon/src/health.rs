//! The little HTTP that roles without an API answer: whether they live, whether they serve, what they count.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use weir_gateway::{Checks, Collector};

/// What is answered of a process. A clone is the same.
#[derive(Clone)]
pub(crate) struct Health {
    checks: Checks,
    metrics: Arc<OnceLock<Vec<Collector>>>,
}

impl Health {
    /// `checks` says what the process needs before it does its work.
    pub(crate) fn new(checks: Checks) -> Self {
        Self { checks, metrics: Arc::default() }
    }

    /// What there is to count, once there is.
    pub(crate) fn count(&self, metrics: Vec<Collector>) {
        // Told once; what was told first stays.
        let _ = self.metrics.set(metrics);
    }

    /// Answers until `closing`.
    pub(crate) async fn serve(self, listener: TcpListener, closing: CancellationToken) {
        let app = Router::new()
            .route("/ping", get(|| async { StatusCode::NO_CONTENT }))
            .route("/health", get(health))
            .route("/ready", get(ready))
            .route("/metrics", get(metrics))
            .with_state(self);
        let served = axum::serve(listener, app).with_graceful_shutdown(closing.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, "health is no longer answered");
        }
    }
}

async fn health(State(health): State<Health>) -> Response {
    weir_gateway::health_answer(&(health.checks)())
}

async fn ready(State(health): State<Health>) -> Response {
    weir_gateway::refusal(&(health.checks)()).unwrap_or_else(|| {
        ([(header::CONTENT_TYPE, "application/json")], "{\"status\":\"ready\"}\n").into_response()
    })
}

async fn metrics(State(health): State<Health>) -> impl IntoResponse {
    let mut out = String::new();
    for collector in health.metrics.get().into_iter().flatten() {
        collector(&mut out);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out)
}
