//! `true` and `false`, which are names and not keywords.

use crate::registry::{Body, Definition, Package};
use crate::value::Value;

/// The package.
pub static PACKAGE: Package =
    Package { path: "internal/boolean", name: "boolean", members: &[&TRUE, &FALSE] };

static TRUE: Definition = Definition {
    package: "internal/boolean",
    name: "true",
    signature: "bool",
    doc: "The truth value true.",
    body: Body::Constant(|| Value::Bool(true)),
};

static FALSE: Definition = Definition {
    package: "internal/boolean",
    name: "false",
    signature: "bool",
    doc: "The truth value false.",
    body: Body::Constant(|| Value::Bool(false)),
};
