//! What can go wrong with a log.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use weir_model::ErrorCode;

use crate::input::Garbled;

/// An error of the log.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The disk refuses. Nothing that waited is acknowledged; the segment is closed and not written again.
    #[error("cannot {act} {path}: {source}")]
    Io {
        /// What was tried.
        act: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: Arc<io::Error>,
    },
    /// Bytes that were once synced are no longer what they were.
    #[error(
        "the log is damaged: {path} at byte {offset}: {reason}; restore the file, or move it away to give up its records"
    )]
    Damaged {
        /// The segment.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What is wrong.
        reason: String,
    },
    /// Bytes that should be rows are not.
    #[error("not readable as rows: {0}")]
    Garbled(&'static str),
    /// More waits for the disk than the log will hold.
    #[error("the log is behind: too much waits for the disk, try again later")]
    Overloaded,
    /// A record that no segment takes.
    #[error("a single write may not be larger than 1 GiB")]
    TooLarge,
    /// The log has been closed.
    #[error("the log is closed")]
    Closed,
}

impl Error {
    /// The code of the v2 vocabulary.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Io { .. } | Self::Overloaded | Self::Closed => ErrorCode::Unavailable,
            Self::TooLarge => ErrorCode::RequestTooLarge,
            Self::Damaged { .. } => ErrorCode::Internal,
            Self::Garbled(_) => ErrorCode::Invalid,
        }
    }

    pub(crate) fn io(act: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { act, path: path.into(), source: Arc::new(source) }
    }

    pub(crate) fn damaged(path: impl Into<PathBuf>, offset: u64, reason: impl ToString) -> Self {
        Self::Damaged { path: path.into(), offset, reason: reason.to_string() }
    }
}

impl From<Garbled> for Error {
    fn from(garbled: Garbled) -> Self {
        Self::Garbled(garbled.0)
    }
}

impl From<Error> for weir_model::Error {
    /// Paths and causes are for the server's log, not for the caller.
    fn from(error: Error) -> Self {
        let message = match &error {
            Error::Io { .. } => "the write-ahead log cannot be written, try again later".to_owned(),
            Error::Damaged { .. } => "the write-ahead log is damaged".to_owned(),
            other => other.to_string(),
        };
        Self::new(error.code(), message)
    }
}
