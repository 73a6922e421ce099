//! The query string of a request.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::params::Params;
use crate::state::Gateway;

/// The parameters after the `?`.
#[derive(Debug, Clone)]
pub(crate) struct Query(pub Params);

impl FromRequestParts<Gateway> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Gateway) -> Result<Self, Infallible> {
        Ok(Self(Params::parse(parts.uri.query().unwrap_or_default())))
    }
}
