//! The syntax of Flux: scanner, parser, syntax tree, its JSON form, and the formatter.
//!
//! Invariants: everything here is pure and total. [`parse`] answers a tree for any text, however broken;
//! what is wrong with it stands in the tree's nodes and is collected by [`errors`]. The height of a tree is
//! bounded, so that walking or dropping one never exhausts the stack. `parse(format(x))` is `x` but for
//! locations.
//!
//! This crate deliberately does not know types, packages, values or queries, and does no IO.

pub mod ast;
mod check;
mod error;
mod format;
mod json;
mod parser;
mod scanner;
#[cfg(test)]
mod soup;
mod text;
mod tool_errors;
pub mod walk;

pub use check::{Diagnostic, errors, first_error, join_errors, package_errors};
pub use error::Error;
pub use format::format;
pub use json::{from_json, to_json};
pub use tool_errors::tool_errors;

use ast::{File, Package, TypeExpression};

/// The package of a file without a package clause.
pub const DEFAULT_PACKAGE: &str = "main";

/// The tree of a text. `name` is the file's name, empty for a query. Never fails: see [`errors`].
pub fn parse(source: &str, name: &str) -> File {
    parser::Parser::new(source, name).parse_file()
}

/// As [`parse`], as a package of one file with the given import path (empty for a query).
pub fn parse_package(source: &str, path: &str, name: &str) -> Package {
    let file = parse(source, name);
    let package = file.package.as_ref().map_or(DEFAULT_PACKAGE, |p| &p.name.name).to_owned();
    Package { base: file.base.clone(), path: path.to_owned(), package, files: vec![file] }
}

/// As [`parse`], but a text with errors is refused.
pub fn parse_valid(source: &str, name: &str) -> Result<File, Error> {
    let file = parse(source, name);
    match errors(&file) {
        e if e.is_empty() => Ok(file),
        e => Err(Error::Syntax(e)),
    }
}

/// A type as `builtin` statements write it, such as `(<-tables: stream[A], n: int) => stream[A]`.
pub fn parse_type_expression(source: &str) -> Result<TypeExpression, Error> {
    let ty = parser::Parser::new(source, "").parse_type();
    match check::node_errors(walk::Node::TypeExpression(&ty), 1) {
        e if e.is_empty() => Ok(ty),
        e => Err(Error::Syntax(e)),
    }
}
