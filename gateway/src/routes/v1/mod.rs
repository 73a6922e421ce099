//! What InfluxDB 1 clients use.

mod write;

use axum::response::IntoResponse;
use weir_model::ErrorCode;

use super::builder::Routes;
use crate::error::ApiError;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/write", write::write).get("/query", query).post("/query", query)
}

async fn query() -> impl IntoResponse {
    ApiError::new(
        ErrorCode::NotImplemented,
        "this server does not have InfluxQL yet; /api/v2/query takes Flux",
    )
}
