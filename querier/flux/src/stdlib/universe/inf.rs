//! `inf`.

use weir_table::time::Duration;

use crate::registry::{Body, Definition};
use crate::value::Value;

/// The constant.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "inf",
    signature: "duration",
    doc: "The longest duration: a window that never ends.",
    body: Body::Constant(|| Value::Duration(Duration::from_nanoseconds(i64::MAX))),
};
