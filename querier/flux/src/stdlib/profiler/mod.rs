//! `profiler`: what a query tells of its own running.

use crate::registry::{Body, Definition, Package};

/// The package.
pub static PACKAGE: Package = Package { path: "profiler", name: "profiler", members: &[&ENABLED] };

/// Which profilers run.
pub(crate) static ENABLED: Definition = Definition {
    package: "profiler",
    name: "enabledProfilers",
    signature: "[string]",
    doc: "The profilers asked for: `query` tells of the whole query, `operator` of each operation, both in the result `_profiler`.",
    body: Body::Option("[\"\"]"),
};
