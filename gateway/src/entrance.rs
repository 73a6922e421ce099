//! The way in, which is open before the API is there: a server that still waits for what it needs says so.

use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use weir_model::Error;

use crate::error::ApiError;
use crate::json::Dialect;
use crate::middleware::{self, App};
use crate::readiness::{self, Checks};

/// Answers requests: by the API, once there is one. A clone is the same way in.
#[derive(Clone)]
pub struct Entrance {
    app: Arc<OnceLock<App>>,
    checks: Checks,
}

impl Entrance {
    /// A way in without an API behind it yet; `checks` says what it waits for.
    pub fn new(checks: Checks) -> Self {
        Self { app: Arc::default(), checks }
    }

    /// Puts the API behind it, once and for all.
    pub fn open(&self, app: App) {
        // A second API would be a mistake of whoever composes; the first one stays.
        let _ = self.app.set(app);
    }

    pub(crate) async fn call(&self, request: Request) -> Response {
        match self.app.get() {
            Some(app) => app.call(request).await,
            None => self.waiting(request.uri().path()),
        }
    }

    /// `/ping` says that the process lives, and everything else that it does not serve yet.
    fn waiting(&self, path: &str) -> Response {
        let checks = (self.checks)();
        let mut response = match path {
            "/ping" => StatusCode::NO_CONTENT.into_response(),
            "/health" => readiness::health(&checks),
            _ => readiness::refusal(&checks).unwrap_or_else(|| {
                ApiError::from(Error::unavailable("the server is starting, try again"))
                    .respond(Dialect::of_path(path))
            }),
        };
        response.headers_mut().insert(axum::http::header::RETRY_AFTER, HeaderValue::from_static("2"));
        middleware::identify(&mut response);
        response
    }
}
