//! Asking what a dynamic value is.

use std::sync::Arc;

use crate::registry::{Body, Definition};
use crate::stdlib::native::natives;
use crate::value::Value;

natives! { "experimental/dynamic":
    IS_TYPE = "isType", "(v: dynamic, type: string) => bool",
        "Whether a dynamic value holds a value of the type with this name.",
        |args, _| {
            let (v, name): (_, Arc<str>) = (super::argument(args)?, args.required("type")?);
            Ok(Value::Bool(v.nature() == &*name))
        };
}

/// Compares by how values are shown.
pub(crate) static IS_NOT_DISTINCT: Definition = Definition {
    package: "experimental/dynamic",
    name: "_isNotDistinct",
    signature: "(a: A, b: B) => bool",
    doc: "Whether two values look the same.",
    body: Body::Flux("(a, b) => display(v: a) == display(v: b)"),
};
