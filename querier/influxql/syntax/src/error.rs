//! What is wrong with a text.

/// Why a text is no query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Something else was expected.
    #[error("found {found}, expected {} at line {line}, char {column}", .expected.join(", "))]
    Unexpected {
        /// What was found.
        found: String,
        /// What could have stood there.
        expected: Vec<&'static str>,
        /// The line, from 1.
        line: usize,
        /// The character, from 1.
        column: usize,
    },
    /// Something that reads well but is wrong, at a place.
    #[error("{message} at line {line}, char {column}")]
    At {
        /// What.
        message: String,
        /// The line, from 1.
        line: usize,
        /// The character, from 1.
        column: usize,
    },
    /// Something that is wrong as a whole.
    #[error("{0}")]
    Message(String),
}
