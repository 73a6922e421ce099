//! What this crate refuses.

use thiserror::Error;

use crate::check::{Diagnostic, join_errors};

/// Why a text or a tree was refused. All are the client's fault (`invalid` in v2's vocabulary).
#[derive(Debug, Error, PartialEq)]
pub enum Error {
    /// The text breaks the grammar.
    #[error("{}", join_errors(.0))]
    Syntax(Vec<Diagnostic>),
    /// JSON that is no tree: where in it, and what was wanted.
    #[error("invalid AST at {path}: {problem}")]
    Json {
        /// Path of the offending value, such as `files[0].body[1]`.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A tree that holds what cannot be written as Flux.
    #[error("cannot format: {0}")]
    Format(String),
}
