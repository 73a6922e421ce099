//! JSON bodies of the resource routes.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::body;
use crate::error::ApiError;
use crate::state::Gateway;

/// A JSON body, whatever its content type says.
#[derive(Debug)]
pub(crate) struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Gateway> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, gateway: &Gateway) -> Result<Self, ApiError> {
        let (parts, sent) = request.into_parts();
        let bytes = body::read(&parts.headers, sent, gateway.settings().max_body_size).await?;
        match body::decode_loosely(&bytes) {
            Ok(value) => Ok(Self(value)),
            Err(error) => Err(ApiError::invalid(format!("failed to unmarshal json: {error}"))),
        }
    }
}
