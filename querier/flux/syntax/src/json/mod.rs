//! The JSON form of trees, as `/api/v2/query/ast` answers it and `/api/v2/query` takes it in `ast`.
//!
//! The incumbent's clients know this shape: every node has a `type`, a `location` if it has a place, and its
//! parts; integers are text, because JavaScript has none of 64 bits. Comments before commas and `with`, and
//! attributes, have no place in it.

mod read;
mod read_expression;
mod read_type;
mod write;
mod write_expression;
mod write_type;

#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::Error;
use crate::ast::Package;

/// A package as JSON.
pub fn to_json(package: &Package) -> Value {
    write::package(package)
}

/// A package from JSON. The tree may still hold errors: see [`crate::package_errors`].
pub fn from_json(value: &Value) -> Result<Package, Error> {
    read::package(&read::Reader::new(value))
}
