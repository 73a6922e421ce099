//! The caller, and what it may reach.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use weir_catalog::Authorized;
use weir_model::{Caller, ErrorCode};

use crate::error::{ApiError, ApiResult};
use crate::state::Gateway;

/// An authenticated caller, with the catalog as it may be used on the caller's behalf.
pub(crate) struct Access {
    /// Who calls.
    pub caller: Caller,
    /// The resources the caller may see and change.
    pub catalog: Authorized,
}

impl Access {
    /// The caller as queries are told.
    pub(crate) fn proto_caller(&self) -> weir_proto::Caller {
        // An inactive token holds nothing: its queries find no bucket, as in the reference.
        let held = self.caller.permissions().unwrap_or_default();
        let permissions_json = serde_json::to_string(held).unwrap_or_else(|_| "[]".to_owned());
        weir_proto::Caller { user: Some(self.caller.user_id), permissions_json }
    }

    /// Refuses callers who may not do everything.
    pub(crate) fn require_operator(&self, path: &str) -> ApiResult<()> {
        self.caller.check_operator().map_err(|_| {
            ApiError::new(ErrorCode::Unauthorized, format!("access to {path} requires operator permissions"))
        })
    }
}

impl FromRequestParts<Gateway> for Access {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, gateway: &Gateway) -> ApiResult<Self> {
        let caller = parts.extensions.get::<Caller>().cloned().ok_or_else(ApiError::unauthorized)?;
        let catalog = gateway.catalog_for(caller.clone());
        Ok(Self { caller, catalog })
    }
}
