//! `dict`: dictionaries. Every change makes a new one.

mod from_list;
mod get;
mod insert;
mod remove;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::registry::Package;
use crate::value::{DictKey, Value};

/// The package.
pub static PACKAGE: Package = Package {
    path: "dict",
    name: "dict",
    members: &[&from_list::DEFINITION, &get::DEFINITION, &insert::DEFINITION, &remove::DEFINITION],
};

/// The argument `dict`.
fn dictionary(args: &Args) -> Result<Arc<BTreeMap<DictKey, Value>>> {
    match args.required("dict")? {
        Value::Dict(d) => Ok(d),
        other => Err(FluxError::invalid(format!(
            "keyword argument \"dict\" should be of kind dictionary, but got {}",
            other.nature()
        ))),
    }
}

/// A key, which may not be null.
fn key(value: Value) -> Result<DictKey> {
    if value.is_null() {
        return Err(FluxError::invalid("null value cannot be used as a dictionary key"));
    }
    Ok(DictKey(value))
}
