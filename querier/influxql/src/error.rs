//! What goes wrong in a statement.

use weir_model::{Error, ErrorCode};

/// An error of a statement or of the whole query.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct InfluxQlError {
    /// What kind it is.
    pub code: ErrorCode,
    /// What users read.
    pub message: String,
}

impl InfluxQlError {
    /// The statement is at fault.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::Invalid, message: message.into() }
    }

    /// What this server does not do.
    pub fn not_implemented(what: &str) -> Self {
        Self { code: ErrorCode::NotImplemented, message: format!("not implemented: {what}") }
    }
}

impl From<Error> for InfluxQlError {
    fn from(error: Error) -> Self {
        Self { code: error.code, message: error.message.to_string() }
    }
}

impl From<InfluxQlError> for Error {
    fn from(error: InfluxQlError) -> Self {
        Self::new(error.code, error.message)
    }
}

pub(crate) type Result<T> = std::result::Result<T, InfluxQlError>;
