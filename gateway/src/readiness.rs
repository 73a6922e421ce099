//! What a server needs before it serves, and how it says what is missing.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use weir_model::Error;

use crate::error::ApiError;
use crate::json::{Compact, Dialect};

/// One thing that a server needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it is, in a word.
    pub name: &'static str,
    /// Why it is not there; `None`: it is.
    pub missing: Option<String>,
}

/// Tells how everything stands that a server needs.
pub type Checks = Arc<dyn Fn() -> Vec<Check> + Send + Sync>;

/// What is missing, in one line; `None` when nothing is.
pub(crate) fn missing(checks: &[Check]) -> Option<String> {
    let missing: Vec<&str> = checks.iter().filter_map(|check| check.missing.as_deref()).collect();
    (!missing.is_empty()).then(|| missing.join("; "))
}

/// The answer of `/health`: 200 and no checks when all is well, else 503 and each check.
pub fn health(checks: &[Check]) -> Response {
    let (status, word, message, shown) = match missing(checks) {
        None => (StatusCode::OK, "pass", "ready for queries and writes".to_owned(), Vec::new()),
        Some(missing) => {
            (StatusCode::SERVICE_UNAVAILABLE, "fail", missing, checks.iter().map(shown).collect())
        }
    };
    let body = json!({
        "name": "influxdb", "message": message, "status": word, "checks": shown,
        "version": crate::COMPATIBLE_VERSION, "commit": crate::BUILD,
    });
    Compact(status, body).into_response()
}

fn shown(check: &Check) -> Value {
    match &check.missing {
        None => json!({"name": check.name, "status": "pass"}),
        Some(why) => json!({"name": check.name, "message": why, "status": "fail"}),
    }
}

/// The refusal of `/ready`, and of everything else while a server starts; `None` when nothing is missing.
pub fn refusal(checks: &[Check]) -> Option<Response> {
    let error = Error::unavailable(format!("not ready: {}", missing(checks)?));
    Some(ApiError::from(error).respond(Dialect::Compact))
}
