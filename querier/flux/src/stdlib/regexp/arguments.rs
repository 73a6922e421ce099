//! Arguments, and what is said when they are null.

use std::sync::Arc;

use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::value::{Regexp, Value};

/// A pattern.
///
/// # Errors
/// Says `why` when there is none.
pub(super) fn pattern(args: &Args, name: &str, why: impl FnOnce(&Args) -> String) -> Result<Arc<Regexp>> {
    match args.get(name) {
        Some(Value::Regexp(r)) => Ok(Arc::clone(r)),
        _ => Err(FluxError::invalid(why(args))),
    }
}

/// A text.
///
/// # Errors
/// Says `why` when there is none.
pub(super) fn text(args: &Args, name: &str, why: impl FnOnce(&Args) -> String) -> Result<Arc<str>> {
    match args.get(name) {
        Some(Value::String(s)) => Ok(Arc::clone(s)),
        _ => Err(FluxError::invalid(why(args))),
    }
}

/// An argument as an error tells it: its name, the type that it has, and its value.
pub(super) fn shown(args: &Args, name: &str, ty: &str) -> String {
    match args.get(name) {
        None | Some(Value::Null(_)) => format!("{name} of type {ty} value <nil>"),
        Some(value) => format!("{name} of type {} value {value}", value.nature()),
    }
}
