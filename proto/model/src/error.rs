//! The closed error vocabulary of the v2 API.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A result whose error may be shown to the caller.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The codes of the v2 API, as they stand in the `code` member of an error body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ErrorCode {
    /// Something broke inside; HTTP 500.
    #[serde(rename = "internal error")]
    Internal,
    /// Weir does not do this (yet); HTTP 501.
    #[serde(rename = "not implemented")]
    NotImplemented,
    /// The request is malformed or asks for the impossible; HTTP 400.
    #[serde(rename = "invalid")]
    Invalid,
    /// A value that must be given is empty; HTTP 400.
    #[serde(rename = "empty value")]
    EmptyValue,
    /// The request is well-formed but cannot be carried out; HTTP 422.
    #[serde(rename = "unprocessable entity")]
    UnprocessableEntity,
    /// The name or key exists already; HTTP 422.
    #[serde(rename = "conflict")]
    Conflict,
    /// There is no such thing; HTTP 404.
    #[serde(rename = "not found")]
    NotFound,
    /// No credentials, wrong ones, or (mostly) too few permissions; HTTP 401.
    #[serde(rename = "unauthorized")]
    Unauthorized,
    /// Known caller, forbidden act; HTTP 403.
    #[serde(rename = "forbidden")]
    Forbidden,
    /// Try again later; HTTP 503.
    #[serde(rename = "unavailable")]
    Unavailable,
    /// Slow down; HTTP 429.
    #[serde(rename = "too many requests")]
    TooManyRequests,
    /// The path exists, the method does not; HTTP 405.
    #[serde(rename = "method not allowed")]
    MethodNotAllowed,
    /// The body is larger than the limit; HTTP 413.
    #[serde(rename = "request too large")]
    RequestTooLarge,
    /// The deadline passed; HTTP 408.
    #[serde(rename = "request timeout")]
    Timeout,
    /// The client went away; HTTP 499.
    #[serde(rename = "request canceled")]
    Canceled,
}

impl ErrorCode {
    /// The text that stands in an error body and in `X-Platform-Error-Code`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal error",
            Self::NotImplemented => "not implemented",
            Self::Invalid => "invalid",
            Self::EmptyValue => "empty value",
            Self::UnprocessableEntity => "unprocessable entity",
            Self::Conflict => "conflict",
            Self::NotFound => "not found",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::Unavailable => "unavailable",
            Self::TooManyRequests => "too many requests",
            Self::MethodNotAllowed => "method not allowed",
            Self::RequestTooLarge => "request too large",
            Self::Timeout => "request timeout",
            Self::Canceled => "request canceled",
        }
    }

    /// The HTTP status the v2 API answers for this code.
    pub fn http_status(self) -> u16 {
        match self {
            Self::Internal => 500,
            Self::NotImplemented => 501,
            Self::Invalid | Self::EmptyValue => 400,
            Self::UnprocessableEntity | Self::Conflict => 422,
            Self::NotFound => 404,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::Unavailable => 503,
            Self::TooManyRequests => 429,
            Self::MethodNotAllowed => 405,
            Self::RequestTooLarge => 413,
            Self::Timeout => 408,
            Self::Canceled => 499,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error as the caller sees it: a code of the v2 vocabulary and a message that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The code, which decides the HTTP status and the gRPC status.
    pub code: ErrorCode,
    /// The message, safe to show.
    pub message: String,
}

impl Error {
    /// An error of `code` with `message`.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// An [`ErrorCode::Invalid`] error.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }

    /// An [`ErrorCode::NotFound`] error.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::NotFound, message)
    }

    /// An [`ErrorCode::Internal`] error. `message` is shown to the caller, so it must not hold secrets.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }

    /// An [`ErrorCode::Unavailable`] error: the caller should try again.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unavailable, message)
    }
}
