//! Errors on their way out: a [`weir_model::Error`] becomes an HTTP answer here and nowhere else.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use weir_model::{Error, ErrorCode};

use crate::json::Dialect;

/// What a handler gives back.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

/// The header that repeats the error's code.
pub(crate) const PLATFORM_ERROR_CODE: HeaderName = HeaderName::from_static("x-platform-error-code");

/// A refusal, ready to be answered.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    error: Error,
    allow: Option<String>,
}

impl ApiError {
    /// The error every 500 answers when its cause is no business of the caller.
    pub(crate) fn internal() -> Self {
        Error::internal("An internal error has occurred - check server logs").into()
    }

    /// 401 as the reference words it, whatever was wrong with the credentials.
    pub(crate) fn unauthorized() -> Self {
        Error::new(ErrorCode::Unauthorized, "unauthorized access").into()
    }

    /// 404 for a path that nobody serves.
    pub(crate) fn no_such_path() -> Self {
        Error::not_found("path not found").into()
    }

    /// 405: the path exists, but takes only the methods listed in `allow`.
    pub(crate) fn method_not_allowed(allow: &str) -> Self {
        let error = Error::new(ErrorCode::MethodNotAllowed, format!("allow: {allow}"));
        Self { error, allow: Some(allow.to_owned()) }
    }

    /// Any code and message.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Error::new(code, message).into()
    }

    /// 400 with `message`.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Error::invalid(message).into()
    }

    /// 400 for a resource that says no organization it would be in.
    pub(crate) fn org_missing() -> Self {
        Self::invalid("invalid org id for permission: invalid ID")
    }

    /// The same refusal with `what: ` before its message.
    pub(crate) fn context(mut self, what: &str) -> Self {
        self.error.message = format!("{what}: {}", self.error.message);
        self
    }

    /// The same message under another code.
    pub(crate) fn code(mut self, code: ErrorCode) -> Self {
        self.error.code = code;
        self
    }

    /// The error itself.
    pub(crate) fn error(&self) -> &Error {
        &self.error
    }

    /// The answer in the given dialect.
    pub(crate) fn respond(&self, dialect: Dialect) -> Response {
        let code = self.error.code;
        let status = StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = json!({"code": code.as_str(), "message": self.error.message});
        let mut response = dialect.respond(status, &body);
        let headers = response.headers_mut();
        headers.insert(PLATFORM_ERROR_CODE, HeaderValue::from_static(code.as_str()));
        if let Some(allow) = self.allow.as_deref().and_then(|methods| HeaderValue::from_str(methods).ok()) {
            headers.insert(header::ALLOW, allow);
        }
        if code == ErrorCode::Unavailable {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        Self { error, allow: None }
    }
}

impl From<weir_model::IdError> for ApiError {
    fn from(error: weir_model::IdError) -> Self {
        Self::invalid(error.to_string())
    }
}

impl IntoResponse for ApiError {
    /// Compact; the outermost layer writes it again in the dialect of the path when that is another.
    fn into_response(self) -> Response {
        let mut response = self.respond(Dialect::Compact);
        response.extensions_mut().insert(self);
        response
    }
}
