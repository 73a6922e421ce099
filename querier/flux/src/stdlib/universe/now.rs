//! `now`: the time of the query, an option so that scripts and tasks may set it.

use crate::registry::{Body, Definition};

/// The option. Its default reads the query's clock, which [`crate::eval::Context::now`] answers.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "now",
    signature: "() => time",
    doc: "The time at which the query started, or what the script set the option to.",
    body: Body::Option("import \"internal/clock\"\nclock.query"),
};
