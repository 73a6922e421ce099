//! Why a write or delete fails as a whole.

use weir_line_protocol::LineError;
use weir_model::ErrorCode;

/// An error of the router.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Lines that cannot be read; nothing is written.
    #[error("{}", join(.0))]
    Lines(Vec<LineError>),
    /// The body is larger than one write may be.
    #[error("a write may not be larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Rows that are not well formed.
    #[error("{0}")]
    Malformed(&'static str),
    /// There is no ingester to send to.
    #[error("no ingester is running, try again later")]
    NoIngester,
    /// There are fewer ingesters than must keep a row.
    #[error("{running} ingesters are running and {needed} must keep each point, try again later")]
    TooFew {
        /// How many run.
        running: usize,
        /// How many it takes.
        needed: usize,
    },
    /// Some ingesters kept their part and others did not.
    #[error("the write did not reach all ingesters it must reach, try again: {0}")]
    Incomplete(String),
    /// What the file index or an ingester says.
    #[error("{0}")]
    Source(#[from] weir_model::Error),
}

impl Error {
    /// The code of the v2 vocabulary.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Lines(_) | Self::Malformed(_) => ErrorCode::Invalid,
            Self::TooLarge { .. } => ErrorCode::RequestTooLarge,
            Self::NoIngester | Self::TooFew { .. } | Self::Incomplete(_) => ErrorCode::Unavailable,
            Self::Source(error) => error.code,
        }
    }
}

impl From<Error> for weir_model::Error {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.to_string())
    }
}

fn join(lines: &[LineError]) -> String {
    let mut out = String::new();
    for line in lines {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&line.to_string());
    }
    out
}
