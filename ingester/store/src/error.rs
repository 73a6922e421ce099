//! What can go wrong in the store.

use weir_database::DatabaseError;
use weir_model::{Error, ErrorCode};

/// A result of this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// An error of the store. Its text may name objects and tables: log it, do not send it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The object store refused or failed.
    #[error("object store: {0}")]
    Object(#[from] object_store::Error),
    /// The file index refused or failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A Parquet file cannot be written or read.
    #[error("parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// An object does not hold what the file index says.
    #[error("corrupt object {object}: {reason}")]
    Corrupt {
        /// The object's path.
        object: String,
        /// What does not fit.
        reason: String,
    },
    /// Rows handed in break the contract of a flush.
    #[error("cannot write these rows: {0}")]
    Rows(String),
    /// A blocking task died.
    #[error("a background task failed: {0}")]
    Task(#[from] tokio::task::JoinError),
    /// A source of unflushed rows failed; passed on as it is.
    #[error(transparent)]
    Source(#[from] Error),
}

impl StoreError {
    pub(crate) fn corrupt(object: &str, reason: impl Into<String>) -> Self {
        Self::Corrupt { object: object.to_owned(), reason: reason.into() }
    }

    /// The code of the v2 vocabulary under which a caller sees the error.
    pub fn code(&self) -> ErrorCode {
        match self {
            // A missing object is a broken store, not a missing resource of the caller's; what the store cannot do
            // now it may do later.
            Self::Object(object_store::Error::NotFound { .. }) => ErrorCode::Internal,
            Self::Object(_) => ErrorCode::Unavailable,
            Self::Database(e) if e.is_retryable() => ErrorCode::Unavailable,
            Self::Source(e) => e.code,
            _ => ErrorCode::Internal,
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let code = error.code();
        match error {
            StoreError::Source(e) => e,
            StoreError::Database(e) => e.into(),
            _ => {
                tracing::error!(%error, "store error");
                match code {
                    ErrorCode::Unavailable => {
                        Self::unavailable("the object store is not available, try again")
                    }
                    _ => Self::internal("An internal error has occurred - check server logs"),
                }
            }
        }
    }
}
