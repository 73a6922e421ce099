//! What every node has: place, comments, attributes, errors.

use std::fmt;
use std::sync::Arc;

use super::Expression;

/// A place in a text, both counted from 1; columns count bytes. Zero means unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
}

impl Position {
    /// Whether this is a real place (not the zero of made-up nodes).
    pub fn is_valid(self) -> bool {
        self.line > 0 && self.column > 0
    }
}

/// A slice of a shared source text.
#[derive(Clone)]
pub struct SourceText {
    text: Arc<str>,
    start: u32,
    end: u32,
}

impl SourceText {
    /// The slice `start..end` of `text`, cut to what exists and to character borders.
    pub fn new(text: &Arc<str>, start: usize, end: usize) -> Self {
        let mut end = end.min(text.len());
        let mut start = start.min(end);
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Self { text: Arc::clone(text), start: start as u32, end: end as u32 }
    }

    /// Byte offsets of both ends in the shared text.
    pub(crate) fn offsets(&self) -> (usize, usize) {
        (self.start as usize, self.end as usize)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

impl From<&str> for SourceText {
    fn from(s: &str) -> Self {
        Self { text: Arc::from(s), start: 0, end: s.len() as u32 }
    }
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Where a node stands. Prints as `@1:2-3:4`, with the file's name before it if it has one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Location {
    /// Name of the file; none for a query's text.
    pub file: Option<Arc<str>>,
    /// First byte.
    pub start: Position,
    /// After the last byte.
    pub end: Position,
    /// The text between both.
    pub source: Option<SourceText>,
}

impl Location {
    /// Whether both ends are real places.
    pub fn is_valid(&self) -> bool {
        self.start.is_valid() && self.end.is_valid()
    }

    /// The node's text, empty if unknown.
    pub fn text(&self) -> &str {
        self.source.as_ref().map_or("", SourceText::as_str)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref().unwrap_or("");
        write!(f, "{file}@{}:{}-{}:{}", self.start.line, self.start.column, self.end.line, self.end.column)
    }
}

/// A comment with its `//` and its end of line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comment {
    /// The whole text.
    pub text: String,
}

/// `@name(param, …)` before a package clause, import or statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Common parts.
    pub base: Base,
    /// Name without `@`.
    pub name: String,
    /// Its parameters.
    pub params: Vec<AttributeParam>,
}

/// One parameter of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeParam {
    /// Common parts.
    pub base: Base,
    /// A primary expression.
    pub value: Expression,
    /// Comments before the comma.
    pub comma: Vec<Comment>,
}

/// What every node has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Base {
    /// Its place.
    pub location: Location,
    /// Comments before its first token.
    pub comments: Vec<Comment>,
    /// Attributes before it (package clauses, imports, statements).
    pub attributes: Vec<Attribute>,
    /// What the parser found wrong in this node itself.
    pub errors: Vec<String>,
}

impl Base {
    /// A base that is only a place.
    pub fn at(location: Location) -> Self {
        Self { location, ..Self::default() }
    }
}
