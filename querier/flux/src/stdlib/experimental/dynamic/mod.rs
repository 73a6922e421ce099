//! `experimental/dynamic`: values whose types are known only when the script runs.

mod as_array;
mod inspect;
mod json;
mod wrap;

use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::registry::Package;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental/dynamic",
    name: "dynamic",
    members: &[
        &as_array::DEFINITION,
        &inspect::IS_NOT_DISTINCT,
        &inspect::IS_TYPE,
        &json::JSON_ENCODE,
        &json::JSON_PARSE,
        &wrap::DEFINITION,
    ],
};

/// What the dynamic argument `v` holds.
fn inner(value: &Value) -> Result<Arc<Value>> {
    match value {
        Value::Dynamic(inner) => Ok(Arc::clone(inner)),
        Value::Null(ty) => Ok(Arc::new(Value::Null(*ty))),
        other => Err(FluxError::invalid(format!("value is not dynamic, got {}", other.nature()))),
    }
}

fn argument(args: &Args) -> Result<Arc<Value>> {
    inner(&args.pipe::<Value>("v")?)
}
