//! The description of the API that the server serves.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;

use super::builder::Routes;
use crate::openapi::document;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.get("/api/v2/swagger.json", get)
}

async fn get() -> impl IntoResponse {
    static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, TEXT.as_str())
}
