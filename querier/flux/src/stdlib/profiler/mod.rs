//! `profiler`: what a query tells of its own running.

use crate::registry::{Body, Definition, Package};

/// The package.
pub static PACKAGE: Package = Package { path: "profiler", name: "profiler", members: &[&ENABLED] };

/// Which profilers run.
pub(crate) static ENABLED: Definition = Definition {
    package: "profiler",
    name: "enabledProfilers",
    signature: "[string]",
    doc: "The profilers asked for. Queries are not profiled yet: the option is taken, and changes nothing.",
    body: Body::Option("[\"\"]"),
};
