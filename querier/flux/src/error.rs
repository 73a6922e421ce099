//! The engine's error.

use weir_model::ErrorCode;

/// A result of the engine.
pub type Result<T, E = FluxError> = std::result::Result<T, E>;

/// How the message of a query that has used up its memory begins.
pub(crate) const OUT_OF_MEMORY: &str = "memory allocation limit reached";

/// What went wrong in a script: found while compiling, planning or running it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FluxError {
    /// The code, which decides the HTTP status.
    pub code: ErrorCode,
    /// The message, as the user reads it.
    pub message: String,
}

impl FluxError {
    /// An error of `code`.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The script or its data is at fault.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Invalid, message)
    }

    /// Something the script names does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::NotFound, message)
    }

    /// The engine is at fault.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }

    /// Whether the query has used up its memory.
    pub(crate) fn is_out_of_memory(&self) -> bool {
        self.code == ErrorCode::Invalid && self.message.contains(OUT_OF_MEMORY)
    }

    /// The same error with words put before its message.
    pub fn context(mut self, prefix: impl std::fmt::Display) -> Self {
        self.message = format!("{prefix}: {}", self.message);
        self
    }
}

impl From<weir_model::Error> for FluxError {
    fn from(e: weir_model::Error) -> Self {
        Self { code: e.code, message: e.message }
    }
}

impl From<FluxError> for weir_model::Error {
    fn from(e: FluxError) -> Self {
        Self { code: e.code, message: e.message }
    }
}
