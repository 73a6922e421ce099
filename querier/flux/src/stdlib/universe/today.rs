//! `today()`.

use crate::registry::{Body, Definition};

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "today",
    signature: "() => time",
    doc: "The beginning of the day that `now()` lies in, by the option `location`.",
    body: Body::Flux("import \"date\"\n() => date.truncate(t: now(), unit: 1d)"),
};
