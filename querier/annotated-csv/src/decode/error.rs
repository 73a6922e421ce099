//! What is wrong with a CSV text.

/// An error of decoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The annotations or the header make no sense.
    #[error("failed to read metadata: {0}")]
    Metadata(String),
    /// A table has no id.
    #[error("missing table ID")]
    MissingTableId,
    /// There is more than one result.
    #[error("csv.from() can only parse 1 result")]
    SecondResult,
    /// The text is the report of an error that a query ended with.
    #[error("{0}")]
    Reported(String),
    /// A row has more or fewer cells than the header.
    #[error("wrong number of fields")]
    FieldCount,
    /// A cell is not of its column's type.
    #[error("{0}")]
    Value(String),
}

/// How errors of metadata begin that are about the text as a whole.
const WHOLE: [&str; 3] = ["column ", "failed ", "missing expected header"];

impl DecodeError {
    /// Whether the text has no annotations, so that it may be CSV of another kind.
    pub fn is_unannotated(&self) -> bool {
        matches!(self, Self::Metadata(text) if text == "missing expected annotation datatype")
    }

    /// Whether the text is malformed as a whole, rather than one of its cells.
    pub fn is_structural(&self) -> bool {
        matches!(self, Self::MissingTableId | Self::SecondResult)
            || matches!(self, Self::Metadata(m) if WHOLE.iter().any(|start| m.starts_with(start)))
    }
}
