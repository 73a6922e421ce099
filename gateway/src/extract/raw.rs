//! Bodies that are no JSON object.

use axum::extract::{FromRequest, Request};
use bytes::Bytes;

use super::body;
use crate::error::ApiError;
use crate::state::Gateway;

/// A body as it was sent, of at most the size that is allowed.
#[derive(Debug)]
pub(crate) struct RawBody(pub Bytes);

impl FromRequest<Gateway> for RawBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, ApiError> {
        let (parts, sent) = request.into_parts();
        Ok(Self(body::read(&parts.headers, sent, gateway.settings().max_body_size).await?))
    }
}
