//! Writing points.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use weir_line_protocol::Precision;

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, body, target};
use crate::metrics::Endpoint;
use crate::params::Params;
use crate::state::Gateway;

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/api/v2/write", write)
}

async fn write(State(gateway): State<Gateway>, access: Access, request: Request) -> ApiResult<StatusCode> {
    let params = Params::parse(request.uri().query().unwrap_or_default());
    let precision = match params.get("precision") {
        None => Precision::default(),
        Some(text) => Precision::from_v2(text).ok_or_else(|| {
            ApiError::invalid("invalid precision; valid precision units are ns, us, ms, and s")
        })?,
    };
    let bucket = target::bucket_to_write(&access, &params).await?;
    let (parts, sent) = request.into_parts();
    let lines = body::read_unzipped(&parts.headers, sent, gateway.settings().max_body_size).await?;
    let size = lines.len();
    let written = if size == 0 { Ok(()) } else { gateway.writer().write(&bucket, lines, precision).await };
    let status = written.as_ref().map_or_else(|error| error.code.http_status(), |()| 204);
    gateway.metrics().traffic(Endpoint::Write, bucket.org_id, status, size);
    written?;
    Ok(StatusCode::NO_CONTENT)
}
