//! How an answer is written.

/// An annotation row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Annotation {
    /// `#datatype`.
    Datatype,
    /// `#group`.
    Group,
    /// `#default`.
    Default,
}

impl Annotation {
    /// The annotation of this name: `datatype`, `group` or `default`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "datatype" => Self::Datatype,
            "group" => Self::Group,
            "default" => Self::Default,
            _ => return None,
        })
    }
}

/// A dialect of annotated CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// Whether a header row is written.
    pub header: bool,
    /// Between cells.
    pub delimiter: char,
    /// The annotation rows, in order.
    pub annotations: Vec<Annotation>,
}

impl Default for Dialect {
    /// What the API writes when the request says nothing: a header, commas, no annotations.
    fn default() -> Self {
        Self { header: true, delimiter: ',', annotations: Vec::new() }
    }
}
