//! Flux queries.

mod request;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, TryStreamExt};
use weir_model::ErrorCode;
use weir_proto::{ByteStream, QueryLanguage, QueryRequest};

use super::builder::Routes;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, body, target};
use crate::metrics::Endpoint;
use crate::params::Params;
use crate::state::Gateway;

/// What comes before the message of everything that is wrong with a request rather than with its query.
const BAD_REQUEST: &str = "failed to decode request body";

pub(super) fn routes(routes: Routes) -> Routes {
    routes.post("/api/v2/query", query)
}

/// What the client wants to see of the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefer {
    Rows,
    Nothing,
    Errors,
}

async fn query(State(gateway): State<Gateway>, access: Access, request: Request) -> ApiResult<Response> {
    let (parts, sent) = request.into_parts();
    let bytes = body::read_unzipped(&parts.headers, sent, gateway.settings().max_body_size).await?;
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let asked =
        request::decode(content_type, &bytes).map_err(|e| ApiError::invalid(e).context(BAD_REQUEST))?;
    let params = Params::parse(parts.uri.query().unwrap_or_default());
    let org = target::any_org(&access, &params).await;
    // The reference gives every failure up to here the same code.
    let org = org.map_err(|error| error.code(ErrorCode::Invalid).context(BAD_REQUEST))?;
    let prefer = prefer(&parts.headers);
    let request = QueryRequest {
        org: org.id,
        caller: access.proto_caller(),
        language: QueryLanguage::Flux,
        text: asked.text,
        extern_ast: asked.extern_ast,
        now: asked.now,
        dialect: asked.dialect,
        discard: prefer != Prefer::Rows,
    };
    let answer = gateway.queries().query(request).await;
    let status = answer.as_ref().map_or_else(|error| error.code.http_status(), |_| 200);
    gateway.metrics().traffic(Endpoint::Query, org.id, status, bytes.len());
    let answer = answer?;
    match prefer {
        Prefer::Nothing => {
            drain(answer).await;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        Prefer::Rows | Prefer::Errors => Ok(csv(answer)),
    }
}

/// Streams the answer. When the client goes away its stream is dropped, and the query with it.
fn csv(answer: ByteStream) -> Response {
    let bytes = answer.map_err(|error| {
        tracing::warn!(%error, "an answer broke off");
        std::io::Error::other(error)
    });
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], Body::from_stream(bytes)).into_response()
}

async fn drain(mut answer: ByteStream) {
    while let Some(chunk) = answer.next().await {
        if let Err(error) = chunk {
            tracing::debug!(%error, "a query nobody looks at failed");
            return;
        }
    }
}

fn prefer(headers: &HeaderMap) -> Prefer {
    match headers.get("prefer").map(HeaderValue::as_bytes) {
        Some(b"return-no-content") => Prefer::Nothing,
        Some(b"return-no-content-with-error") => Prefer::Errors,
        _ => Prefer::Rows,
    }
}
