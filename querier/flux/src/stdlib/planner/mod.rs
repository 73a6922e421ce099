//! `planner`: which rewritings a query goes without.

use crate::registry::{Body, Definition, Package};

/// The package.
pub static PACKAGE: Package = Package { path: "planner", name: "planner", members: &[&LOGICAL, &PHYSICAL] };

/// Rules that change what is done.
pub(crate) static LOGICAL: Definition = Definition {
    package: "planner",
    name: "disableLogicalRules",
    signature: "[string]",
    doc: "Names of rules that are not applied; unknown names are passed over.",
    body: Body::Option("[\"\"]"),
};

/// Rules that change how it is done.
pub(crate) static PHYSICAL: Definition = Definition {
    package: "planner",
    name: "disablePhysicalRules",
    signature: "[string]",
    doc: "Names of rules that are not applied; unknown names are passed over.",
    body: Body::Option("[\"\"]"),
};
