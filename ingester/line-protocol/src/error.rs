//! Why a line is refused.

use std::fmt;

/// A line that cannot be read. Its text is what the API shows: `unable to parse '<line>': <why>`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LineError {
    /// The line, without leading blanks; bytes that are not UTF-8 are replaced.
    pub line: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unable to parse '{}': {}", self.line, self.reason)
    }
}
