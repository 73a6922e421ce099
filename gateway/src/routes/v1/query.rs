//! InfluxQL queries, the v1 way.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use weir_model::Credential;
use weir_proto::{CsvDialect, InfluxQlQuery, QueryLanguage, QueryRequest, QueryText};

use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, body, media_type, target};
use crate::metrics::Endpoint;
use crate::params::Params;
use crate::state::Gateway;

/// So many rows of a series come in a piece unless told.
const CHUNK: usize = 10_000;

pub(super) async fn query(
    State(gateway): State<Gateway>,
    access: Access,
    request: Request,
) -> ApiResult<Response> {
    let (parts, sent) = request.into_parts();
    let params = Params::parse(parts.uri.query().unwrap_or_default());
    let bytes = body::read_unzipped(&parts.headers, sent, gateway.settings().max_body_size).await?;
    let text = String::from_utf8_lossy(&bytes);
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let content_type = kind;
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let form = match kind.as_str() {
        "application/x-www-form-urlencoded" => Params::parse(&text),
        "multipart/form-data" => super::multipart::form(content_type, &bytes),
        _ => Params::default(),
    };
    // What the body says counts before what the address says.
    let param = |key: &str| form.get(key).or_else(|| params.get(key)).unwrap_or_default().to_owned();
    let mut statements = param("q").trim().to_owned();
    if statements.is_empty() {
        // Without a type the body cannot hold the query either; of any other type it holds none, and no statement has
        // no answer.
        media_type(content_type).map_err(ApiError::invalid)?;
        if kind == "application/vnd.influxql" {
            statements = text.into_owned();
        }
    }
    // A token's query runs in the organization that it was made in, whatever the request names.
    let org = match access.caller.credential {
        Credential::Token { org_id, .. } => org_id,
        _ => target::any_org(&access, &params).await?.id,
    };
    let accept = parts.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let accept = match accept {
        "application/csv" | "text/csv" | "application/x-msgpack" => accept,
        _ => "application/json",
    };
    let chunked = param("chunked") == "true";
    let size = param("chunk_size").parse().ok().filter(|n| chunked && *n > 0);
    let asked = InfluxQlQuery {
        database: param("db"),
        policy: param("rp"),
        epoch: param("epoch"),
        accept: accept.to_owned(),
        chunked,
        chunk_size: size.unwrap_or(CHUNK),
        params: param("params"),
        statements,
    };
    let request = QueryRequest {
        org,
        caller: access.proto_caller(),
        language: QueryLanguage::InfluxQl,
        text: QueryText::Source(asked.encode()),
        extern_ast: None,
        now: None,
        dialect: CsvDialect::default(),
        discard: false,
    };
    let answer = gateway.queries().query(request).await;
    let status = answer.as_ref().map_or_else(|error| error.code.http_status(), |_| 200);
    gateway.metrics().traffic(Endpoint::Query, org, status, bytes.len());
    let bytes = answer?.map_err(|error| {
        tracing::warn!(%error, "an answer broke off");
        std::io::Error::other(error)
    });
    let kind = HeaderValue::from_str(accept).unwrap_or(HeaderValue::from_static("application/json"));
    Ok(([(header::CONTENT_TYPE, kind)], Body::from_stream(bytes)).into_response())
}
