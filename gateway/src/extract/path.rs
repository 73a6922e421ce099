//! Parameters of the path.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use weir_model::Id;

use crate::error::ApiError;
use crate::state::Gateway;

/// The `{id}` of the path.
///
/// A segment that is no id refuses the request with the reference's text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathId(pub Id);

/// The `{id}` of a path whose resource bears something: members, owners or labels. The newer half of the reference words
/// its refusal differently there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ParentId(pub Id);

/// The last parameter of a path below a [`ParentId`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChildId(pub Id);

impl FromRequestParts<Gateway> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, ApiError> {
        Ok(Self(parameter(parts, gateway, |name| name == "id").await?.parse()?))
    }
}

impl FromRequestParts<Gateway> for ParentId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, ApiError> {
        let text = parameter(parts, gateway, |name| name == "id").await?;
        let newer = ["/api/v2/orgs/", "/api/v2/buckets/", "/api/v2/dashboards/"];
        let named = newer.iter().any(|base| parts.uri.path().starts_with(base));
        let prefix = if named { "corrupt ID provided: " } else { "" };
        let corrupt = |error| ApiError::invalid(format!("{prefix}{error}"));
        text.parse().map(Self).map_err(|error: weir_model::IdError| corrupt(error))
    }
}

impl FromRequestParts<Gateway> for ChildId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, ApiError> {
        Ok(Self(parameter(parts, gateway, |name| name != "id").await?.parse()?))
    }
}

/// The `{id}` of a path as it was sent, for the resources whose refusal of what is no id has words of its own.
#[derive(Debug, Clone)]
pub(crate) struct PathText(pub String);

impl PathText {
    /// The id it is, or 400 with `message`.
    pub(crate) fn id(&self, message: &str) -> Result<Id, ApiError> {
        self.0.parse().map_err(|_| ApiError::invalid(message))
    }
}

impl FromRequestParts<Gateway> for PathText {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> Result<Self, ApiError> {
        Ok(Self(parameter(parts, gateway, |name| name == "id").await?))
    }
}

async fn parameter(
    parts: &mut Parts,
    gateway: &Gateway,
    wanted: fn(&str) -> bool,
) -> Result<String, ApiError> {
    let params =
        RawPathParams::from_request_parts(parts, gateway).await.map_err(|_| ApiError::no_such_path())?;
    let found = params.iter().find(|(name, _)| wanted(name)).map(|(_, value)| value.to_owned());
    found.ok_or_else(ApiError::no_such_path)
}
