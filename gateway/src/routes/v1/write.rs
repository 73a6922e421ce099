//! Writing points the v1 way: to a database and a retention policy.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use weir_line_protocol::Precision;

use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, body, target};
use crate::metrics::Endpoint;
use crate::params::Params;
use crate::state::Gateway;

pub(super) async fn write(
    State(gateway): State<Gateway>,
    access: Access,
    request: Request,
) -> ApiResult<StatusCode> {
    let params = Params::parse(request.uri().query().unwrap_or_default());
    let database = params.get("db").ok_or_else(|| ApiError::invalid("missing db"))?;
    // Version 1's short names are taken at their word, where InfluxDB 2 reads nanoseconds without saying so; anything
    // else is nanoseconds, as there.
    let precision = params.get("precision").and_then(Precision::from_v1).unwrap_or_default();
    let org = target::org_of_v1(&access, &params).await?;
    let bucket = access.catalog.bucket_of_dbrp(org, database, params.get("rp")).await?;
    access.catalog.check_write_points(&bucket)?;
    let (parts, sent) = request.into_parts();
    let lines = body::read_unzipped(&parts.headers, sent, gateway.settings().max_body_size).await?;
    let size = lines.len();
    let written = if size == 0 { Ok(()) } else { gateway.writer().write(&bucket, lines, precision).await };
    let status = written.as_ref().map_or_else(|error| error.code.http_status(), |()| 204);
    gateway.metrics().traffic(Endpoint::WriteV1, bucket.org_id, status, size);
    written?;
    Ok(StatusCode::NO_CONTENT)
}
