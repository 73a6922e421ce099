//! `internal/clock`: the default of the option `now`.

use crate::registry::{Body, Definition, Package};
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package { path: "internal/clock", name: "clock", members: &[&QUERY] };

static QUERY: Definition = Definition {
    package: "internal/clock",
    name: "query",
    signature: "() => time",
    doc: "The time the request gave as `now`, else the time the query started.",
    body: Body::Native(|_, cx| Ok(Value::Time(cx.query_now()))),
};
